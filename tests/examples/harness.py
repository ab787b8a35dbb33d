"""What the tests of examples and README share: a free port, a room server,
members with test media, and running a command to its end.
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
from cli import Failure, Peal, check, report  # noqa: E402  pylint: disable=C0413
from looks import (PICTURES, SOUND, check_hears,  # noqa: E402  pylint: disable=C0413
                   check_sees, solid)

SECONDS_LONG = 8
PATIENCE_S = 60
TIMEOUT_STATUS = 124  # of timeout(1), which ends the pipelines
TROUBLE = re.compile(r"CRITICAL \*\*|WARNING \*\*|^ERROR|syntax error|"
                     r"not found|erroneous pipeline", re.M)


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


def member(uri, seconds=SECONDS_LONG, video="test", audio="test"):
    """A member that tells in numbers what it got of the others."""
    return Peal("call", uri, "--video", video, "--audio", audio, "--name",
                "member", "--no-display", "--no-speaker", "--seconds",
                str(seconds))


def summary_of(peal):
    check(peal.join() == 0, f"{peal.name}: {peal.events} {peal.errors}")
    return peal.events[-1]


class Witness:
    """A member that sends a colour and a tone of its own, and keeps what it
    sees and hears of the others in @folder."""
    COLOUR = solid(0, 255, 0)
    HERTZ = 1000
    SIZE = (320, 240)
    LINE = (
        f"timeout -k 5 -s INT %d gst-launch-1.0 pealbin name=call uri=%s "
        "peer-name=witness videotestsrc is-live=true pattern=solid-color "
        "foreground-color=0xff00ff00 ! "
        "video/x-raw,width=320,height=240,framerate=15/1 ! call. "
        f"audiotestsrc is-live=true freq={HERTZ} volume=0.2 ! call. "
        f"call.mix_video ! {PICTURES}witness.rgb "
        f"call.mix_audio ! {SOUND}witness.pcm")

    def __init__(self, uri, folder, seconds=SECONDS_LONG - 2):
        self._folder = folder
        self._run = Command(self.LINE % (seconds, uri), folder)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._run.__exit__(*error)

    def join(self):
        self._run.join([0, TIMEOUT_STATUS])

    def check_sees(self, wanted):
        check_sees(os.path.join(self._folder, "witness.rgb"), wanted)

    def check_hears(self, hertz):
        check_hears(os.path.join(self._folder, "witness.pcm"), hertz)


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


def tell(tests):
    """Runs (sentence, function) pairs and speaks TAP."""
    if not has_element():
        print("1..0 # SKIP this build has no pealbin")
        return 0
    return report([("- " + sentence, test) for sentence, test in tests])
