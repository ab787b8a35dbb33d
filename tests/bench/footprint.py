#!/usr/bin/env python3
"""./dev bench footprint: what Peal takes when nothing happens: bytes on disk
(stripped), time from exec to ready, and resident memory, CPU and wake-ups of a
server without members and of a `pealbin` alone in its room.

An idle call is measured bare (no capture, nothing linked), with test sources
for camera and microphone that nobody watches, and with both mixed outputs
linked, which always flow. Memory is the whole process, gst-launch-1.0 or peal,
with all libraries that it has touched; `private` is what it shares with no
other process."""
import contextlib
import glob
import itertools
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from bench import Program, arguments, free_port, server, spread, tell

SETTLE_S = 2
WINDOW_S = 1
CALLS = {
    "bare": "",
    "test sources": "videotestsrc is-live=true ! video/x-raw,width=1280,"
                    "height=720,framerate=30/1 ! call. "
                    "audiotestsrc is-live=true ! call. ",
    "mixed outputs": "call.mix_video ! fakesink call.mix_audio ! fakesink ",
}


def stripped_bytes(path):
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "stripped")
        subprocess.run(["strip", "-o", copy, path], check=True)
        return os.path.getsize(copy)


def plugin_path():
    folder = os.environ["GST_PLUGIN_PATH_1_0"].split(":")[0]
    return os.path.join(folder, "libgstpeal.so")


def field(pid, file, name):
    """A number of /proc/PID/FILE, in KiB or as it is."""
    with open(f"/proc/{pid}/{file}", encoding="ascii") as lines:
        return int(re.search(rf"^{name}:\s+(\d+)", lines.read(), re.M).group(1))


def per_thread(pid, file, pattern):
    """The sum over all threads of what @pattern finds."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/{file}"):
        with contextlib.suppress(FileNotFoundError), \
                open(path, encoding="ascii") as text:
            total += int(re.search(pattern, text.read(), re.M).group(1))
    return total


def used_ns(pid):
    """Of all threads, those that have ended as well: the process's clock, whose
    number Linux makes so (clock_getcpuclockid)."""
    return time.clock_gettime_ns((~pid << 3) | 2)


def wake_ups(pid):
    return per_thread(pid, "status", r"^voluntary_ctxt_switches:\s+(\d+)")


class Idle:
    """What processes of one kind take while nothing happens."""

    def __init__(self):
        self.ready_ms = []
        self.resident_mib = []
        self.private_mib = []
        self.core_percent = []
        self.wake_ups = []
        self.threads = []

    def watch(self, pid, windows):
        signal.sigtimedwait([], SETTLE_S)
        for _ in range(windows):
            before = time.monotonic(), used_ns(pid), wake_ups(pid)
            signal.sigtimedwait([], WINDOW_S)
            passed_s = time.monotonic() - before[0]
            self.core_percent.append(
                (used_ns(pid) - before[1]) / passed_s / 1e7)
            self.wake_ups.append((wake_ups(pid) - before[2]) / passed_s)
        self.resident_mib.append(field(pid, "status", "VmRSS") / 1024)
        self.private_mib.append(
            (field(pid, "smaps_rollup", "Private_Clean")
             + field(pid, "smaps_rollup", "Private_Dirty")) / 1024)
        self.threads.append(field(pid, "status", "Threads"))

    def rows(self, name):
        rows = {
            f"{name}: exec to ready, ms": spread(self.ready_ms),
            f"{name}: resident, MiB": spread(self.resident_mib),
            f"{name}: private, MiB": spread(self.private_mib),
            f"{name}: % of a core": spread(self.core_percent),
            f"{name}: wake-ups/s": spread(self.wake_ups),
            f"{name}: threads": spread(self.threads),
        }
        return {what: row for what, row in rows.items() if row["n"]}


def measure(start, pattern, repetitions, windows):
    """@start makes the program; it is watched in its first @windows lives."""
    found = Idle()
    for turn in range(repetitions + 1):
        began = time.monotonic()
        with start() as program:
            program.wait_for(pattern)
            if turn > 0:  # the first one reads everything from the disk
                found.ready_ms.append((time.monotonic() - began) * 1000)
            if 0 < turn <= windows:
                found.watch(program.pid, 5)
    return found


def start_server():
    return Program("peal", "serve", "--listen", "127.0.0.1:0", "--json")


def start_call(uri, media):
    return Program("gst-launch-1.0", "-m",
                   *f"pealbin name=call uri={uri} {media}".split())


def main():
    options = arguments(__doc__, repetitions=10, watched=3)
    sizes = {"plugin": stripped_bytes(plugin_path()) / 1024,
             "peal": stripped_bytes(shutil.which("peal")) / 1024}
    rows = {f"{name}: stripped, KiB": spread([kib])
            for name, kib in sizes.items()}
    idle = measure(start_server, '"event"', options.repetitions,
                   options.watched)
    rows.update(idle.rows("server"))
    calls = {}
    # A member that was killed keeps its place for a while: a room for each.
    room = itertools.count()
    port = free_port()
    with server(port):
        for name, media in CALLS.items():
            calls[name] = measure(
                lambda: start_call(
                    f"ws://127.0.0.1:{port}/idle-{next(room)}", media),
                "signalling-state.*joined", options.repetitions,
                options.watched)
            rows.update(calls[name].rows(f"call, {name}"))
    bare = calls["bare"]
    tell("footprint", rows, options.json, {
        "plugin_kib": round(sizes["plugin"], 1),
        "peal_kib": round(sizes["peal"], 1),
        "idle_mib": spread(bare.resident_mib)["median"],
        "idle_core_percent": spread(bare.core_percent)["median"],
        "idle_wake_ups": spread(bare.wake_ups)["median"],
        "serve_ready_ms": spread(idle.ready_ms)["median"],
        "call_joined_ms": spread(bare.ready_ms)["median"],
    })


if __name__ == "__main__":
    main()
