#!/usr/bin/env python3
"""C looks as .clang-format says. Another major version than Debian 12's
formats a few things otherwise, so it is not asked."""
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from lint import ROOT, main, select

MAJOR = "14"


def formatter():
    for name in ("clang-format-" + MAJOR, "clang-format"):
        path = shutil.which(name)
        if path:
            said = subprocess.run([path, "--version"], check=True,
                                  stdout=subprocess.PIPE).stdout.decode()
            if re.search(r"version %s\." % MAJOR, said):
                return path
    return None


def check_file(tool, path, text):
    result = subprocess.run(
        [tool, "--style=file", "--assume-filename=" + path],
        input=text.encode(), cwd=ROOT, stdout=subprocess.PIPE, check=True)
    wanted = result.stdout.decode().split("\n")
    have = text.split("\n")
    if wanted == have:
        return []
    differ = (n for n, (a, b) in enumerate(zip(wanted, have), 1) if a != b)
    return ["%s:%d: ./dev format changes it" % (path, next(differ, 1))]


def check(tree):
    tool = formatter()
    files = select(tree, ["plugin", "app", "tests", "examples"], [".c", ".h"])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda item: check_file(tool, *item), files.items())
        return sum(found, [])


if __name__ == "__main__":
    if not formatter() or not os.path.exists(os.path.join(
            ROOT, ".clang-format")):
        print("1..0 # SKIP no clang-format " + MAJOR)
        sys.exit(0)
    main("C is formatted", check, [
        ("a missing space", {"app/a.c": "int\nf(void)\n{\n}\n"}),
    ], [
        ("what it would write", {"app/a.c": "int\nf (void)\n{\n}\n"}),
    ])
