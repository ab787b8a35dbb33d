#!/usr/bin/env python3
"""./dev bench signalling: 5,000 members in 1,000 rooms of our server, and of
the same room relay in Node on `ws` and on `socket.io`.

The load (load.c) is the same for all; the last line of its answer, the percent
of a core that it used itself, tells whether it was what was measured. The
three take turns. Memory is what the process has grown by, per member, once all
have joined and nothing is said; nobody has said anything before."""
import contextlib
import json
import os
import re
import signal
import subprocess
import threading

from bench import Program, arguments, percentile, spread, tell

HERE = os.path.dirname(os.path.abspath(__file__))
MEMBERS = 5000
ROOMS = 1000
OFFERED_PER_S = 10000
JOIN_STORMS = 4
SETTLE_S = 2
SERVERS = {
    "peal": (("peal", "serve", "--listen", "127.0.0.1:0", "--json"), "rooms"),
    "ws": (("node", os.path.join(HERE, "servers", "ws.mjs")), "rooms"),
    "socket.io": (("node", os.path.join(HERE, "servers", "socketio.mjs")),
                  "socketio"),
}


def resident_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) * 1024


class Hall:
    """A server and its crowd."""

    def __init__(self, stack, name):
        command, dialect = SERVERS[name]
        self.server = stack.enter_context(Program(*command))
        line = self.server.wait_for(r'port"?:? ?\d+')
        port = re.search(r'port"?:? ?(\d+)', line).group(1)
        # What it says of members is read, so that it does not wait for that.
        threading.Thread(target=self.server.process.stdout.read,
                         daemon=True).start()
        signal.sigtimedwait([], 0.3)
        self.empty_bytes = resident_bytes(self.server.pid)
        self.load = stack.enter_context(subprocess.Popen(
            ["bench-load", dialect, port, str(MEMBERS), str(ROOMS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        stack.callback(self.load.kill)

    def ask(self, command):
        self.load.stdin.write(command + "\n")
        self.load.stdin.flush()
        line = self.load.stdout.readline()
        if not line:
            raise SystemExit(f"the load failed at: {command}")
        return json.loads(line)

    def bytes_per_member(self):
        signal.sigtimedwait([], SETTLE_S)
        return (resident_bytes(self.server.pid) - self.empty_bytes) / MEMBERS


def storm(stack, name):
    """A server with all its members, and how long they took to join."""
    hall = Hall(stack, name)
    return hall, hall.ask("join")["seconds"]


class Found:
    """What is measured of one server."""

    def __init__(self):
        self.joins_s = []
        self.member_bytes = []
        self.per_second = []
        self.p50_ms = []
        self.p99_ms = []
        self.heard = []
        self.load_percent = []

    def add_relay(self, said):
        self.per_second.append(said["per_second"])
        self.load_percent.append(said["core_percent"])

    def add_offer(self, said):
        self.p50_ms.append(said["p50_us"] / 1000)
        self.p99_ms.append(said["p99_us"] / 1000)
        self.heard.append(said["heard"] / said["seconds"])
        if said["heard"] < said["said"]:
            raise SystemExit(f"{said['said'] - said['heard']} messages lost")

    def rows(self, name):
        return {
            f"{name}: {MEMBERS} joins, s": spread(self.joins_s),
            f"{name}: bytes per idle member": spread(self.member_bytes),
            f"{name}: messages/s relayed": spread(self.per_second),
            f"{name}: the load's own core, %": spread(self.load_percent),
            f"{name}: p50 ms at {OFFERED_PER_S}/s": spread(self.p50_ms),
            f"{name}: p99 ms at {OFFERED_PER_S}/s": spread(self.p99_ms),
            f"{name}: messages/s heard of those": spread(self.heard),
        }


def measure_joins(found):
    """A new server for each storm; the last ones stay for what follows."""
    for _ in range(JOIN_STORMS - 1):
        for name, one in found.items():
            with contextlib.ExitStack() as stack:
                hall, seconds = storm(stack, name)
                one.joins_s.append(seconds)
                one.member_bytes.append(hall.bytes_per_member())


def measure_relay(found, halls, repetitions, seconds):
    """The first of each is a warm-up."""
    for turn in range(repetitions + 1):
        for name, hall in halls.items():
            relayed = hall.ask(f"relay {seconds}")
            offered = hall.ask(f"offer {OFFERED_PER_S} {seconds}")
            if turn > 0:
                found[name].add_relay(relayed)
                found[name].add_offer(offered)


def ratios(found):
    """Ours over the better of the others; their memory over ours."""
    others = [name for name in found if name != "peal"]
    ours = {key: spread(getattr(found["peal"], key))["median"]
            for key in ("per_second", "member_bytes", "joins_s", "p99_ms")}
    best = max(spread(found[name].per_second)["median"] for name in others)
    least = min(spread(found[name].member_bytes)["median"] for name in others)
    return {
        "ratio_messages": round(ours["per_second"] / best, 2),
        "ratio_memory": round(least / ours["member_bytes"], 2),
        "relay_p99_ms": round(ours["p99_ms"], 2),
        "joins_s": round(ours["joins_s"], 2),
        "messages_per_s": round(ours["per_second"]),
        "member_bytes": round(ours["member_bytes"]),
        "joins_p95_s": round(percentile(found["peal"].joins_s, 95), 2),
    }


def main():
    settings = arguments(__doc__, repetitions=10, tenths=10)
    found = {name: Found() for name in SERVERS}
    measure_joins(found)
    with contextlib.ExitStack() as stack:
        halls = {}
        for name, one in found.items():
            halls[name], seconds = storm(stack, name)
            one.joins_s.append(seconds)
            one.member_bytes.append(halls[name].bytes_per_member())
        measure_relay(found, halls, settings.repetitions,
                      settings.tenths / 10)
    rows = {}
    for name, one in found.items():
        rows.update(one.rows(name))
    tell("signalling", rows, settings.json, ratios(found))


if __name__ == "__main__":
    main()
