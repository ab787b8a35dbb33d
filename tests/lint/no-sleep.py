#!/usr/bin/env python3
"""Tests and examples wait for what they expect, with a watchdog; a sleep is
too short on a slow machine and too long on every other."""
import re

from lint import bare_code, line_of, main, select

# Every timer of JavaScript can be waited for, under whatever name it was given:
# each needs its reason below.
JAVASCRIPT = (r"\bwaitForTimeout ?\(|\bsetTimeout\b|\btimers/promises\b"
              r"|\bAtomics ?\. ?wait\w* ?\(")
SLEEPS = {
    ".c": r"\b(?:(?:g_u|u|nano|clock_nano|thrd_)?sleep|gst_clock_id_wait"
          r"|g_cond_wait_until) \(|\bg?_?poll \(NULL|\bselect \(0",
    ".py": r"\bsleep ?\(|\bimport sleep\b|\bEvent\(\)\.wait\("
           r"|\bselect\(\[\], ?\[\], ?\[\]",
    ".js": JAVASCRIPT,
    ".mjs": JAVASCRIPT,
    ".html": JAVASCRIPT,
    ".sh": r"^[^#\n]*\b(?:sleep [0-9.$]|read -t)",
}

# (path, what its line has in it): the reason. Each of them stands once.
EXCEPTIONS = {
    ("tests/browser/lib/wait.mjs", "timers/promises"):
        "waitUntil itself: how often it asks",
    ("tests/browser/lib/look.mjs", "setTimeout(() => resolve(false), 1000)"):
        "the watchdog over a frame that never comes",
    ("tests/interop/lib/far-away.mjs", "setTimeout(func, delayMs)"):
        "what the way takes, for each chunk by itself",
    ("tests/interop/pages/glare.html", "setTimeout(inTurn(call), delay, id)"):
        "when a client offers is what the test is about",
    ("tests/unit/media-mixer.c", "g_cond_wait_until (&flow->cond"):
        "what is measured is how late the machine wakes a thread",
    ("tests/bench/webrtc/libwebrtc.mjs", "setTimeout(end, CALL_MS, 1)"):
        "the watchdog over a call that is not set up",
}


def is_excepted(path, line):
    return any(path == where and what in line for where, what in EXCEPTIONS)


def sleeps_of(path, text):
    ending = path[path.rindex("."):]
    code = bare_code(text) if ending == ".c" else text
    lines = text.split("\n")
    for match in re.finditer(SLEEPS[ending], code, re.M):
        number = line_of(code, match.start())
        if not is_excepted(path, lines[number - 1]):
            yield "%s:%d: sleeps" % (path, number)


def outdated(tree):
    for path, what in EXCEPTIONS:
        if path in tree and tree[path].count(what) != 1:
            yield "%s: has not '%s' once: its exception is outdated" % (
                path, what)


def check(tree):
    found = list(outdated(tree))
    for path, text in select(tree, ["tests", "examples"], SLEEPS).items():
        if not path.startswith("tests/lint/"):
            found.extend(sleeps_of(path, text))
    return found


if __name__ == "__main__":
    main("no test sleeps", check, [
        ("g_usleep", {"tests/unit/a.c": "  g_usleep (5);\n"}),
        ("a wait for nothing", {"tests/unit/a.c": "  poll (NULL, 0, 5);\n"}),
        ("time.sleep", {"tests/bench/a.py": "time.sleep(1)\n"}),
        ("sleep by name", {"tests/bench/a.py": "from time import sleep\n"}),
        ("an event that nobody sets",
         {"tests/bench/a.py": "threading.Event().wait(1)\n"}),
        ("a browser's pause", {"tests/browser/a.mjs":
                               "await page.waitForTimeout(100)\n"}),
        ("a promise of a timeout",
         {"tests/browser/a.js": "new Promise((r) => setTimeout(r, 5))\n"}),
        ("a promise of one under any name",
         {"tests/browser/a.mjs":
          "const later = (ms) => new Promise((f) => setTimeout(f, ms))\n"}),
        ("one that is handed on",
         {"tests/browser/a.mjs": "await promisify(setTimeout)(5)\n"}),
        ("node's own", {"tests/browser/a.mjs":
                        "import { setTimeout as later } from "
                        "'node:timers/promises';\n"}),
        ("one in a page", {"tests/interop/pages/a.html":
                           "await new Promise((r) => { setTimeout(r, 5); })\n"}),
        ("a script's sleep", {"examples/a.sh": "peal & sleep 5\n"}),
        ("another one beside an exception", {"tests/browser/lib/look.mjs":
         "setTimeout(() => resolve(false), 1000);\nsetTimeout(r, 5);\n"}),
        ("an exception for what is no longer there",
         {"tests/browser/lib/look.mjs": "\n"}),
    ], [
        ("the word in a comment",
         {"tests/unit/a.c": "/* never sleep (5) */\n"}),
        ("a watchdog with a reason", {"tests/browser/lib/look.mjs":
         "const timer = setTimeout(() => resolve(false), 1000);\n"}),
    ])
