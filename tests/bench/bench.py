"""What the benches share: starting members, the CPU time of a process, and
telling numbers as a table and, with --json, as one JSON line at the end.

Numbers are of this machine at this moment: compare only within one run.
"""
import argparse
import contextlib
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys

PATIENCE_S = 30
TICKS = os.sysconf("SC_CLK_TCK")


def arguments(description, **integers):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true")
    for name, default in integers.items():
        parser.add_argument("--" + name, type=int, default=default)
    return parser.parse_args()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Ended(Exception):
    """A program ended before it had answered."""


class Program:
    """A program that ends with the block it lives in."""

    def __init__(self, *command, stdin=subprocess.DEVNULL, **environment):
        self.process = subprocess.Popen(
            command, stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, **environment})
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        # Not to its end: a child of a program that failed may hold it open.
        self.process.stdout.close()
        self.process.wait()

    def wait_for(self, pattern, times=1):
        """Reads lines until one has matched that often."""
        for line in self.process.stdout:
            times -= bool(re.search(pattern, line))
            if times <= 0:
                return line
        raise SystemExit(f"{self.process.args}: ended before {pattern}")

    def ask(self, line=""):
        """Writes a line to a program with a pipe, and reads one of JSON."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise Ended(f"{self.process.args}: ended before its answer")
        return json.loads(answer)

    def summary(self):
        """The last line of a `peal call --json`, once it has ended."""
        said, _ = self.process.communicate(timeout=PATIENCE_S)
        return json.loads(said.strip().split("\n")[-1])

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)


def server(port):
    program = Program("peal", "serve", "--listen", str(port), "--json")
    program.wait_for(r'"event"')
    return program


def member(uri, *options):
    return Program("peal", "call", uri, "--no-display", "--no-speaker",
                   "--json", *options)


def cpu_seconds(pid):
    """User and system time of all threads of a process, so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_bytes(pid):
    """What a process alone has in memory, without what it shares."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) * 1024 for line in file
                   if line.startswith("Private_"))


def count_threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def percentile(values, percent):
    """The least of @values that no more than @percent of them are below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def spread(values):
    """Median, 95th percentile, least and most."""
    if not values:
        return {"n": 0, "median": None, "p95": None, "min": None, "max": None}
    return {"n": len(values), "median": round(statistics.median(values), 2),
            "p95": round(percentile(values, 95), 2),
            "min": round(min(values), 2), "max": round(max(values), 2)}


def tell(bench, rows, as_json, figures=None, skipped=None):
    """@rows: what was measured, with its unit, to its spread.
    @figures: the names of issue and README to their numbers.
    @skipped: references that are not here, to the reason."""
    columns = ("median", "p95", "min", "max")
    print(f"{'':44}" + "".join(f"{name:>10}" for name in columns) + f"{'n':>5}")
    for name, row in rows.items():
        cells = "".join(f"{'-' if row[key] is None else row[key]:>10}"
                        for key in columns)
        print(f"{name:44}{cells}{row['n']:>5}")
    for name, number in (figures or {}).items():
        print(f"{name:44}{'-' if number is None else number:>10}")
    for name, reason in (skipped or {}).items():
        print(f"skipped: {name}: {reason}")
    if as_json:
        print(json.dumps({"bench": bench, "cores": os.cpu_count(),
                          "results": rows, "figures": figures or {},
                          "skipped": skipped or {}}))
    sys.exit(0 if all(row["n"] for row in rows.values()) else 1)
