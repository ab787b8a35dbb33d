#!/usr/bin/env python3
"""./dev bench latency: from capture to display, through two elements.

The sender's pictures (720p30) hold the time at which they were captured, its
sound holds a click at each half second. The receiver reads both when a display
or a speaker would get them: at sinks that synchronize as GStreamer's own do
(video sinks: 15 ms for what is between, 5 ms too late is dropped).

    sender -- clean link: nothing, 127.0.0.1 ----------------- receiver
    sender -- jittery link: ours, 30 ms +- 10 ms -- coturn --- receiver

On the jittery link the sender has to use a TURN server, and the way to that
server is latency-link: each packet, either way, waits for itself, and some
overtake others. Elements take turns: pealbin's remote pads, its mixes,
webrtcsink to webrtcsrc where ./dev crates built them, and webrtcbin as it
comes, with the codecs' parameters that it is usually shown with.
"""
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading

from bench import (PATIENCE_S, Program, arguments, free_port, percentile,
                   server, spread, tell)

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.dirname(os.environ["GST_PLUGIN_PATH_1_0"].split(":")[0])
WARM_UP_S = 2.5
DELAY_MS, JITTER_MS = 30, 10
READING = re.compile(r"\w+ [-0-9.]+ \d+\n")
LINKS = ("clean", "jittery")

PICTURES = ("videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,"
            "width=1280,height=720,framerate=30/1 ! identity name=code_video ")
SOUND = ("audiotestsrc is-live=true wave=silence samplesperbuffer=480 ! "
         "audio/x-raw,format=S16LE,rate=48000,channels=1 ! "
         "identity name=code_audio ")
SEE = ("videoconvert ! video/x-raw,format=I420 ! fakesink name=see_video "
       "sync=true qos=true max-lateness=5000000 processing-deadline=15000000 ")
HEAR = ("audioconvert ! audio/x-raw,format=S16LE ! "
        "fakesink name=hear_audio sync=true ")
RTP = "application/x-rtp,media={},encoding-name={},payload={} ! rtc. "


class End(Program):
    """A latency-end, whose lines are read while it runs."""

    def __init__(self, pipeline, *role, env=None):
        super().__init__("true")
        self.process.wait()
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "tests", "bench", "latency-end"), pipeline,
             *role], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=env)
        self.readings = []
        self.other = None
        self.started = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def start(self):
        self._thread.start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith(">"):
                self.other.tell(line)
                continue
            if READING.fullmatch(line):
                name, ms, number = line.split()
                self.readings.append((name, float(ms), int(number)))
                self.started.set()

    def tell(self, line):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(line)
            self.process.stdin.flush()

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._thread.join()


def own_address():
    """Of this machine: hosts offer no loopback to each other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        with contextlib.suppress(OSError):
            probe.connect(("192.0.2.1", 9))
        return probe.getsockname()[0]


@contextlib.contextmanager
def jittery_link():
    """The URL of a TURN server that is as far as @DELAY_MS says."""
    port, address = free_port(), own_address()
    with tempfile.TemporaryDirectory() as folder, Program(
            "turnserver", "-n", "--no-tls", "--no-dtls", "--no-cli",
            "--lt-cred-mech", "--user=a:b", "--realm=peal", "--no-stdout-log",
            f"--listening-ip={address}", f"--listening-port={port}",
            f"--relay-ip={address}", "--allow-loopback-peers",
            f"--pidfile={folder}/pid", f"--userdb={folder}/db",
            f"--log-file={folder}/log"):
        with subprocess.Popen(
                [os.path.join(BUILD, "tests", "bench", "latency-link"),
                 address, str(port), str(DELAY_MS), str(JITTER_MS)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True) as link:
            listens = link.stdout.readline().split()[1]
            yield f"turn://a:b@{address}:{listens}"
            link.stdin.close()


def relayed(turn):
    return (f"turn-servers=<\\\"{turn}\\\"> ice-transport-policy=relay"
            if turn else "")


@contextlib.contextmanager
def peal(turn, outputs):
    port = free_port()
    call = f"pealbin name=call uri=ws://127.0.0.1:{port}/bench "
    far = f"{call} {relayed(turn)}"
    video, audio = outputs
    with server(port), \
            End(f"{call} call.{video} ! {SEE} call.{audio} ! {HEAR}") as there, \
            End(f"{far} {PICTURES} ! call. {SOUND} ! call.") as here:
        yield here, there


def remote(turn, _):
    return peal(turn, ("remote_video_0", "remote_audio_0"))


def mix(turn, _):
    return peal(turn, ("mix_video", "mix_audio"))


@contextlib.contextmanager
def webrtcbin(turn, _):
    far = f"turn-server={turn} ice-transport-policy=relay" if turn else ""
    with End("webrtcbin name=rtc bundle-policy=max-bundle "
             "rtpvp8depay name=take_video ! vp8dec ! "
             f"queue ! {SEE} rtpopusdepay name=take_audio ! opusdec ! "
             f"queue ! {HEAR}", "answer") as there, \
        End(f"webrtcbin name=rtc bundle-policy=max-bundle {far} {PICTURES} ! "
            "queue ! vp8enc deadline=1 cpu-used=8 target-bitrate=2000000 "
            "keyframe-max-dist=60 ! rtpvp8pay ! " + RTP.format("video", "VP8", 96)
            + f"{SOUND} ! queue ! opusenc ! rtpopuspay ! "
            + RTP.format("audio", "OPUS", 97), "offer") as here:
        here.other, there.other = there, here
        yield here, there


@contextlib.contextmanager
def webrtcsink(turn, env):
    port = free_port()
    uri = f"signaller::uri=ws://127.0.0.1:{port}"
    no_stun = "stun-server=stun://127.0.0.1:9"
    with contextlib.ExitStack() as stack:
        signalling = stack.enter_context(Program(
            "env", "WEBRTCSINK_SIGNALLING_SERVER_LOG=info",
            crate("gst-webrtc-signalling-server"), "--host", "127.0.0.1",
            "--port", str(port)))
        signalling.wait_for("Listening on")
        here = stack.enter_context(End(
            f"webrtcsink name=sink {uri} {no_stun} {relayed(turn)} "
            "video-caps=video/x-vp8 "
            f"{PICTURES} ! sink. {SOUND} ! sink.", env=env))
        signalling.wait_for("registered as .*Producer")
        there = stack.enter_context(End(
            f"webrtcsrc name=source {uri} {no_stun} "
            "connect-to-first-producer=true "
            f"source. ! video/x-raw ! queue ! {SEE} "
            f"source. ! audio/x-raw ! queue ! {HEAR}", env=env))
        yield here, there


def crate(program):
    """Where ./dev crates has put it, in this build or the usual one."""
    for folder in (BUILD, os.path.join(ROOT, "build")):
        for place in ("bin", "plugins"):
            path = os.path.join(folder, "crates", place, program)
            if os.path.exists(path):
                return path
    return None


def crates_environment():
    plugin = crate("libgstrswebrtc.so")
    if not plugin or not crate("gst-webrtc-signalling-server"):
        return None
    path = os.environ["GST_PLUGIN_PATH_1_0"]
    return dict(os.environ,
                GST_PLUGIN_PATH_1_0=f"{path}:{os.path.dirname(plugin)}",
                GST_REGISTRY_1_0=os.path.join(BUILD, "tests", "crates.bin"))


def lost_percent(numbers):
    """Of the pictures from the first to the last that were shown."""
    if len(numbers) < 2:
        return None
    sent = (numbers[-1] - numbers[0]) % 65536 + 1
    return max(0.0, 100 * (1 - len(set(numbers)) / sent))


def measure(element, link, env, seconds):
    """What was read in the time after the warm-up."""
    with contextlib.ExitStack() as stack:
        turn = (stack.enter_context(jittery_link()) if link == "jittery"
                else None)
        here, there = stack.enter_context(element(turn, env))
        there.start()
        here.start()
        if not there.started.wait(PATIENCE_S):
            return {"video": [], "audio": [], "lost": []}
        signal.sigtimedwait([], WARM_UP_S)
        begin = len(there.readings)
        signal.sigtimedwait([], seconds)
        found = there.readings[begin:]
    lost = lost_percent([n for name, _, n in found if name == "video"])
    return {"video": [ms for name, ms, _ in found if name == "video"],
            "audio": [ms for name, ms, _ in found if name == "audio"],
            "lost": [] if lost is None else [lost]}


def unavailable():
    """Elements and links that cannot be measured here, to the reason."""
    skipped = {}
    if not crates_environment():
        skipped["webrtcsink"] = "./dev crates has not built it"
    if not shutil.which("turnserver"):
        skipped["jittery"] = "there is no turnserver (coturn)"
    return skipped


def take_turns(options, skipped):
    """(element, link) to all its readings."""
    elements = {"pealbin": remote, "pealbin's mix": mix,
                "webrtcsink": webrtcsink, "webrtcbin": webrtcbin}
    found = {(name, link): {"video": [], "audio": [], "lost": []}
             for name in elements for link in LINKS
             if name not in skipped and link not in skipped}
    env = crates_environment()
    for _ in range(options.rounds):
        for (name, link), readings in found.items():
            new = measure(elements[name], link, env, options.seconds)
            for key, values in new.items():
                readings[key] += values
    return found


def figures(found):
    """By the names of issue and README."""
    def at(name, link, kind, percent):
        values = found.get((name, link), {}).get(kind)
        return round(percentile(values, percent), 1) if values else None

    def both(prefix, name, link):
        return {f"{prefix}p50_ms": at(name, link, "video", 50),
                f"{prefix}p99_ms": at(name, link, "video", 99),
                f"{prefix}audio_p50_ms": at(name, link, "audio", 50)}

    def ratio(name, link, kind):
        ours, theirs = (at(one, link, kind, 50) for one in ("pealbin", name))
        return round(theirs / ours, 1) if ours and theirs else None

    told = {}
    for link, prefix in (("clean", ""), ("jittery", "jittery_")):
        told.update(both(prefix, "pealbin", link))
        told.update(both(prefix + "mix_", "pealbin's mix", link))
        lost = found.get(("pealbin", link), {}).get("lost")
        told[prefix + "lost_percent"] = (
            round(sum(lost) / len(lost), 2) if lost else None)
        for name in ("webrtcsink", "webrtcbin"):
            told.update(both(f"{prefix}{name}_", name, link))
            told[f"{prefix}{name}_p50_ratio"] = ratio(name, link, "video")
            told[f"{prefix}{name}_audio_p50_ratio"] = ratio(name, link, "audio")
    return told


def main():
    options = arguments(__doc__, rounds=2, seconds=6)
    skipped = unavailable()
    found = take_turns(options, skipped)
    rows = {}
    for (name, link), readings in found.items():
        rows[f"{name}, {link}: video, ms"] = spread(readings["video"])
        rows[f"{name}, {link}: sound, ms"] = spread(readings["audio"])
        rows[f"{name}, {link}: pictures lost, %"] = spread(readings["lost"])
    tell("latency", rows, options.json, figures(found), skipped)


if __name__ == "__main__":
    main()
