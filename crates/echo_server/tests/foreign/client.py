"""Clients by `websockets`: they tell what happens, a line each.

    python client.py tell URL [MESSAGE...]
    python client.py stay URL CLIENTS

`tell` sends messages (`#N` is N bytes of binary), prints what comes, and closes with 3678 when as much
has come back as was sent; without messages it waits for the server.

`stay` keeps this many clients busy, each with one message on its way at a time, no two of them alike. A
client whose connection is closed connects again and goes on with its next message. An echo that is not
of the message on its way, and so also one that comes twice, ends the program with an error. A line on the
standard input ends the clients. Each then prints how many messages it has sent, how many came back, how
many attempts to connect have failed, and how its connections ended: the code, with a star where a message
was on its way.
"""

import asyncio
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus


def payload(word):
    if not word.startswith("#"):
        return word
    size = int(word[1:])
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def tell_of(message):
    print(f"text {message}" if isinstance(message, str) else f"binary {len(message)}", flush=True)


async def tell(url, messages):
    try:
        async with connect(url, max_size=None, compression=None, open_timeout=30) as socket:
            print("open", flush=True)
            try:
                for message in map(payload, messages):
                    await socket.send(message)
                    answer = await socket.recv()
                    print("echo" if answer == message else "another message than was sent")
                if messages:
                    await socket.close(3678, "enough")
                while True:
                    tell_of(await socket.recv())
            except ConnectionClosed:
                print(f"close {socket.close_code} {socket.close_reason}".strip())
    except InvalidStatus as error:
        print(f"refused {error.response.status_code}")
    except InvalidHandshake as error:
        print(f"refused {error}")


async def stay_one(url, is_over, number):
    sent, echoed, attempts, ends = 0, 0, 0, []
    while not is_over.is_set():
        try:
            async with connect(url, compression=None, open_timeout=30) as socket:
                is_on_its_way, is_last = False, False
                try:
                    # One more behind the end: what came twice would come before it.
                    while not is_last:
                        is_last = is_over.is_set()
                        message = f"{number}: {sent}"
                        await socket.send(message)
                        sent += 1
                        is_on_its_way = True
                        answer = await socket.recv()
                        is_on_its_way = False
                        assert answer == message, (answer, message)
                        echoed += 1
                        if echoed == 10:
                            print("busy", flush=True)
                        await asyncio.sleep(0.01)
                except ConnectionClosed:
                    ends.append(f"{socket.close_code}{'*' if is_on_its_way else ''}")
        except (OSError, InvalidHandshake):
            # What a proxy answers that finds nobody for the moment.
            attempts += 1
            await asyncio.sleep(0.1)
    print(f"sent {sent} echoed {echoed} attempts {attempts} ends {' '.join(ends)}".strip(), flush=True)


async def stay(url, clients):
    is_over = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.run_in_executor(None, sys.stdin.readline).add_done_callback(lambda _: is_over.set())
    await asyncio.gather(*(stay_one(url, is_over, number) for number in range(clients)))


what, url, *rest = sys.argv[1:]
asyncio.run(tell(url, rest) if what == "tell" else stay(url, int(rest[0])))
