"""What the tests of examples and README share: a free port, a room server, a
member with test media, running a command to its end, and looking at what it
left behind.
"""
import os
import re
import signal
import socket
import subprocess
import sys

ROOT = os.environ["PEAL_SOURCE_ROOT"]
BUILD = os.environ["PEAL_BUILD_ROOT"]
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
from cli import Failure, Peal, check  # noqa: E402  pylint: disable=C0413

SECONDS_LONG = 8
PATIENCE_S = 60
TROUBLE = re.compile(r"CRITICAL \*\*|WARNING \*\*|^ERROR|syntax error|"
                     r"not found|erroneous pipeline", re.M)

# Sinks that leave small pictures and sound behind, to be looked at.
PICTURES = ("videoconvert ! videoscale ! "
            "video/x-raw,format=RGB,width=16,height=16 ! filesink location=")
SOUND = ("audioconvert ! audioresample ! "
         "audio/x-raw,format=S16LE,rate=8000,channels=1 ! filesink location=")
PICTURE_BYTES = 16 * 16 * 3


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**settings):
    path = os.path.join(BUILD, "app") + ":" + os.environ["PATH"]
    return dict(os.environ, PATH=path, **settings)


def has_element():
    done = subprocess.run(["gst-inspect-1.0", "pealbin"], check=False,
                          stdout=subprocess.DEVNULL)
    return done.returncode == 0


def server(port):
    return Peal("serve", "--listen", str(port))


def member(uri, seconds=SECONDS_LONG):
    """A member with test media that nobody has to look at."""
    return Peal("call", uri, "--video", "test", "--audio", "test", "--name",
                "member", "--no-display", "--no-speaker", "--seconds",
                str(seconds))


def summary_of(peal):
    check(peal.join() == 0, f"{peal.name}: {peal.events} {peal.errors}")
    return peal.events[-1]


class Command:
    """A shell command in a process group of its own."""

    def __init__(self, command, folder, **settings):
        self.command = command
        self._process = subprocess.Popen(
            ["sh", "-c", command], cwd=folder, env=environment(**settings),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def join(self, good=(0,)):
        """What it said, once it has ended by itself and well."""
        try:
            said, _ = self._process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired as error:
            raise Failure(f"it does not end: {self.command}") from error
        status = self._process.returncode
        check(status in good, f"status {status}: {self.command}\n{said}")
        check(not TROUBLE.search(said), f"{self.command}\n{said}")
        return said


def last_picture(path):
    with open(path, "rb") as file:
        data = file.read()
    check(len(data) >= PICTURE_BYTES, f"no picture in {path}")
    return data[-PICTURE_BYTES:]


def shows_something(path):
    """Is the last picture more than black, the mix of nobody?"""
    return max(last_picture(path)) > 100


def sounds(path):
    """Was there any sound but silence?"""
    with open(path, "rb") as file:
        data = file.read()
    samples = memoryview(data[:len(data) // 2 * 2]).cast("h")
    return max((abs(sample) for sample in samples), default=0) > 1000


def tell(tests):
    """Runs (sentence, function) pairs and speaks TAP."""
    if not has_element():
        print("1..0 # SKIP this build has no pealbin")
        return 0
    print(f"1..{len(tests)}")
    failed = 0
    for number, (sentence, test) in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {sentence}", flush=True)
        except Exception as error:  # pylint: disable=W0718
            failed += 1
            print(f"not ok {number} - {sentence}")
            print("# " + str(error).replace("\n", "\n# "), flush=True)
    return 1 if failed else 0
