#!/usr/bin/env python3
"""Folder = layer: a file includes its own folder or a lower layer only, and a
file whose head comment says "Pure" nothing that has a socket or a loop."""
import re

from lint import main, select

LAYERS = {"base": 0, "wire": 1, "congestion": 1, "stats": 1, "media": 2,
          "signalling": 2, "session": 3, "server": 3, "element": 4}

# The command drives the element as any program would, by properties and
# signals; it runs the server itself, and asks which encoders work.
APP_MAY = {"base", "stats", "media", "server"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
HEAD = re.compile(r"\A\s*/\*.*?\*/", re.S)
PURE_SYSTEM = re.compile(
    r"(glib|glib-object|json-glib/.*|string|stdint|stddef|stdarg|stdio|math|"
    r"errno|limits|stdlib|ctype|inttypes)(\.h)?")
# Design section 2 marks these with (p).
MUST_BE_PURE = {
    "plugin/base/clock.h", "plugin/base/backoff.h", "plugin/base/error.h",
    "plugin/wire/message.h", "plugin/wire/json.h", "plugin/wire/peal-rooms.h",
    "plugin/media/key-frame-limiter.h", "plugin/session/negotiation.h",
    "plugin/session/ice-servers.h", "plugin/server/room-table.h",
    "plugin/server/throttle.h",
}


def includes(text):
    for match in INCLUDE.finditer(text):
        yield (text.count("\n", 0, match.start()) + 1, match.group(1) == '"',
               match.group(2))


def is_pure(tree, path):
    """A .c file is as pure as its header says."""
    texts = (tree.get(path[:-2] + ending, "") for ending in (".h", ".c"))
    return any(says_pure(text) for text in texts)


def says_pure(text):
    head = HEAD.search(text)
    return bool(head and re.search(r"\bPure\b", head.group()))


def folder_of(tree, path, included):
    """The layer that an include names: "file.h" is beside the includer."""
    own = path.split("/")[1]
    first = included.split("/")[0]
    return first if "/" in included and first in LAYERS else own


def check_layer(tree, path, line, included):
    own = path.split("/")[1]
    other = folder_of(tree, path, included)
    if other not in LAYERS or own == other:
        return []
    if LAYERS[other] < LAYERS[own]:
        return []
    return ["%s:%d: %s [%d] includes %s of %s [%d]" % (
        path, line, own, LAYERS[own], included, other, LAYERS[other])]


def check_pure(tree, path, line, quoted, included):
    if not quoted:
        if PURE_SYSTEM.fullmatch(included):
            return []
    else:
        full = included if "/" in included else (
            path.split("/")[1] + "/" + included)
        if is_pure(tree, "plugin/" + full):
            return []
    return ["%s:%d: a pure file includes %s" % (path, line, included)]


def check(tree):
    found = []
    for path, text in select(tree, ["plugin"], [".c", ".h"]).items():
        if path.count("/") < 2 or path.split("/")[1] not in LAYERS:
            if path != "plugin/plugin.c":
                found.append(path + ":1: not in the folder of a layer")
            continue
        pure = is_pure(tree, path)
        if path in MUST_BE_PURE and not pure:
            found.append(path + ':1: its head does not say "Pure"')
        for line, quoted, included in includes(text):
            if quoted:
                found += check_layer(tree, path, line, included)
            if pure:
                found += check_pure(tree, path, line, quoted, included)
    return found + check_app(tree)


def check_app(tree):
    found = []
    for path, text in select(tree, ["app"], [".c", ".h"]).items():
        for line, quoted, included in includes(text):
            folder = included.split("/")[0] if "/" in included else ""
            if quoted and folder in LAYERS and folder not in APP_MAY:
                found.append("%s:%d: the command includes %s" % (
                    path, line, included))
    return found


if __name__ == "__main__":
    main("files include their own or lower layers", check, [
        ("a call up", {"plugin/media/a.c": '#include "session/peer.h"\n'}),
        ("the server including the session",
         {"plugin/server/a.c": '#include "session/peer.h"\n'}),
        ("a pure file with a loop",
         {"plugin/wire/a.h": "/* Pure. */\n#include <gio/gio.h>\n"}),
        ("a pure file that includes one that is not",
         {"plugin/wire/a.c": '/* Pure. */\n#include "base/loop.h"\n',
          "plugin/base/loop.h": "/* A loop. */\n"}),
        ("the command reaching inside",
         {"app/main.c": '#include "session/peer.h"\n'}),
        ("a file outside the layers", {"plugin/extra/a.c": ""}),
    ], [
        ("a call down",
         {"plugin/session/peer.c":
          '#include "peer.h"\n#include "media/track.h"\n'}),
        ("a pure file with GLib",
         {"plugin/wire/a.c": '/* Pure. */\n#include <glib.h>\n'}),
    ])
