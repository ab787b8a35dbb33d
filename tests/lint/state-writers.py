#!/usr/bin/env python3
"""State changes in exactly one function per object: in a file with an edge
table, and in those that share its name ("peer.c", "peer-media.c"), each
state field is assigned by one function only."""
import re

from lint import functions, line_of, main, select

TABLE = re.compile(r"^static const \w+ \w*edges\[\]", re.M)
ASSIGNED = re.compile(
    r"(?:->|\.)\s*((?:\w+_)?state)\s*(?:=(?!=)|\+\+|--)")


def family(paths, table_path):
    """The files of one object: stem.c, stem-*.c."""
    stem = table_path[:-len(".c")]
    return [p for p in paths if p == table_path or p.startswith(stem + "-")]


def check(tree):
    found = []
    files = select(tree, ["plugin", "app"], [".c"])
    for path, text in files.items():
        if not TABLE.search(text):
            continue
        writers = {}
        for member in family(files, path):
            for name, first, _, body in functions(files[member]):
                for match in ASSIGNED.finditer(body):
                    line = first + line_of(body, match.start())
                    writers.setdefault(match.group(1), {}).setdefault(
                        name, "%s:%d" % (member, line))
        for field, places in writers.items():
            if len(places) > 1:
                found += ["%s: %s is also assigned by %s" % (where, field, by)
                          for by, where in places.items()]
    return found


EDGES = "static const Edge edges[] = {\n  { A, B },\n};\n"


def writer(name):
    return ("static void\n%s (Self *self)\n{\n  self->state = A;\n}\n" % name)


if __name__ == "__main__":
    main("each state has one writer", check, [
        ("two writers", {"plugin/session/a.c":
                         EDGES + writer("step") + writer("on_failed")}),
        ("a writer in a sibling file",
         {"plugin/session/a.c": EDGES + writer("step"),
          "plugin/session/a-media.c": writer("on_failed")}),
    ], [
        ("one writer", {"plugin/session/a.c": EDGES + writer("step")}),
        ("comparing", {"plugin/session/a.c": EDGES + writer("step")
                       + "int\nf (S *s)\n{\n  return s->state == A;\n}\n"}),
    ])
