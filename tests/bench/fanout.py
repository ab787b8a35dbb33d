#!/usr/bin/env python3
"""./dev bench fanout: what one more viewer costs the sender.

A pipeline sends 720p30 at 2 Mbit/s to 1, 5 and 10 viewers, each a process of
its own that does not decode. Its CPU time is read in windows of two seconds, in percent of a core.
The viewers say how many pictures they got, because a sender that starves on a
crowded machine would look cheap: near 30 a second, the numbers count.
"""
import contextlib
import re
import signal

from bench import (PATIENCE_S, Program, arguments, cpu_seconds, free_port,
                   server, spread, tell)

VIEWERS = (1, 5, 10)
WINDOW_S = 2.0
PICTURES_S = 5
SENDER = ("gst-launch-1.0 -m pealbin name=call uri={uri} start-bitrate=2000000 "
          "max-bitrate=2000000 min-bitrate=2000000 videotestsrc is-live=true "
          "pattern=ball ! video/x-raw,width=1280,height=720,framerate=30/1 ! "
          "call.")


VIEWER = ("gst-launch-1.0 pealbin name=v uri={uri} v.remote_video_0 ! "
          "video/x-vp8 ! progressreport do-query=false format=buffers "
          "update-freq=1 ! fakesink async=false sync=false")


def window(pid):
    """Percent of a core that the process uses in the next two seconds."""
    before = cpu_seconds(pid)
    signal.sigtimedwait([], WINDOW_S)
    return (cpu_seconds(pid) - before) / WINDOW_S * 100


def pictures_per_second(viewer):
    """Over its last seconds; it tells its count once in each."""
    viewer.interrupt()
    said, _ = viewer.process.communicate(timeout=PATIENCE_S)
    counts = [int(count) for count in re.findall(r": (\d+) buffers", said)]
    last = counts[-PICTURES_S - 1:]
    return (last[-1] - last[0]) / (len(last) - 1) if len(last) > 1 else 0


def measure(viewers, windows):
    """(percent of a core, pictures a second) of each window and viewer."""
    port = free_port()
    uri = f"ws://127.0.0.1:{port}/bench"
    with contextlib.ExitStack() as stack:
        stack.enter_context(server(port))
        sender = stack.enter_context(
            Program(*SENDER.format(uri=uri).split()))
        sender.wait_for(r"signalling-state.*joined")
        started = [stack.enter_context(
            Program(*VIEWER.format(uri=uri).split())) for _ in range(viewers)]
        sender.wait_for(r"peer-state.*\)connected", viewers)
        window(sender.pid)
        found = [window(sender.pid) for _ in range(windows)]
        pictures = [pictures_per_second(viewer) for viewer in started]
        return found, pictures


def main():
    options = arguments(__doc__, windows=5)
    rows = {}
    base = None
    for viewers in VIEWERS:
        found, pictures = measure(viewers, options.windows)
        rows[f"{viewers} viewers: sender, % of a core"] = spread(found)
        if base is None:
            base = spread(found)["median"]
        else:
            more = [(value - base) / (viewers - 1) for value in found]
            rows[f"{viewers} viewers: each after the first, %"] = spread(more)
        rows[f"{viewers} viewers: pictures/s at a viewer"] = spread(pictures)
    tell("fanout", rows, options.json)


if __name__ == "__main__":
    main()
