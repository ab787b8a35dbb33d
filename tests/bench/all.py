#!/usr/bin/env python3
"""./dev bench all: every bench after the other, then each figure and its aim."""
import json
import os
import signal
import subprocess
import sys
import threading

from bench import arguments

BENCHES = ("setup", "latency", "fanout", "signalling", "footprint")
# What each figure is to be: at most, or at least.
AIMS = {
    "connected_ms": ("<=", 25), "first_picture_ms": ("<=", 45),
    "chromium_ratio": (">=", 4), "libwebrtc_ratio": (">=", 1),
    "p50_ms": ("<=", 50), "p99_ms": ("<=", 80), "audio_p50_ms": ("<=", 60),
    "mix_p50_ms": ("<=", 50), "mix_audio_p50_ms": ("<=", 80),
    "jittery_p50_ms": ("<=", 70), "jittery_mix_p50_ms": ("<=", 70),
    "jittery_lost_percent": ("<=", 1), "lost_percent": ("<=", 1),
    "core_percent_per_viewer": ("<=", 0.6), "ratio_10": (">=", 8),
    "viewer_mib": ("<=", 2), "frames_lost_50": ("<=", 0),
    "ratio_messages": (">=", 1.5), "ratio_memory": (">=", 2),
    "relay_p99_ms": ("<=", 5), "joins_s": ("<=", 5),
    "plugin_kib": ("<=", 600), "idle_mib": ("<=", 40),
    "idle_core_percent": ("<=", 1),
}
# What stands beside them: how many times as long, or as much, as ours others
# take in the same run. Nobody aims at these.
COMPARED = {
    "setup": ("webrtcbin_ratio", "webrtcsink_ratio"),
    "latency": tuple(
        f"{link}{name}_{kind}p50_ratio" for link in ("", "jittery_")
        for name in ("webrtcbin", "webrtcsink") for kind in ("", "audio_")),
    "fanout": ("webrtcsink_ratio_10",),
}
# Chosen: many times what a bench takes on a quiet machine.
LIMIT_S = 600
HERE = os.path.dirname(os.path.abspath(__file__))


def end(program):
    """End a bench and all that it started."""
    if program.poll() is None:
        os.killpg(program.pid, signal.SIGKILL)


def run(bench):
    """The figures of one bench, which tells its own table meanwhile."""
    print(f"\n{bench}", flush=True)
    program = subprocess.Popen(
        [sys.executable, os.path.join(HERE, bench + ".py"), "--json"],
        stdout=subprocess.PIPE, text=True, start_new_session=True)
    limit = threading.Timer(LIMIT_S, end, (program,))
    limit.start()
    last = ""
    try:
        for line in program.stdout:
            if line.startswith("{"):
                last = line
            else:
                print(line, end="", flush=True)
        is_good = program.wait() == 0 and last != ""
    finally:
        limit.cancel()
        end(program)
    return is_good, json.loads(last)["figures"] if last else {}


def is_reached(figure, number):
    sense, aim = AIMS[figure]
    return number is not None and (
        number <= aim if sense == "<=" else number >= aim)


def verdict(figure, number):
    if figure not in AIMS:
        return "theirs to ours, no aim" if "ratio" in figure else ""
    return (f"aim {AIMS[figure][0]} {AIMS[figure][1]}: "
            + ("reached" if is_reached(figure, number) else "NOT reached"))


def complete(bench, figures):
    """With a dash for what was left out because a reference is not here."""
    return {**figures, **{name: None for name in COMPARED.get(bench, ())
                          if name not in figures}}


def main():
    options = arguments(__doc__)
    results = {bench: run(bench) for bench in BENCHES}
    print()
    for bench, (_, figures) in results.items():
        for figure, number in complete(bench, figures).items():
            print(f"{bench:12}{figure:32}"
                  f"{'-' if number is None else number:>12}  "
                  f"{verdict(figure, number)}")
    if options.json:
        print(json.dumps({"bench": "all", "figures": {
            bench: figures for bench, (_, figures) in results.items()}}))
    failed = [bench for bench, (good, _) in results.items() if not good]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
