#!/usr/bin/env python3
"""./dev bench setup: from a newcomer's `joined` to connected, and to a picture.

One member stays in the room with a moving 720p30 picture. A newcomer joins from
a process that has just started (cold), leaves, and a moment later joins again
in the same one (warm). `connected` is when both sides say so, `first picture`
when the newcomer has decoded one of the other's. All tell the time by one
clock.

The references take turns with us. None has a room: their time begins when one
side wishes to offer and the camera runs, and what they pass to each other needs
no server. All are warm, and ratios without `cold_` compare with our warm
figures. Two peer connections in one page of Chromium, libwebrtc in two Node
processes, two webrtcbins with their defaults, and a webrtcsrc that comes to a
webrtcsink where ./dev crates has built them. All that is GStreamer has pictures
that lie in memory: drawing a test picture takes 3 ms of one of the processors
that both sides work on.
"""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile

from bench import Ended, Program, arguments, free_port, server, spread, tell
from latency import crate, crates_environment

HERE = os.path.dirname(os.path.abspath(__file__))
WEBRTC = os.path.join(HERE, "webrtc")
PAUSE_S = 0.2  # so that what has just ended is gone
STARTS = 3  # of one reference: libwebrtc in Node crashes now and then
NEWCOMER = ("joined", "connected", "picture")
DRAWING = ("gst-launch-1.0 -q videotestsrc pattern=ball num-buffers=30 ! "
           "video/x-raw,format=I420,width=1280,height=720,framerate=30/1 ! "
           "filesink location=")


@contextlib.contextmanager
def program(*command):
    """Ends with its standard input, and then so do its children."""
    with Program(*command, stdin=subprocess.PIPE) as started:
        yield started
        with contextlib.suppress(BrokenPipeError):
            started.process.stdin.close()
        started.process.stdin = None
        started.process.wait()


@contextlib.contextmanager
def drawn_pictures():
    """A file of them, for bench-camera and others."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "pictures.raw")
        subprocess.run((DRAWING + path).split(), check=True)
        yield path


def member(port, pictures):
    return program("bench-member", f"ws://127.0.0.1:{port}/ws/bench", pictures)


def hear(side, *events):
    """When each of @events came first, in us."""
    times = {}
    while len(times) < len(events):
        line = side.process.stdout.readline()
        if not line:
            raise SystemExit("bench-member ended before its time")
        said = json.loads(line)
        if said["event"] in events:
            times.setdefault(said["event"], said["us"])
    return times


def measure_join(newcomer, host):
    """(ms to connected, ms to the first picture) of who is joining now."""
    times = hear(newcomer, *NEWCOMER)
    connected = max(times["connected"], hear(host, "connected")["connected"])
    return ((connected - times["joined"]) / 1000,
            (times["picture"] - times["joined"]) / 1000)


def press_enter(side):
    side.process.stdin.write("\n")
    side.process.stdin.flush()


def pause():
    signal.sigtimedwait([], PAUSE_S)


def measure_ours(joining, host, found):
    with joining as newcomer:
        found["cold"].append(measure_join(newcomer, host))
        press_enter(newcomer)
        pause()
        press_enter(newcomer)
        found["warm"].append(measure_join(newcomer, host))
    pause()


class Reference:
    """A program that makes a call when asked, started anew when it crashed."""

    def __init__(self, stack, *command):
        self.stack, self.command, self.starts = stack, command, 0
        self.start()

    def start(self):
        """Warms up with one call. Gives up with Ended."""
        while self.starts < STARTS:
            self.starts += 1
            self.program = self.stack.enter_context(program(*self.command))
            with contextlib.suppress(Ended):
                self.program.ask()
                return
        raise Ended(f"it ended {STARTS} times")

    def call(self):
        """(ms to connected, ms to the first picture). Raises Ended."""
        while True:
            try:
                times = self.program.ask()
                return times["connected_us"] / 1000, times["picture_us"] / 1000
            except Ended:
                self.start()


class WebrtcSink:
    """webrtcsink and its server, to which a warm webrtcsrc comes. Its time
    begins with its start, there is no `joined`; its first call warms both up.
    Camera and server run during its turns only."""

    CAMERA = "appsrc name=camera ! identity sync=true ! "

    def __init__(self, stack, env, pictures):
        self.stack, self.port, self.env = stack, free_port(), env
        self.pictures, self.source = pictures, None

    def describe(self, element):
        return (f"{element} signaller::uri=ws://127.0.0.1:{self.port} "
                "stun-server=stun://127.0.0.1:9")

    def start_source(self):
        source = (self.describe("webrtcsrc name=source") +
                  " connect-to-first-producer=true source. ! video/x-raw ! "
                  "queue ! fakesink name=seen async=false sync=false")
        self.source = self.source or self.stack.enter_context(
            program("env", *self.env, "bench-source", source))

    def call(self):
        """(ms to connected, ms to the first picture). Raises Ended."""
        self.start_source()
        sink = self.describe("webrtcsink video-caps=video/x-vp8")
        with Program("env", "WEBRTCSINK_SIGNALLING_SERVER_LOG=info",
                     crate("gst-webrtc-signalling-server"), "--host",
                     "127.0.0.1", "--port", str(self.port)) as signalling:
            signalling.wait_for("Listening on")
            with Program("env", *self.env, "bench-camera", self.pictures,
                         *(self.CAMERA + sink).split()):
                signalling.wait_for("registered as .*Producer")
                self.source.ask()
                pause()
                times = self.source.ask()
        return times["connected_us"] / 1000, times["picture_us"] / 1000


def start_webrtcsink(stack, pictures, started, skipped):
    env = crates_environment()
    if not env:
        skipped["webrtcsink"] = "./dev crates has not built it"
        return
    sink = WebrtcSink(stack, [f"{name}={env[name]}" for name in (
        "GST_PLUGIN_PATH_1_0", "GST_REGISTRY_1_0")], pictures)
    try:
        sink.call()
        started["webrtcsink"] = sink
    except Ended as reason:
        skipped["webrtcsink"] = str(reason)


def start_references(stack, pictures):
    """Those that are here, and why others are not."""
    commands = {"webrtcbin": ("bench-pair", pictures)}
    skipped = {}
    scripts = {"libwebrtc": shutil.which("node"),
               "chromium": shutil.which("chromium")}
    for name, needed in scripts.items():
        if needed:
            commands[name] = ("node", os.path.join(WEBRTC, name + ".mjs"))
        else:
            skipped[name] = "it is not installed"
    started = {}
    for name, command in commands.items():
        try:
            started[name] = Reference(stack, *command)
        except Ended as reason:
            skipped[name] = str(reason)
    start_webrtcsink(stack, pictures, started, skipped)
    return started, skipped


def measure_references(references, found, skipped):
    for name, reference in list(references.items()):
        try:
            found[name].append(reference.call())
        except Ended as reason:
            skipped[name] = f"{reason}, after {len(found[name])} calls"
            del references[name]
        pause()


def measure_all(runs):
    port = free_port()
    with contextlib.ExitStack() as stack:
        stack.enter_context(server(port))
        pictures = stack.enter_context(drawn_pictures())
        host = stack.enter_context(member(port, pictures))
        hear(host, "joined")
        references, skipped = start_references(stack, pictures)
        found = {name: [] for name in ("cold", "warm", *references)}
        measure_ours(member(port, pictures), host, {"cold": [], "warm": []})
        for _ in range(runs):
            measure_ours(member(port, pictures), host, found)
            measure_references(references, found, skipped)
    return {name: pairs for name, pairs in found.items() if pairs}, skipped


def figures(rows):
    numbers = {
        "connected_ms": rows["warm: connected, ms"]["median"],
        "first_picture_ms": rows["warm: first picture, ms"]["median"],
        "cold_connected_ms": rows["cold: connected, ms"]["median"],
        "cold_first_picture_ms": rows["cold: first picture, ms"]["median"],
    }
    for name in ("chromium", "libwebrtc", "webrtcbin", "webrtcsink"):
        row = rows.get(f"{name}: first picture, ms")
        if row:
            for prefix in ("", "cold_"):
                numbers[f"{prefix}{name}_ratio"] = round(
                    row["median"] / numbers[prefix + "first_picture_ms"], 2)
    return numbers


def main():
    options = arguments(__doc__, runs=10)
    found, skipped = measure_all(options.runs)
    rows = {}
    for name, pairs in found.items():
        for index, what in enumerate(("connected", "first picture")):
            rows[f"{name}: {what}, ms"] = spread(
                [pair[index] for pair in pairs])
    tell("setup", rows, options.json, figures(rows), skipped)


if __name__ == "__main__":
    main()
