#!/usr/bin/env python3
"""Functions under 60 lines, files under 600, class_init under 50."""
from lint import functions, main, select

FUNCTION_LINES = 60
CLASS_INIT_LINES = 50
FILE_LINES = 600

# "path" or "path: function", each with the reason why it is as long as it is.
EXCEPTIONS = {}

SOURCES = (".c", ".h", ".py", ".js", ".mjs", ".css", ".html", ".sh", ".md")


def check_file(path, text):
    found = []
    lines = text.count("\n")
    if lines >= FILE_LINES and path not in EXCEPTIONS:
        found.append("%s:1: %d lines, the limit is %d" % (
            path, lines, FILE_LINES))
    if not path.endswith(".c"):
        return found
    for name, first, last, _ in functions(text):
        limit = (CLASS_INIT_LINES if name.endswith("class_init")
                 else FUNCTION_LINES)
        length = last - first + 1
        if length >= limit and path + ": " + name not in EXCEPTIONS:
            found.append("%s:%d: %s has %d lines, the limit is %d" % (
                path, first, name, length, limit))
    return found


def check(tree):
    found = []
    files = select(tree, ["plugin", "app", "tests", "examples", "data", ".ci"],
                   SOURCES)
    for path, text in files.items():
        found += check_file(path, text)
    return found + (check_file("dev", tree["dev"]) if "dev" in tree else [])


def function_of(lines, name="f"):
    return ("G_DEFINE_TYPE (A, a, b)\nstatic void\n%s (int a)\n{\n" % name
            + "  a++;\n" * (lines - 3) + "}\n")


if __name__ == "__main__":
    main("functions and files are small", check, [
        ("a function of 60 lines", {"app/a.c": function_of(60)}),
        ("a class_init of 50 lines",
         {"app/a.c": function_of(50, "a_class_init")}),
        ("a file of 600 lines", {"app/a.h": "\n" * 600}),
    ], [
        ("a function of 59 lines", {"app/a.c": function_of(59)}),
        ("long tables",
         {"app/a.c": "static const int a[] = {\n" + "  1,\n" * 80 + "};\n"}),
    ])
