"""Cuts the web page's fonts out of egui's own: `python subset.py FOLDER`, with `fonts` of epaint_default_fonts.

What is left is Latin, in what is proportional Greek and Cyrillic too, punctuation and the signs the page itself
draws, with ligatures and without hints, which the page does not ask for. Needs fonttools.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x192, *range(0x218, 0x21C), *range(0x2C6, 0x2DE)]
SIGNS = [*range(0x2010, 0x2028), *range(0x202F, 0x203B), *range(0x2070, 0x209D), 0x2044, 0x20AC, 0x2122]
SIGNS += [*range(0x2190, 0x2196), 0x2212, 0x2260, 0x2264, 0x2265, 0x2500, 0x25B6, 0x25FB, 0xFB01, 0xFB02, 0xFFFD]

GREEK_AND_CYRILLIC = [*range(0x384, 0x3CF), *range(0x400, 0x460), 0x490, 0x491]

for file, name, more in [
    ("Ubuntu-Light.ttf", "Ubuntu Light", GREEK_AND_CYRILLIC),
    ("Hack-Regular.ttf", "Hack", []),
]:
    # Tables that egui does not read.
    unread = ["hdmx", "VDMX", "DSIG", "TTFA"]
    options = subset.Options(layout_features=["*"], hinting=False, notdef_outline=True, drop_tables=unread)
    font = TTFont(Path(sys.argv[1]) / file, recalcTimestamp=False)
    cut = subset.Subsetter(options)
    cut.populate(unicodes=LATIN + SIGNS + more)
    cut.subset(font)
    # Both licences ask that a changed font has another name.
    changed = f"{name} derivative websocket-echo"
    for record in list(font["name"].names):
        if record.nameID in (1, 3, 4, 6, 16):
            text = changed.replace(" ", "-") if record.nameID == 6 else changed
            font["name"].setName(text, record.nameID, record.platformID, record.platEncID, record.langID)
    font.save(Path(__file__).parent / file)
