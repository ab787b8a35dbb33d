#!/usr/bin/env python3
"""Folder = layer: a file includes its own folder or a lower layer only, and a
file whose head comment says "Pure" has no socket, loop, pad or clock."""
import re

from lint import bare_code, line_of, main, select

LAYERS = {"base": 0, "wire": 1, "congestion": 1, "stats": 1, "media": 2,
          "signalling": 2, "session": 3, "server": 3, "element": 4}

# The command drives the element as any program would, by properties and
# signals; it runs the server itself and asks which encoders work here; wire is
# pure values.
# The command drives the element like any other program, but registers it from
# its own copy of the library (the head of app/main.c says why).
REGISTERS = ("app/main.c", "element/peal-bin.h")
APP_MAY = {"base", "wire", "stats", "media", "server"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
HEAD = re.compile(r"\A\s*/\*.*?\*/", re.S)
# Values such as GInetAddress and debug messages are fine; these are not.
IMPURE = re.compile(
    r"\b(?:g_main_(?:context|loop)\w*|GMain(?:Context|Loop)|GSource|"
    r"g_timeout_\w+|g_idle_\w+|g_get_(?:monotonic|real)_time|"
    r"g_date_time_new_now\w*|GSocket(?:Client|Service|Listener|Connection)?|"
    r"GIOStream|Soup\w+|soup_\w+|GstPad|GstElement|gst_(?:pad|element)_\w+|"
    r"GThread|g_thread_\w+|peal_loop_thread_\w+|g_usleep)\b")
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


def check_pure(path, text):
    code = bare_code(text)
    return ["%s:%d: a pure file names %s" % (
        path, line_of(code, match.start()), match.group())
            for match in IMPURE.finditer(code)]


def check(tree):
    found = []
    for path, text in select(tree, ["plugin"], [".c", ".h"]).items():
        if path.count("/") < 2 or path.split("/")[1] not in LAYERS:
            if path != "plugin/plugin.c":
                found.append(path + ":1: not in the folder of a layer")
            continue
        if is_pure(tree, path):
            found += check_pure(path, text)
        elif path in MUST_BE_PURE:
            found.append(path + ':1: its head does not say "Pure"')
        for line, quoted, included in includes(text):
            if quoted:
                found += check_layer(tree, path, line, included)
    return found + check_app(tree)


def check_app(tree):
    found = []
    for path, text in select(tree, ["app"], [".c", ".h"]).items():
        for line, quoted, included in includes(text):
            folder = included.split("/")[0] if "/" in included else ""
            if (quoted and folder in LAYERS and folder not in APP_MAY
                    and (path, included) != REGISTERS):
                found.append("%s:%d: the command includes %s" % (
                    path, line, included))
    return found


if __name__ == "__main__":
    main("files include their own or lower layers", check, [
        ("a call up", {"plugin/media/a.c": '#include "session/peer.h"\n'}),
        ("the server including the session",
         {"plugin/server/a.c": '#include "session/peer.h"\n'}),
        ("a pure file with a loop",
         {"plugin/wire/a.h": "/* Pure. */\n",
          "plugin/wire/a.c": "/* A. */\nf (g_main_context_get ());\n"}),
        ("a pure file with a clock of its own",
         {"plugin/wire/a.c": "/* Pure. */\nt = g_get_monotonic_time ();\n"}),
        ("a file that should be pure and does not say so",
         {"plugin/server/throttle.h": "/* Limits. */\n"}),
        ("the command reaching inside",
         {"app/main.c": '#include "session/peer.h"\n'}),
        ("a file outside the layers", {"plugin/extra/a.c": ""}),
    ], [
        ("a call down",
         {"plugin/session/peer.c":
          '#include "peer.h"\n#include "media/track.h"\n'}),
        ("a pure file with GLib",
         {"plugin/wire/a.c": "/* Pure: no GSocket. */\n#include <glib.h>\n"}),
    ])
