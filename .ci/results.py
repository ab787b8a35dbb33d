#!/usr/bin/env python3
"""Counts what `meson test` really did, and says it in one last line.

usage: results.py BUILD LOGBASE [--suite SUITE]... [NAME...]

Reads BUILD/meson-logs/LOGBASE-*.json and the JUnit files beside them. Each
TAP line counts as one test. A program that dies, times out, prints no result
or was never started counts as one failure more. Exit status 0 means that
something passed and nothing failed.
"""
import glob
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

GOOD = ("OK", "EXPECTEDFAIL")
NUMBER = re.compile(r"^\d+ (- )?")


def read_runs(logs, base):
    """One dictionary per test program run, in the order of their ends."""
    runs = []
    for path in sorted(glob.glob(os.path.join(logs, base + "-*.json"))):
        with open(path, encoding="utf-8", errors="replace") as lines:
            runs += [json.loads(line) for line in lines if line.strip()]
    return runs


def read_subtests(logs, base):
    """Program name to a list of (sentence, "passed"/"failed"/"skipped")."""
    subtests = {}
    for path in glob.glob(os.path.join(logs, base + "-*.junit.xml")):
        for suite in ElementTree.parse(path).iter("testsuite"):
            program = bare_name(suite.get("name").partition(".")[2])
            if program:
                subtests[program] = [
                    (NUMBER.sub("", case.get("name")), outcome_of(case))
                    for case in suite.iter("testcase")
                ]
    return subtests


def outcome_of(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def bare_name(name):
    """meson writes "project:suite / name" where there are several suites."""
    return name.rpartition(" / ")[2]


def judge(run, subtests):
    """The (sentence, outcome) pairs that one program run comes to."""
    cases = list(subtests)
    result = run["result"]
    if result in GOOD:
        return cases or [("exit status", "passed")]
    if result == "SKIP" and skip_is_honest(run, cases):
        return cases or [("the whole program", "skipped")]
    if not any(outcome == "failed" for _, outcome in cases):
        cases.append((why_bad(run), "failed"))
    return cases


def skip_is_honest(run, cases):
    """A TAP program that printed nothing at all is "skipped" to meson."""
    said = "skip" in (run.get("stdout") or "").lower()
    return bool(cases) or said or run["returncode"] == 77


def why_bad(run):
    if run["result"] == "TIMEOUT":
        return "timed out after %.0f s" % run["duration"]
    if run["returncode"]:
        return "ended with status %s" % run["returncode"]
    return "gave no result" if run["result"] == "SKIP" else run["result"]


def expected_programs(build, wanted):
    """Names that should have run, by meson's own list."""
    out = subprocess.run(
        ["meson", "introspect", "--tests", build],
        check=True, stdout=subprocess.PIPE).stdout
    tests = json.loads(out)
    suites = [b for a, b in zip(wanted, wanted[1:]) if a == "--suite"]
    names = [w for w in wanted if w != "--suite" and w not in suites]
    if suites:
        tests = [t for t in tests
                 if {s.rpartition(":")[2] for s in t["suite"]} & set(suites)]
    if names:
        known = {t["name"] for t in tests}
        return [n for n in names if n in known or not is_pattern(n)]
    return [t["name"] for t in tests]


def is_pattern(name):
    return any(sign in name for sign in "*?[:")


def keep_log(logs, run):
    """Writes what the program said to a file of its own; returns its path."""
    folder = os.path.join(logs, "failed")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, bare_name(run["name"]) + ".txt")
    with open(path, "w", encoding="utf-8") as log:
        log.write("command: %s\nresult: %s, status %s, %.1f s\n\n" % (
            " ".join(run["command"]), run["result"], run["returncode"],
            run["duration"]))
        log.write(run.get("stdout") or "")
        log.write("\n--- standard error ---\n" + (run.get("stderr") or ""))
    return path


def main(build, base, *wanted):
    logs = os.path.join(build, "meson-logs")
    subtests = read_subtests(logs, base)
    count = {"passed": 0, "failed": 0, "skipped": 0}
    told = {"failed": [], "skipped": []}
    ran = set()
    for run in read_runs(logs, base):
        name = bare_name(run["name"])
        ran.add(name)
        cases = judge(run, subtests.get(name, []))
        for sentence, outcome in cases:
            count[outcome] += 1
            if outcome != "passed":
                told[outcome].append("%s: %s" % (name, sentence))
        if any(outcome == "failed" for _, outcome in cases):
            told["failed"].append("    log: " + keep_log(logs, run))
    for name in expected_programs(build, wanted):
        if name not in ran:
            count["failed"] += 1
            told["failed"].append("%s: did not run" % name)
    for outcome in ("skipped", "failed"):
        if told[outcome]:
            print("\n%s:" % outcome)
            print("\n".join("  " + line for line in told[outcome]))
    print("\n%(passed)d passed, %(failed)d failed" % count)
    return 0 if count["passed"] and not count["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
