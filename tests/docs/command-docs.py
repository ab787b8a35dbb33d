#!/usr/bin/env python3
"""The man page and the shell completion name what `peal --help` names, the
service file starts a command that exists, and ./dev's own help fits."""
import os
import re
import subprocess
import sys

ROOT = os.environ["PEAL_SOURCE_ROOT"]
BUILD = os.environ["PEAL_BUILD_ROOT"]
PEAL = os.path.join(BUILD, "app", "peal")
COMMANDS = ["serve", "call", "devices", "demo"]


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def output(*command):
    return subprocess.run(command, check=True,
                          stdout=subprocess.PIPE).stdout.decode()


def options_of(command):
    """Those that the help page names."""
    text = output(PEAL, command, "--help")
    text = text.replace("what --video and --audio take", "")
    return sorted(set(re.findall(r"--[a-z][a-z-]+", text)))


def man_page():
    plain = read(ROOT, "data", "peal.1").replace("\\-", "-")
    missing = ["%s of %s" % (option, command) for command in COMMANDS
               for option in options_of(command) if option not in plain]
    return missing + [c for c in COMMANDS if "peal " + c not in plain]


def schemes():
    """All that an address may begin with, as the error for another one says."""
    done = subprocess.run([PEAL, "call", "other://host"], check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True)
    return re.findall(r"([a-z+]+)://", done.stderr.split("begin with")[1])


def says_scheme(text, scheme):
    """In full, or without TLS where it is said what TLS looks like."""
    plain = scheme.replace("wss", "ws")
    return bool(re.search(r"(?<![a-z+])" + re.escape(plain) + r"\b", text))


def addresses():
    texts = {"man page": read(ROOT, "data", "peal.1"),
             "README": read(ROOT, "README.md"),
             "--help": output(PEAL, "call", "--help"),
             "gst-inspect": output("gst-inspect-1.0", "pealbin")}
    missing = [f"{scheme} in the {name}" for name, text in texts.items()
               for scheme in schemes() if not says_scheme(text, scheme)]
    return missing if len(schemes()) >= 10 else [str(schemes())]


def completes(line, word):
    """What bash offers for the last word of @line."""
    words = line.split() + [word]
    script = (". data/peal.bash; COMP_WORDS=(%s); COMP_CWORD=%d; _peal; "
              'printf "%%s\\n" "${COMPREPLY[@]}"' % (
                  " ".join("'%s'" % w for w in words), len(words) - 1))
    return subprocess.run(["bash", "-c", script], cwd=ROOT, check=True,
                          stdout=subprocess.PIPE).stdout.decode().split()


def completion():
    missing = [c for c in COMMANDS if c not in completes("peal", "")]
    for command in COMMANDS:
        offered = completes("peal " + command, "--")
        missing += ["%s of %s" % (option, command)
                    for option in options_of(command) if option not in offered]
    return missing


def completion_of_values():
    wrong = []
    if completes("peal serve --tls", "") != ["auto"]:
        wrong.append("peal serve --tls")
    if "microphone" not in completes("peal call --audio", "m"):
        wrong.append("peal call --audio m")
    return wrong


def service():
    unit = read(BUILD, "data", "peal.service")
    settings = read(ROOT, "data", "server.conf")
    known = options_of("serve")
    wrong = [o for o in re.findall(r"(?<=[ \"])--[a-z-]+", settings)
             if o not in known]
    if "/peal serve $PEAL_SERVE_OPTIONS" not in unit:
        wrong.append("the service does not start peal serve")
    return wrong


def dev_help():
    text = output(os.path.join(ROOT, "dev"))
    lines = text.count("\n")
    wrong = [] if lines <= 24 else ["%d lines" % lines]
    return wrong + [line for line in text.split("\n") if len(line) > 80]


CASES = [
    ("the man page names every command and option", man_page),
    ("the man page, README and gst-inspect name every scheme", addresses),
    ("the completion offers every command and option", completion),
    ("the completion offers values", completion_of_values),
    ("the service and its settings are words of peal serve", service),
    ("./dev alone fits a screen", dev_help),
]


def main():
    failed = False
    print("1..%d" % len(CASES))
    for number, (sentence, check) in enumerate(CASES, 1):
        problems = check()
        failed = failed or bool(problems)
        print("%sok %d - %s" % ("not " if problems else "", number, sentence))
        for problem in problems:
            print("# missing or wrong: " + problem)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
