// A client by `ws`: connects, sends what it is told to, and tells what happens, a line each.
//
//     node client.cjs URL [--protocol NAME]… [--header "NAME: VALUE"]… [MESSAGE…]
//
// The message `#N` is N bytes of binary. When an echo of the last message has come, it closes with
// 3678; without messages it waits for the server.

const WebSocket = require("ws");

const [url, ...rest] = process.argv.slice(2);
const protocols = [];
const headers = {};
const messages = [];
while (rest.length > 0) {
  const word = rest.shift();
  if (word === "--protocol") protocols.push(rest.shift());
  else if (word === "--header") {
    const [name, value] = rest.shift().split(": ");
    headers[name] = value;
  } else messages.push(word);
}

const pattern = Buffer.from(Array.from({ length: 251 }, (_, at) => at));
const payload = (size) => Buffer.alloc(size, pattern);
const sent = messages.map((word) => (word.startsWith("#") ? payload(Number(word.slice(1))) : word));
let answered = 0;

const socket = new WebSocket(url, protocols, {
  headers,
  perMessageDeflate: false,
  // Only for certificates that nobody vouches for, which is what these tests are about.
  rejectUnauthorized: false,
});
socket.on("open", () => {
  console.log(`open ${socket.protocol}`.trim());
  for (const message of sent) socket.send(message);
});
socket.on("ping", () => console.log("ping"));
socket.on("message", (data, isBinary) => {
  const expected = sent[answered];
  if (expected === undefined || messages.length === 0) {
    console.log(isBinary ? `binary ${data.length}` : `text ${data}`);
    return;
  }
  const isSame = isBinary === Buffer.isBuffer(expected) && Buffer.from(expected).equals(data);
  console.log(isSame ? "echo" : `another message than was sent: ${data.length} bytes`);
  answered += 1;
  if (answered === sent.length) socket.close(3678, "enough");
});
socket.on("unexpected-response", (request, response) => {
  console.log(`refused ${response.statusCode}`);
  request.destroy();
});
socket.on("error", (error) => console.log(`error ${error.code ?? error.message}`));
socket.on("close", (code, reason) => console.log(`close ${code} ${reason}`.trim()));
