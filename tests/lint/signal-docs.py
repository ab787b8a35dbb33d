#!/usr/bin/env python3
"""Every signal says in a doc comment on which thread it fires."""
import re

from lint import line_of, main, select

CALL = re.compile(
    r"\bg_signal_new(?:v|_class_handler|_valist)? \(|= peal_signal_new \(")
DOC = re.compile(r"/\*.*?\*/", re.S)


def doc_before(text, at):
    """The doc comment right before the statement that holds @at."""
    begin = max(text.rfind(sign, 0, at) for sign in ";{}")
    docs = DOC.findall(text[begin + 1:at])
    # A semicolon inside the comment: look for the comment that ends last.
    if not docs:
        end = text.rfind("*/", 0, at)
        between = text[end + 2:at] if end >= 0 else ";"
        if not re.search(r"[;{}]", between):
            docs = [text[text.rfind("/*", 0, end):end]]
    return docs[-1] if docs else ""


def check(tree):
    found = []
    for path, text in select(tree, ["plugin", "app"], [".c"]).items():
        for call in CALL.finditer(text):
            doc = doc_before(text, call.start())
            if not re.search(r"\bthread\b", doc, re.I):
                found.append("%s:%d: no comment that states the thread" % (
                    path, line_of(text, call.start())))
    return found


if __name__ == "__main__":
    main("every signal states its thread", check, [
        ("a bare signal",
         {"plugin/a/a.c": 'f ();\n  signals[A] = g_signal_new ("a", 1);\n'}),
        ("a bare signal by our own function",
         {"plugin/a/a.c": 'f ();\n  signals[A] = peal_signal_new (t, "a");\n'}),
        ("a doc without the thread",
         {"plugin/a/a.c": '/** A::a: b */\n  g_signal_new ("a", 1);\n'}),
        ("a doc that belongs to the signal before",
         {"plugin/a/a.c": '/** Thread: loop; none. */\n'
          '  g_signal_new ("a", 1);\n  g_signal_new ("b", 1);\n'}),
    ], [
        ("a documented one",
         {"plugin/a/a.c": '/** Thread: loop; none. */\n'
          '  signals[A] =\n      g_signal_new ("a", 1);\n'}),
    ])
