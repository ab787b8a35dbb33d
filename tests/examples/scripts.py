#!/usr/bin/env python3
"""Every file of examples/ is run, and what it shows and plays is looked at."""
import glob
import os
import sys
import tempfile

from harness import (BUILD, PICTURES, ROOT, SECONDS_LONG, SOUND, Command,
                     check, free_port, member, server, shows_something,
                     sounds, summary_of, tell)

TIMEOUT_STATUS = 124  # of timeout(1), which ends the examples


def script(name):
    return os.path.join(ROOT, "examples", name)


def program(name):
    return os.path.join(BUILD, "examples", name)


def uri(port, room="lobby"):
    return f"ws://localhost:{port}/{room}"


def check_peer(summary, name):
    """The one other, connected, with pictures and sound from it."""
    peers = [p for p in summary["peers"] if p["name"] == name]
    check(len(peers) == 1, f"no {name} in {summary}")
    peer = peers[0]
    check(peer["video_frames"] > 0, f"no pictures: {peer}")
    check(peer["audio_ms"] > 0, f"no sound: {peer}")


def two_members():
    with tempfile.TemporaryDirectory() as folder, Command(
            script("01-two-members.sh"), folder, PORT=str(free_port()),
            SECONDS_LONG=str(SECONDS_LONG),
            VIDEO_SINK=PICTURES + "a.rgb", AUDIO_SINK=SOUND + "a.pcm",
            VIDEO_SINK_2=PICTURES + "b.rgb",
            AUDIO_SINK_2=SOUND + "b.pcm") as run:
        run.join()
        for name in "ab":
            path = os.path.join(folder, name)
            check(shows_something(path + ".rgb"), f"{name} sees nothing")
            check(sounds(path + ".pcm"), f"{name} hears nothing")


def serve_in_element():
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, Command(
            script("02-serve-in-element.sh"), folder, PORT=str(port),
            SECONDS_LONG=str(SECONDS_LONG), VIDEO_SINK=PICTURES + "a.rgb",
            AUDIO_SINK=SOUND + "a.pcm") as run, member(
                uri(port), SECONDS_LONG - 2) as other:
        check_peer(summary_of(other), "element")
        run.join([TIMEOUT_STATUS])
        check(sounds(os.path.join(folder, "a.pcm")), "it hears nothing")


def record():
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, server(port), member(
            uri(port), SECONDS_LONG + 1), Command(
                script("03-record.sh"), folder, URI=uri(port),
                SECONDS_LONG=str(SECONDS_LONG)) as run:
        run.join([TIMEOUT_STATUS])
        with Command("gst-launch-1.0 filesrc location=call.mkv ! decodebin "
                     f"name=d d. ! {PICTURES}a.rgb d. ! {SOUND}a.pcm",
                     folder) as player:
            player.join()
        check(shows_something(os.path.join(folder, "a.rgb")), "only black")
        check(sounds(os.path.join(folder, "a.pcm")), "only silence")


def pass_through():
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, server(port), member(
            uri(port, "door")) as other, Command(
                script("04-pass-through.sh"), folder, URI=uri(port, "door"),
                SECONDS_LONG=str(SECONDS_LONG + 2),
                AUDIO_SINK=SOUND + "a.pcm") as run:
        summary = summary_of(other)
        check_peer(summary, "door")
        check(summary["peers"][0]["video_width"] == 1280, str(summary))
        run.join([TIMEOUT_STATUS])
        check(sounds(os.path.join(folder, "a.pcm")), "it hears nothing")


def beside_a_member(name):
    """What a program says that is in a room with one member."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, server(port), member(
            uri(port), SECONDS_LONG + 2), Command(
                f"{program(name)} {uri(port)} {SECONDS_LONG}", folder) as run:
        return run.join()


def one_remote():
    said = beside_a_member("05-one-remote")
    frames = [line.split()[1] for line in said.splitlines()
              if line.startswith("member: ")]
    check(frames and int(frames[0]) > 0, said)


def messages():
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, server(port), Command(
            f"{program('06-messages')} {uri(port)} {SECONDS_LONG}",
            folder) as one, Command(
                f"{program('06-messages')} {uri(port)} {SECONDS_LONG}",
                folder) as other:
        for run in (one, other):
            said = run.join()
            check("greeter is connected" in said, said)
            check("greeter says: hello" in said, said)


TESTS = {
    "01-two-members.sh": two_members,
    "02-serve-in-element.sh": serve_in_element,
    "03-record.sh": record,
    "04-pass-through.sh": pass_through,
    "05-one-remote.c": one_remote,
    "06-messages.c": messages,
}


def every_example_is_here():
    found = {os.path.basename(path)
             for path in glob.glob(os.path.join(ROOT, "examples", "[0-9]*"))}
    check(found == set(TESTS), f"not the same: {sorted(found ^ set(TESTS))}")


if __name__ == "__main__":
    wanted = sys.argv[1:] or list(TESTS)
    sys.exit(tell([("every example is run", every_example_is_here)] + [
        (name, TESTS[name]) for name in wanted]))
