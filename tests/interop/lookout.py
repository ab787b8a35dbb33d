"""What the tests with other people's GStreamer programs share: pipelines in
processes of their own whose pictures and sound are looked at as they come,
and servers.
"""
import array
import cmath
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time

ROOT = os.environ["PEAL_SOURCE_ROOT"]
BUILD = os.environ["PEAL_BUILD_ROOT"]
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
from cli import PATIENCE_S, Failure, Skipped, check  # noqa: E402

CRATES = os.path.join(BUILD, "crates")
SIDE = 16
PICTURE_BYTES = SIDE * SIDE * 3
RATE = 8000
WINDOW = 1600  # samples: tones of whole tens of Hz have whole periods in it
TONES = [300, 440, 600, 900]
COLOURS = {"red": (255, 0, 0), "blue": (0, 0, 255), "green": (0, 255, 0)}
NEAR = 60  # of 255: what coding and grey borders do to a plain colour

PICTURES = ("queue ! videoconvert ! videoscale add-borders=false ! "
            f"video/x-raw,format=RGB,width={SIDE},height={SIDE} ! "
            "fdsink sync=false fd=")
SOUND = ("queue ! audioconvert ! audioresample ! "
         f"audio/x-raw,format=S16LE,rate={RATE},channels=1 ! "
         "fdsink sync=false fd=")


def media(sink, colour, tone):
    """Test media into the pads of the element named @sink."""
    return (f"videotestsrc is-live=true pattern={colour} ! video/x-raw,"
            f"width=320,height=240,framerate=15/1 ! {sink}. "
            f"audiotestsrc is-live=true freq={tone} ! audio/x-raw,rate=48000 "
            f"! {sink}. ")


def strength(samples, tone):
    turn = cmath.exp(-2j * cmath.pi * tone / RATE)
    total, factor = 0, 1
    for sample in samples:
        total += sample * factor
        factor *= turn
    return abs(total) / len(samples)


def tone_of(chunk):
    """The one of TONES that stands out, or None."""
    samples = array.array("h", chunk)
    powers = {tone: strength(samples, tone) for tone in TONES}
    best = max(powers, key=powers.get)
    others = max(power for tone, power in powers.items() if tone != best)
    return best if powers[best] > 500 and powers[best] > 4 * others else None


def colour_of(chunk):
    """The one of COLOURS that the middle of a picture has, or None."""
    middle = [chunk[3 * (y * SIDE + x):][:3] for y in range(6, 10)
              for x in range(6, 10)]
    mean = [sum(pixel[i] for pixel in middle) / len(middle) for i in range(3)]
    for name, wanted in COLOURS.items():
        if all(abs(mean[i] - wanted[i]) < NEAR for i in range(3)):
            return name
    return None


class Pipeline:
    """A `gst-launch-1.0` whose pictures and sound are looked at.

    @description has {pictures} and {sound} where its sinks are to be.
    """

    def __init__(self, description, env=None):
        self.seen = queue.Queue()
        self._threads = []
        self._env = env
        self._description = description
        self._process = None

    def _open(self, size, judge):
        reader, writer = os.pipe()
        thread = threading.Thread(
            target=self._look, args=(reader, size, judge))
        self._threads.append(thread)
        thread.start()
        return writer

    def _look(self, reader, size, judge):
        with os.fdopen(reader, "rb") as stream:
            while len(chunk := stream.read(size)) == size:
                self.seen.put(judge(chunk))

    def __enter__(self):
        pictures = self._open(PICTURE_BYTES, colour_of)
        sound = self._open(2 * WINDOW, tone_of)
        text = self._description.format(
            pictures=PICTURES + str(pictures), sound=SOUND + str(sound))
        self._process = subprocess.Popen(
            ["gst-launch-1.0", "-q", *text.split()], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            pass_fds=(pictures, sound), env=self._env)
        os.close(pictures)
        os.close(sound)
        self._threads.append(threading.Thread(target=self._read_errors))
        self._threads[-1].start()
        return self

    def _read_errors(self):
        self.errors = self._process.stderr.read()
        self.seen.put(Failure("it ended"))

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()

    def wait_for(self, *wanted):
        """Until a picture of that colour and sound of that tone came."""
        missing = set(wanted)
        limit_s = time.monotonic() + PATIENCE_S
        while missing:
            try:
                got = self.seen.get(
                    timeout=max(limit_s - time.monotonic(), 0))
            except queue.Empty:
                got = Failure("it did not come in time")
            if isinstance(got, Failure):
                self._process.kill()
                raise Failure(f"{self._description}: {got}, without {missing}: "
                              f"{getattr(self, 'errors', '')}")
            missing.discard(got)


class Server:
    """A program that listens, and says who comes. @listens and @comes are what
    its lines have then."""

    def __init__(self, command, listens, comes, env=None):
        self._command = command
        self._listens = re.compile(listens)
        self._comes = re.compile(comes)
        self._env = env
        self._lines = queue.Queue()

    def __enter__(self):
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env=self._env)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        try:
            self._wait_for(self._listens)
        except Failure:
            self.__exit__()
            raise
        return self

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _wait_for(self, pattern):
        line = ""
        while line is not None and not pattern.search(line):
            try:
                line = self._lines.get(timeout=PATIENCE_S)
            except queue.Empty:
                line = None
        check(line is not None, f"{self._command}: no {pattern.pattern}")

    def wait_for_member(self):
        """Until one more has come who may have something to send."""
        self._wait_for(self._comes)

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._thread.join()


def our_server(port):
    return Server([os.path.join(BUILD, "app", "peal"), "serve", "--json",
                   "--listen", f"127.0.0.1:{port}"],
                  r"\"serving\"", r"\"member-joined\"")


def with_crates():
    """The environment in which webrtcsink and webrtcsrc are known."""
    plugins = os.path.join(CRATES, "plugins")
    path = os.environ["GST_PLUGIN_PATH_1_0"]
    env = dict(os.environ, GST_PLUGIN_PATH_1_0=f"{path}:{plugins}",
               GST_REGISTRY_1_0=os.path.join(BUILD, "tests", "crates.bin"))
    for element in ("webrtcsink", "webrtcsrc"):
        done = subprocess.run(["gst-inspect-1.0", element], check=False,
                              stdout=subprocess.DEVNULL, env=env)
        if done.returncode != 0:
            raise Skipped(f"no {element} here: Debian 12 has none, there are "
                          "no Python wheels of it for Linux, and ./dev crates "
                          "did not build it")
    return env


def their_server(port):
    program = shutil.which(
        "gst-webrtc-signalling-server",
        path=os.path.join(CRATES, "bin") + ":" + os.environ["PATH"])
    if not program:
        raise Skipped("no gst-webrtc-signalling-server here: ./dev crates did "
                      "not build it")
    return Server([program, "--host", "127.0.0.1", "--port", str(port)],
                  r"Listening on", r"registered as .*Producer",
                  dict(os.environ, WEBRTCSINK_SIGNALLING_SERVER_LOG="info"))
