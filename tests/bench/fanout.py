#!/usr/bin/env python3
"""./dev bench fanout: what one more viewer costs the sender.

A pipeline sends a moving 720p30 picture, drawn beforehand and mapped into
memory so that it costs nothing (camera.c), in H.264 at 2 Mbit/s to 1, 5, 10, 25
and 50 viewers, all in another process, which does not decode (viewers.c). Asked
of the kernel: CPU time of the sender in windows, in percent of a core; its
memory and threads. What was lost is told by sequence numbers and timestamps at
the viewers; 30 pictures a second there say that the sender kept up.

The references take the same source to 10 viewers with an encoder for each:
`own encoders` is our chain with a pealbin for each viewer, `webrtcsink` is
gst-plugins-rs' element, where ./dev crates has built it.
"""
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time

from bench import (Program, arguments, count_threads, memory_bytes, spread,
                   tell)

VIEWERS = (1, 5, 10, 25, 50)
REFERENCE_VIEWERS = 10
BITRATE = 2_000_000
WINDOW_S = 1.0
SETTLE_S = 3.0
HERE = os.path.dirname(os.path.abspath(__file__))
CRATES = os.path.join(HERE, "../../build/crates/plugins")

# Detail everywhere that moves, as before a camera: it fills its 2 Mbit/s.
PICTURES = "pictures.raw"
PICTURE_COUNT = 30
DRAWING = (f"gst-launch-1.0 videotestsrc num-buffers={PICTURE_COUNT} "
           "pattern=zone-plate kx2=20 ky2=20 kt=4 ! video/x-raw,format=I420,"
           "width=1280,height=720,framerate=30/1 ! filesink location=")
SOURCE = "appsrc name=camera ! identity sync=true"
ENCODING = (f"video-codecs=H264 start-bitrate={BITRATE} "
            f"max-bitrate={BITRATE} min-bitrate={BITRATE}")
VIEWER_CAPS = "video/x-h264"


def room(port, name):
    """Where producers do not meet each other, nor do consumers."""
    return f"gstwebrtc+ws://127.0.0.1:{port}/gstwebrtc/{name}"


def ours(port, _viewers):
    """One encoder for all."""
    return (f"pealbin name=call {ENCODING} "
            f"uri={room(port, 'all')}?role=producer {SOURCE} ! call.")


def own_encoders(port, viewers):
    """A pealbin, and so an encoder, for each viewer in a room of its own."""
    branches = " ".join(
        f"t. ! queue ! pealbin {ENCODING} uri={room(port, i)}?role=producer"
        for i in range(viewers))
    return f"{SOURCE} ! tee name=t {branches}"


def webrtcsink(port, _viewers):
    """gst-plugins-rs' sink, which has an encoder per consumer."""
    return (f"webrtcsink name=call video-caps=video/x-h264 "
            f"congestion-control=disabled start-bitrate={BITRATE} "
            f"max-bitrate={BITRATE} min-bitrate={BITRATE} "
            "do-retransmission=false do-fec=false "
            f"signaller::uri=ws://127.0.0.1:{port}/gstwebrtc/all "
            f"{SOURCE} ! call.")


def start_viewers(stack, port, chain, viewers):
    rooms = range(viewers) if chain is own_encoders else ["all"]
    share = viewers // len(rooms)
    programs = []
    for name in rooms:
        uri = f"{room(port, name)}?role=consumer"
        programs.append(stack.enter_context(
            Program("bench-viewers", uri, str(share), VIEWER_CAPS,
                    stdin=subprocess.PIPE)))
    for program in programs:
        program.wait_for(rf'"watching":{share}}}')
    return programs


def cpu_seconds(pid):
    """User and system time of all threads of a process, to the nanosecond:
    clock_getcpuclockid(3), which Python does not have."""
    return time.clock_gettime(~pid << 3 | 2)


def settle(seconds):
    signal.sigtimedwait([], seconds)


def ask_all(programs):
    """What all viewers have got since they were asked last."""
    said = [program.ask() for program in programs]
    total = {key: sum(one[key] for one in said) for key in said[0]}
    total["least"] = min(one["least"] for one in said)
    return total


def watch(sender, programs, windows):
    """CPU in percent of a core of each window, and what arrived."""
    ask_all(programs)
    percents = []
    for _ in range(windows):
        before = cpu_seconds(sender.pid)
        settle(WINDOW_S)
        percents.append((cpu_seconds(sender.pid) - before) / WINDOW_S * 100)
    return percents, ask_all(programs)


def measure(chain, viewers, windows, pictures):
    with contextlib.ExitStack() as stack:
        signalling = stack.enter_context(
            Program(sys.executable, os.path.join(HERE, "switchboard.py")))
        port = int(signalling.wait_for(r"^\d+$"))
        plugins = f"{os.environ.get('GST_PLUGIN_PATH_1_0', '')}:{CRATES}"
        sender = stack.enter_context(
            Program("bench-camera", pictures, *chain(port, viewers).split(),
                    GST_PLUGIN_PATH_1_0=plugins))
        programs = start_viewers(stack, port, chain, viewers)
        settle(SETTLE_S)
        percents, arrived = watch(sender, programs, windows)
        seconds = WINDOW_S * windows
        return {
            "percent": spread(percents),
            "pictures_per_second": arrived["pictures"] / viewers / seconds,
            "least_pictures_per_second": arrived["least"] / seconds,
            "packets": arrived["packets"],
            "lost": arrived["lost"],
            "frames_lost": arrived["frames_lost"],
            "bits_per_second": arrived["bytes"] * 8 / viewers / seconds,
            "memory": memory_bytes(sender.pid),
            "threads": count_threads(sender.pid),
        }


def per_viewer(few, many, key, viewers):
    """What each viewer after the first one adds."""
    return (many[key] - few[key]) / (viewers - VIEWERS[0])


def tell_measures(measures):
    print(f"{'viewers':16}{'pictures/s':>12}{'least':>8}{'lost':>6}"
          f"{'kbit/s':>8}{'packets':>9}{'lost':>6}{'MiB':>8}{'threads':>8}")
    for name, one in measures.items():
        print(f"{name:16}{one['pictures_per_second']:>12.1f}"
              f"{one['least_pictures_per_second']:>8.1f}"
              f"{one['frames_lost']:>6}"
              f"{one['bits_per_second'] / 1000:>8.0f}{one['packets']:>9}"
              f"{one['lost']:>6}{one['memory'] / 2**20:>8.1f}"
              f"{one['threads']:>8}")


def figures(found):
    """The numbers that the aims are about, from @found by name."""
    one, ten = found["1"], found["10"]
    most = found[str(VIEWERS[-1])]
    added = (most["percent"]["median"] - one["percent"]["median"]) / (
        VIEWERS[-1] - VIEWERS[0])
    numbers = {
        "core_percent_per_viewer": round(added, 3),
        "viewer_mib": round(
            per_viewer(one, most, "memory", VIEWERS[-1]) / 2**20, 3),
        "threads_per_viewer": round(
            per_viewer(one, most, "threads", VIEWERS[-1]), 2),
        "packets_lost": sum(found[str(n)]["lost"] for n in VIEWERS),
        "frames_lost_50": most["frames_lost"],
    }
    for name, key in (("own encoders", "ratio_10"),
                      ("webrtcsink", "webrtcsink_ratio_10")):
        if name in found:
            numbers[key] = round(found[name]["percent"]["median"] /
                                 ten["percent"]["median"], 2)
    return numbers


def measure_all(windows, pictures):
    skipped = {}
    subprocess.run((DRAWING + pictures).split(), check=True,
                   stdout=subprocess.DEVNULL)
    found = {str(n): measure(ours, n, windows, pictures) for n in VIEWERS}
    found["own encoders"] = measure(
        own_encoders, REFERENCE_VIEWERS, windows, pictures)
    if os.path.isdir(CRATES):
        found["webrtcsink"] = measure(
            webrtcsink, REFERENCE_VIEWERS, windows, pictures)
    else:
        skipped["webrtcsink"] = "./dev crates has not built it here"
    return found, skipped


def main():
    options = arguments(__doc__, windows=8)
    with tempfile.TemporaryDirectory() as folder:
        found, skipped = measure_all(
            options.windows, os.path.join(folder, PICTURES))
    tell_measures(found)
    tell("fanout", {f"{name}: sender, % of a core": one["percent"]
                    for name, one in found.items()},
         options.json, figures(found), skipped)


if __name__ == "__main__":
    main()
