#!/usr/bin/env python3
"""Every command in README.md is run: the lines in its ```sh blocks, with the
camera, screen, microphone, display and port of a machine that has none."""
import json
import os
import re
import sys
import tempfile

from harness import (ROOT, SECONDS_LONG, TIMEOUT_STATUS, Command, Witness,
                     check, free_port, member, server, tell)
from looks import PICTURES, SOUND, check_hears, check_sees, solid

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
# What the pipelines send here, and what `peal call` sends as a test.
SENT = "pattern=solid-color foreground-color=0xff0000ff"
SENT_COLOUR = solid(0, 0, 255)
SENT_HERTZ = 600
TEST_COLOUR = solid(0x20, 0x50, 0x7A)
TEST_HERTZ = 440
H264 = (f"videotestsrc is-live=true {SENT} ! "
        "video/x-raw,width=1280,height=720 ! "
        "x264enc tune=zerolatency speed-preset=ultrafast bitrate=2000 "
        "key-int-max=30 ! video/x-h264,profile=constrained-baseline !")

# What README says, and what stands for it here.
STAND_INS = [
    (r"v4l2src device=\S+ ! video/x-h264\S+ !", H264),
    (r"v4l2src|ximagesrc use-damage=false ! video/x-raw,framerate=15/1",
     f"videotestsrc is-live=true {SENT}"),
    (r"pulsesrc", f"audiotestsrc is-live=true volume=0.2 freq={SENT_HERTZ}"),
    (r"autovideosink", PICTURES + "seen.rgb"),
    (r"autoaudiosink", SOUND + "heard.pcm"),
]


# Those of this section want networks of their own: tests/nat/readme.py.
ELSEWHERE = re.compile(r"^## Behind a NAT$.*?^(?=## )", re.M | re.S)


def commands(readme):
    """The lines of the shell blocks, without their comments."""
    lines = []
    readme = ELSEWHERE.sub("", readme)
    for language, block in FENCE.findall(readme):
        check(language, "a block without a language: " + block)
        if language == "sh":
            lines += [re.sub(r"\s+# .*", "", line).strip()
                      for line in block.split("\n") if line.strip()]
    return lines


def here(line, port):
    for pattern, stand_in in STAND_INS:
        line = re.sub(pattern, lambda _, text=stand_in: text, line)
    return re.sub(r"(?:localhost|host):(?:8080|8443)|\b0\.0\.0\.0:8443",
                  f"127.0.0.1:{port}", line)


def timed(line):
    return f"timeout -k 5 -s INT {SECONDS_LONG} {line}"


def room_of(line):
    found = re.search(r"uri=ws://[^/]+/(\w+)|room=(\w+)", line)
    return found.group(1) or found.group(2)


def run_pipeline(line):
    """Beside a member that has to get what the pipeline sends, if it does."""
    port = free_port()
    line = here(line, port)
    uri = f"ws://127.0.0.1:{port}/{room_of(line)}"
    with tempfile.TemporaryDirectory() as folder:
        if "serve=" in line:
            with Command(timed(line), folder) as run, \
                    Witness(uri, folder) as other:
                look(line, folder, run, other)
        else:
            with server(port), Command(timed(line), folder) as run, \
                    Witness(uri, folder) as other:
                look(line, folder, run, other)


def look(line, folder, run, other):
    """At what came out at both ends."""
    other.join()
    run.join([0, TIMEOUT_STATUS])
    if "! call." in line:
        other.check_sees(SENT_COLOUR)
        other.check_hears(SENT_HERTZ)
    if "call.mkv" in line:
        play_recording(folder)
        line += " seen.rgb heard.pcm"
    check("heard.pcm" in line or "seen.rgb" in line, "nothing comes out here")
    if "heard.pcm" in line:
        check_hears(os.path.join(folder, "heard.pcm"), Witness.HERTZ)
    if "seen.rgb" in line:
        check_sees(os.path.join(folder, "seen.rgb"), Witness.COLOUR)


def play_recording(folder):
    with Command("gst-launch-1.0 filesrc location=call.mkv ! decodebin name=d "
                 f"d. ! {PICTURES}seen.rgb d. ! {SOUND}heard.pcm",
                 folder) as player:
        player.join()


def run_peal(line):
    """The command itself, with test media and for a short while."""
    port = free_port()
    line = here(line, port)
    if " call " in line:
        line += " --video test --audio test --no-display --no-speaker"
    if line.endswith("--serve") or "--serve " in line:
        line = line.replace("--serve", f"--serve=127.0.0.1:{port}")
    if "devices" not in line:
        line += " --seconds 3"
    with tempfile.TemporaryDirectory() as folder:
        if "ws://" in line:
            meet(line, port, folder)
        else:
            with Command(line, folder, XDG_STATE_HOME=folder) as run:
                run.join()


def meet(line, port, folder):
    """A member that speaks Peal's own protocol is opposite."""
    line = line.replace("--seconds 3", f"--seconds {SECONDS_LONG} --json")
    with server(port), Command(line, folder) as run, Witness(
            f"ws://127.0.0.1:{port}/lobby", folder) as other:
        other.join()
        other.check_sees(TEST_COLOUR)
        other.check_hears(TEST_HERTZ)
        check_summary(json.loads(run.join().splitlines()[-1]))


def check_summary(summary):
    """The command itself has seen and heard the other, too."""
    check(len(summary["peers"]) == 1, str(summary))
    peer = summary["peers"][0]
    check((peer["video_width"], peer["video_height"]) == Witness.SIZE
          and peer["video_frames"] > 0, f"no picture: {peer}")
    check(peer["audio_ms"] > 0, f"no sound: {peer}")


def check_dev(line):
    """./dev fresh runs these; here they must at least be its commands."""
    name = line.split()[1]
    with open(os.path.join(ROOT, "dev"), encoding="utf-8") as file:
        check(f"\ncmd_{name} ()" in file.read(), f"./dev has no {name}")


def test_of(line):
    if line.startswith("./dev "):
        return lambda: check_dev(line)
    if line.startswith("gst-launch-1.0 "):
        return lambda: run_pipeline(line)
    if line.startswith("peal "):
        return lambda: run_peal(line)

    def unknown():
        check(False, "nothing here knows how to run it")
    return unknown


def main():
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        readme = file.read()
    lines = commands(readme)
    pipelines = [line for line in lines if line.startswith("gst-launch")]
    return tell([("README has two commands and five pipelines", lambda: check(
        len(pipelines) == 5 and "./dev demo" in lines
        and "./dev check" in lines, str(lines)))] + [
            (line[:60].rstrip(), test_of(line)) for line in lines])


if __name__ == "__main__":
    sys.exit(main())
