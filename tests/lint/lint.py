"""What the lints share: the tree as a dictionary, a scan of C, and TAP.

A lint is a function from a tree (path to text) to a list of violations, each
"path:line: what is wrong". run() applies it to the checkout, then to small
bad trees that it must catch and good ones that it must leave alone, so that a
lint that has stopped seeing anything fails its own test.
"""
import os
import re
import subprocess
import sys

ROOT = os.environ.get("PEAL_SOURCE_ROOT") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED_FOLDERS = {".git", ".dev", "node_modules", "__pycache__"}


def file_names(root=ROOT):
    """Paths of the files that are or could be committed."""
    git = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if git.returncode == 0:
        names = git.stdout.decode().split("\0")
        return sorted({n for n in names if n and is_file(root, n)})
    return sorted(walk(root))


def is_file(root, name):
    return os.path.isfile(os.path.join(root, name))


def walk(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if f not in SKIPPED_FOLDERS
                      and not f.startswith("build")]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), root)


def read_tree(root=ROOT):
    """Path to text for every text file; binary files are left out."""
    tree = {}
    for name in file_names(root):
        try:
            with open(os.path.join(root, name), encoding="utf-8") as file:
                tree[name] = file.read()
        except UnicodeDecodeError:
            pass
    return tree


def select(tree, folders, endings):
    """The files under one of @folders that end in one of @endings."""
    return {path: text for path, text in tree.items()
            if path.startswith(tuple(f + "/" for f in folders))
            and path.endswith(tuple(endings))}


BLANKED = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.M)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def bare_code(text):
    """C with comments, strings and directives blanked, lines kept."""
    return DIRECTIVE.sub(blank, BLANKED.sub(blank, text))


def line_of(text, position):
    return text.count("\n", 0, position) + 1


NAME_BEFORE_CALL = re.compile(r"(\w+)\s*$")


def functions(text):
    """(name, first line, last line, body) of each function defined in C."""
    code = bare_code(text)
    depth = parens = 0
    begun = open_paren = name = None
    for match in re.finditer(r"[(){};]", code):
        sign, at = match.group(), match.start()
        if sign == "(":
            if depth == 0 and parens == 0:
                open_paren = at
            parens += 1
        elif sign == ")":
            parens -= 1
        elif parens > 0:
            continue
        elif sign == "{":
            if depth == 0:
                name = function_name(code, open_paren, at)
                begun = at
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0 and name:
                head = code.rfind(name.group(1), 0, open_paren)
                yield (name.group(1), line_of(code, head),
                       line_of(code, at), code[begun:at + 1])
            if depth == 0:
                open_paren = name = None
        elif depth == 0:
            open_paren = None


def function_name(code, open_paren, brace):
    """A brace right after "name (...)" opens a function."""
    if open_paren is None or code[:brace].rstrip()[-1:] != ")":
        return None
    return NAME_BEFORE_CALL.search(code, 0, open_paren)


def run(title, check, catches, allows=()):
    """Prints TAP and returns the exit status.

    @catches and @allows: (sentence, tree) pairs for the lint's own test.
    """
    cases = [(title, check(read_tree()))]
    for sentence, tree in catches:
        found = check(tree)
        cases.append(("the lint catches " + sentence,
                      [] if found else ["nothing was caught"]))
    for sentence, tree in allows:
        cases.append(("the lint allows " + sentence, check(tree)))
    print("1..%d" % len(cases))
    for number, (sentence, problems) in enumerate(cases, 1):
        print("%sok %d - %s" % ("not " if problems else "", number, sentence))
        for problem in problems:
            print("# " + problem)
    return 1 if any(problems for _, problems in cases) else 0


def main(*arguments):
    sys.exit(run(*arguments))
