#!/usr/bin/env python3
"""Tests and examples wait for what they expect, with a watchdog; a sleep is
too short on a slow machine and too long on every other."""
import re

from lint import bare_code, line_of, main, select

SLEEPS = {
    ".c": r"\b(?:g_u|u|nano|clock_nano)?sleep \(",
    ".py": r"\bsleep ?\(",
    ".js": r"waitForTimeout ?\(|setTimeout ?\( ?(?:resolve|r|done|ok)\b",
    ".mjs": r"waitForTimeout ?\(|setTimeout ?\( ?(?:resolve|r|done|ok)\b",
    ".sh": r"^[^#\n]*\bsleep [0-9.$]",
}

# "path": the reason.
EXCEPTIONS = {
}


def check(tree):
    found = []
    for path, text in select(tree, ["tests", "examples"], SLEEPS).items():
        if path.startswith("tests/lint/") or path in EXCEPTIONS:
            continue
        ending = path[path.rindex("."):]
        code = bare_code(text) if ending == ".c" else text
        for match in re.finditer(SLEEPS[ending], code, re.M):
            found.append("%s:%d: sleeps" % (path, line_of(code, match.start())))
    return found


if __name__ == "__main__":
    main("no test sleeps", check, [
        ("g_usleep", {"tests/unit/a.c": "  g_usleep (5);\n"}),
        ("time.sleep", {"tests/bench/a.py": "time.sleep(1)\n"}),
        ("a browser's pause", {"tests/browser/a.mjs":
                               "await page.waitForTimeout(100)\n"}),
        ("a promise of a timeout",
         {"tests/browser/a.js": "new Promise((r) => setTimeout(r, 5))\n"}),
        ("a script's sleep", {"examples/a.sh": "peal & sleep 5\n"}),
    ], [
        ("the word in a comment",
         {"tests/unit/a.c": "/* never sleep (5) */\n"}),
    ])
