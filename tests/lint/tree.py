#!/usr/bin/env python3
"""The top of the tree stays short, every source is built, every script can
be read by its shell, and every C file opens with what it is for."""
import os
import re
import subprocess

from lint import main, select

TOP = {"meson.build", "meson_options.txt", "plugin", "app", "tests", "examples", "data",
       "README.md", "dev", ".ci", "LICENSE"}
SHELLS = {"#!/bin/sh": "sh", "#!/bin/bash": "bash"}


def check_top(tree):
    return ["%s: does not belong at the top" % top
            for top in sorted({path.split("/")[0] for path in tree} - TOP)
            if not re.fullmatch(r"\.(clang-format|gitignore|gitattributes|"
                                r"editorconfig)", top)]


def check_built(tree):
    """A file that no meson.build names is never compiled or run."""
    found = []
    sources = select(tree, ["plugin", "app", "tests", "examples"], [".c"])
    for path in sources:
        folder, name = os.path.split(path)
        stem = name[:-2]
        build = tree.get(folder + "/meson.build", "")
        if not re.search(r"'(?:[\w-]+/)?%s(?:\.c)?'" % re.escape(stem), build):
            found.append("%s:1: no meson.build names it" % path)
    return found


def check_heads(tree):
    found = []
    for path, text in select(tree, ["plugin", "app", "tests", "examples"],
                             [".c", ".h"]).items():
        if not text.lstrip().startswith("/*"):
            found.append("%s:1: no head comment" % path)
    return found


def check_shells(tree):
    found = []
    for path, text in tree.items():
        shell = SHELLS.get(text.split("\n", 1)[0].strip())
        if path.startswith(".ci/") and path.endswith(".sh"):
            shell = "bash"
        if not shell:
            continue
        result = subprocess.run([shell, "-n"], input=text.encode(),
                                stderr=subprocess.PIPE, check=False)
        if result.returncode != 0:
            found.append("%s: %s" % (path, result.stderr.decode().strip()))
    return found


def check(tree):
    return (check_top(tree) + check_built(tree) + check_heads(tree)
            + check_shells(tree))


if __name__ == "__main__":
    main("the tree is in order", check, [
        ("a stray file at the top", {"notes.txt": ""}),
        ("a source that nothing builds",
         {"tests/unit/a.c": "/* A. */\n", "tests/unit/meson.build": "'b'\n"}),
        ("a file without a head", {"plugin/base/a.h": "#pragma once\n"}),
        ("a broken script", {"examples/a.sh": "#!/bin/sh\nif true\n"}),
    ], [
        ("a test by its stem",
         {"tests/unit/a.c": "/* A. */\n", "tests/unit/meson.build": "'a',\n"}),
    ])
