#!/usr/bin/env python3
"""Every command in README.md is run: the lines in its ```sh blocks, with the
camera, screen, microphone, display and port of a machine that has none."""
import os
import re
import sys
import tempfile

from harness import (PICTURES, ROOT, SECONDS_LONG, SOUND, Command, check,
                     free_port, member, server, shows_something, sounds,
                     summary_of, tell)

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
H264 = ("videotestsrc is-live=true ! video/x-raw,width=1280,height=720 ! "
        "x264enc tune=zerolatency speed-preset=ultrafast bitrate=2000 "
        "key-int-max=30 ! video/x-h264,profile=constrained-baseline !")

# What README says, and what stands for it here.
STAND_INS = [
    (r"v4l2src device=\S+ ! video/x-h264\S+ !", H264),
    (r"v4l2src|ximagesrc use-damage=false ! video/x-raw,framerate=15/1",
     "videotestsrc is-live=true pattern=ball"),
    (r"pulsesrc", "audiotestsrc is-live=true"),
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
            with Command(timed(line), folder) as run, member(
                    uri, SECONDS_LONG - 2) as other:
                look(line, folder, run, other)
        else:
            with server(port), Command(timed(line), folder) as run, member(
                    uri, SECONDS_LONG - 2) as other:
                look(line, folder, run, other)


def look(line, folder, run, other):
    peers = summary_of(other)["peers"]
    check(len(peers) == 1, f"{peers}")
    if "! call." in line:
        check(peers[0]["video_frames"] > 0, f"no pictures: {peers}")
        check(peers[0]["audio_ms"] > 0, f"no sound: {peers}")
    run.join([0, 124])
    if "heard.pcm" in line:
        check(sounds(os.path.join(folder, "heard.pcm")), "heard nothing")
    if "seen.rgb" in line:
        check(os.path.getsize(os.path.join(folder, "seen.rgb")) > 0,
              "saw nothing")
    if "call.mkv" in line:
        look_at_recording(folder)


def look_at_recording(folder):
    with Command("gst-launch-1.0 filesrc location=call.mkv ! matroskademux ! "
                 f"h264parse ! avdec_h264 ! {PICTURES}seen.rgb",
                 folder) as player:
        player.join()
    frames = os.path.join(folder, "seen.rgb")
    check(os.path.getsize(frames) > 0, "an empty recording")
    check(shows_something(frames) or os.path.getsize(frames) > 768 * 60,
          "a recording of nothing")


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
        if "+ws://" in line:
            meet_in_foreign_words(line, port, folder)
        elif "ws://" in line:
            with server(port), Command(line, folder) as run:
                run.join()
        else:
            with Command(line, folder, XDG_STATE_HOME=folder) as run:
                run.join()


def meet_in_foreign_words(line, port, folder):
    """A member that speaks Peal's own protocol is opposite."""
    line = line.replace("--seconds 3", f"--seconds {SECONDS_LONG}")
    with server(port), Command(line, folder) as run, member(
            f"ws://127.0.0.1:{port}/lobby", SECONDS_LONG - 2) as other:
        peers = summary_of(other)["peers"]
        check(len(peers) == 1, f"{peers}")
        check(peers[0]["video_frames"] > 0, f"no pictures: {peers}")
        check(peers[0]["audio_ms"] > 0, f"no sound: {peers}")
        run.join()


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
