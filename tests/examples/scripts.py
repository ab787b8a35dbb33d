#!/usr/bin/env python3
"""Every file of examples/ is run, and what it shows and plays is looked at."""
import glob
import os
import sys
import tempfile

from harness import (BUILD, ROOT, SECONDS_LONG, TIMEOUT_STATUS, Command,
                     Witness, check, free_port, member, server, summary_of,
                     tell)
from looks import PICTURES, SOUND, ball, bars, check_hears, check_sees


def script(name):
    return os.path.join(ROOT, "examples", name)


def program(name):
    return os.path.join(BUILD, "examples", name)


def uri(port, room="lobby"):
    return f"ws://localhost:{port}/{room}"


def two_members():
    with tempfile.TemporaryDirectory() as folder, Command(
            script("01-two-members.sh"), folder, PORT=str(free_port()),
            SECONDS_LONG=str(SECONDS_LONG),
            VIDEO_SINK=PICTURES + "a.rgb", AUDIO_SINK=SOUND + "a.pcm",
            VIDEO_SINK_2=PICTURES + "b.rgb",
            AUDIO_SINK_2=SOUND + "b.pcm") as run:
        run.join()
        for name, wanted, hertz in (("a", ball, 660), ("b", bars, 440)):
            path = os.path.join(folder, name)
            check_sees(path + ".rgb", wanted)
            check_hears(path + ".pcm", hertz)


def serve_in_element():
    """Its ticks are no tone: that they are heard shows in test readme.py,
    whose line is the same but for them."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, Command(
            script("02-serve-in-element.sh"), folder, PORT=str(port),
            SECONDS_LONG=str(SECONDS_LONG), VIDEO_SINK=PICTURES + "a.rgb",
            AUDIO_SINK=SOUND + "a.pcm") as run, Witness(
                uri(port), folder) as other:
        other.join()
        other.check_sees(ball)
        run.join([TIMEOUT_STATUS])
        check_sees(os.path.join(folder, "a.rgb"), Witness.COLOUR)
        check_hears(os.path.join(folder, "a.pcm"), Witness.HERTZ)


def record():
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, server(port), Witness(
            uri(port), folder, SECONDS_LONG + 1), Command(
                script("03-record.sh"), folder, URI=uri(port),
                SECONDS_LONG=str(SECONDS_LONG)) as run:
        run.join([TIMEOUT_STATUS])
        with Command("gst-launch-1.0 filesrc location=call.mkv ! decodebin "
                     f"name=d d. ! {PICTURES}a.rgb d. ! {SOUND}a.pcm",
                     folder) as player:
            player.join()
        check_sees(os.path.join(folder, "a.rgb"), Witness.COLOUR)
        check_hears(os.path.join(folder, "a.pcm"), Witness.HERTZ)


def pass_through():
    """Beside the witness there is a member that tells the picture's size and
    sends nothing."""
    port = free_port()
    room = uri(port, "door")
    with tempfile.TemporaryDirectory() as folder, server(port), member(
            room, video="none", audio="none") as other, Witness(
                room, folder, SECONDS_LONG) as witness, Command(
                    script("04-pass-through.sh"), folder, URI=room,
                    VIDEO_SINK="fakesink", AUDIO_SINK=SOUND + "a.pcm",
                    SECONDS_LONG=str(SECONDS_LONG + 2)) as run:
        summary = summary_of(other)
        door = next(p for p in summary["peers"] if p["name"] == "door")
        check(door["video_width"] == 1280, str(summary))
        witness.join()
        witness.check_sees(bars)
        witness.check_hears(880)
        run.join([TIMEOUT_STATUS])
        check_hears(os.path.join(folder, "a.pcm"), Witness.HERTZ)


def beside_a_member(name):
    """What a program says that is in a room with one member."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, server(port), member(
            uri(port), seconds=SECONDS_LONG + 2), Command(
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
