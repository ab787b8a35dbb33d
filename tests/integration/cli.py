"""What the tests of the command `peal` share: running it, waiting for its
events, and TAP.

A test is a function whose name is a sentence. A program under test lives in a
`with`, so that it has ended when the test has, whatever happened. Waiting is
for a line that the program prints, with a limit; nothing here counts seconds.
"""
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback

ROOT = os.environ["PEAL_BUILD_ROOT"]
PEAL = os.path.join(ROOT, "app", "peal")
# The sanitizers' builds are slower; ./dev asan says by how much.
SLOWNESS = int(os.environ.get("PEAL_TEST_SLOWNESS", "1"))
PATIENCE_S = 60 * SLOWNESS


class Failure(Exception):
    """What a test expected and did not see."""


class Skipped(Exception):
    """Why a test cannot run here."""


def check(condition, text):
    if not condition:
        raise Failure(text)


def run(*arguments, env=None, expect=None):
    """Runs to the end: (status, standard output, standard error)."""
    done = subprocess.run(
        [PEAL, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=PATIENCE_S, check=False, env=env or os.environ)
    if expect is not None:
        check(done.returncode == expect,
              f"peal {' '.join(arguments)}: status {done.returncode}, not "
              f"{expect}: {done.stdout} {done.stderr}")
    return done.returncode, done.stdout, done.stderr


class Program:
    """A running program that prints JSON lines: its events, as they come."""

    def __init__(self, *command, env=None):
        self.name = " ".join(command)
        self.events = []
        self._new = queue.Queue()
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=env or os.environ)
        self.errors = []
        self._threads = [threading.Thread(target=self._read_events),
                         threading.Thread(target=self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _read_events(self):
        for line in self._process.stdout:
            self._new.put(json.loads(line))
        self._new.put(None)

    def _read_errors(self):
        for line in self._process.stderr:
            self.errors.append(line.rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()

    def wait_for(self, event, **fields):
        """The next event of that name with those fields; a field may be a
        function that says whether the value will do."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                got = self._new.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                got = None
            check(got is not None,
                  f"{self.name}: no {event} {fields}; events: {self.events} "
                  f"errors: {self.errors}")
            self.events.append(got)
            if got["event"] == event and all(
                    wanted(got.get(key)) if callable(wanted)
                    else got.get(key) == wanted
                    for key, wanted in fields.items()):
                return got

    @property
    def pid(self):
        return self._process.pid

    def end(self, number=signal.SIGINT):
        """Ends it by a signal: its status."""
        self._process.send_signal(number)
        return self.join()

    def join(self):
        """Its status, once it has ended by itself, every event read."""
        status = self._process.wait(timeout=PATIENCE_S)
        for thread in self._threads:
            thread.join()
        while not self._new.empty():
            got = self._new.get()
            if got is not None:
                self.events.append(got)
        return status


class Peal(Program):
    """A running `peal` with --json; @before goes before the command."""

    def __init__(self, *arguments, env=None, before=()):
        super().__init__(*before, PEAL, *arguments, "--json", env=env)


def report(tests):
    """Runs (name, function) pairs and speaks TAP: the exit status."""
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} {name}", flush=True)
        except Skipped as reason:
            print(f"ok {number} {name} # SKIP {reason}", flush=True)
        except Exception:  # a test that breaks is a test that failed
            failed += 1
            print(f"not ok {number} {name}")
            for line in traceback.format_exc().splitlines():
                print("#", line, flush=True)
    return 1 if failed else 0


def tell(tests, topic="cli"):
    """Runs functions named by sentences. Exits with 1 if one failed."""
    sys.exit(report([(f"/{topic}/" + test.__name__.replace("_", "-"), test)
                     for test in tests]))
