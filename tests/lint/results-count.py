#!/usr/bin/env python3
"""The last line of ./dev check tells the truth: .ci/results.py is run over a
small meson project whose tests pass, fail, die, hang, skip and say nothing."""
import os
import subprocess
import sys
import tempfile

from lint import ROOT

TESTS = {
    "good": 'echo "1..2"; echo "ok 1 - a"; echo "ok 2 - b"',
    "bad": 'echo "1..2"; echo "ok 1 - a"; echo "not ok 2 - b"; exit 1',
    "dies": 'echo "1..2"; echo "ok 1 - a"; kill -SEGV $$',
    "hangs": 'echo "1..2"; echo "ok 1 - a"; exec tail -f /dev/null',
    "hangs-at-once": "exec tail -f /dev/null",
    "skips": 'echo "1..0 # SKIP no camera"',
    "silent": "exit 0",
    "short": 'echo "1..3"; echo "ok 1 - a"',
}
# Name: (passed, failed, a word that the report must hold).
EXPECTED = {
    "good": (2, 0, ""),
    "bad": (1, 1, "bad: b"),
    "dies": (1, 1, "dies: ended with status"),
    "hangs": (1, 1, "hangs: timed out"),
    "hangs-at-once": (0, 1, "hangs-at-once: timed out"),
    "skips": (0, 0, "skips: the whole program"),
    "silent": (0, 1, "silent: gave no result"),
    "short": (1, 1, "short: ERROR"),
}


def suite_of(name):
    """Two suites, because meson writes names otherwise than with one."""
    return "unit" if name < "h" else "media"


def make_project(folder):
    lines = ["project('counting')"]
    for name, script in TESTS.items():
        path = os.path.join(folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n" + script + "\n")
        os.chmod(path, 0o755)
        lines.append("test('%s', find_program('./%s'), protocol: 'tap', "
                     "timeout: 1, suite: '%s')" % (name, name, suite_of(name)))
    with open(os.path.join(folder, "meson.build"), "w",
              encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    build = os.path.join(folder, "build")
    subprocess.run(["meson", "setup", build, folder], check=True,
                   stdout=subprocess.DEVNULL)
    return build


def run_tests(build, base, *names):
    subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--logbase",
                    base + "-run", *names], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def count(build, base, *wanted):
    """(exit status, everything said)"""
    result = subprocess.run(
        [sys.executable, os.path.join(ROOT, ".ci", "results.py"), build, base,
         *wanted], stdout=subprocess.PIPE, check=False)
    return result.returncode, result.stdout.decode()


def check_one(build, name):
    base = "one-" + name
    run_tests(build, base, name)
    status, said = count(build, base, name)
    passed, failed, word = EXPECTED[name]
    wanted = "%d passed, %d failed" % (passed, failed)
    good = status == (0 if passed and not failed else 1)
    return (good and said.split("\n")[-2] == wanted and word in said), said


def check_all(build):
    run_tests(build, "all")
    status, said = count(build, "all")
    return status == 1 and said.endswith("\n6 passed, 6 failed\n"), said


def check_suite(build):
    run_tests(build, "suite", "--suite", "unit")
    status, said = count(build, "suite", "--suite", "unit")
    return status == 1 and said.endswith("\n4 passed, 2 failed\n"), said


def check_not_run(build):
    run_tests(build, "part", "good")
    status, said = count(build, "part", "good", "skips")
    return status == 1 and "skips: did not run" in said, said


def main():
    with tempfile.TemporaryDirectory() as folder:
        build = make_project(folder)
        outcomes = [("a program: " + name, check_one(build, name))
                    for name in TESTS]
        outcomes.append(("all of them together", check_all(build)))
        outcomes.append(("one suite", check_suite(build)))
        outcomes.append(("one that was never run", check_not_run(build)))
    print("1..%d" % len(outcomes))
    for number, (sentence, (good, said)) in enumerate(outcomes, 1):
        print("%sok %d - counted: %s" % (
            "" if good else "not ", number, sentence))
        if not good:
            print("# " + said.replace("\n", "\n# "))
    return 0 if all(good for _, (good, _) in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
