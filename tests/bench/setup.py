#!/usr/bin/env python3
"""./dev bench setup: from offer to connected, and to the first decoded picture.

One member stays in the room; others join one after another, each a process of
its own, and leave. The newcomers' numbers are of a process that has just
started, those of the member that stays are of one that has called before.
"""
from bench import arguments, free_port, member, server, spread, tell

MEDIA = ("--video", "test", "--audio", "test")


def numbers(summary, key):
    """Of each peer that got so far."""
    return [peer[key] for peer in summary["peers"]
            if isinstance(peer.get(key), (int, float)) and peer[key] >= 0]


def main():
    options = arguments(__doc__, runs=10)
    uri = f"ws://127.0.0.1:{free_port()}/bench"
    newcomers = []
    with server(uri.split(":")[2].split("/")[0]), member(
            uri, *MEDIA, "--name", "host") as host:
        host.wait_for('"joined"')
        for _ in range(options.runs):
            with member(uri, *MEDIA, "--seconds", "3") as newcomer:
                newcomers.append(newcomer.summary())
        host.interrupt()
        stays = host.summary()
    rows = {}
    for who, summaries in (("just started", newcomers),
                           ("has called before", [stays])):
        for key, what in (("setup_ms", "connected"),
                          ("first_picture_ms", "first picture")):
            found = [v for s in summaries for v in numbers(s, key)]
            if who == "has called before":
                found = found[1:]
            rows[f"offer to {what}, {who}, ms"] = spread(found)
    tell("setup", rows, options.json)


if __name__ == "__main__":
    main()
