"""A camera, free and held by another program: who calls with it is seen; who
cannot have it is told what to do, and nobody else is the poorer.

There is no camera here, and no kernel that could have one. tests/support/camera
stands for the device and its driver, by umockdev; udev's library, GStreamer's
device provider and its v4l2src are the real ones, and so is what they say of a
camera that is busy.
"""
import contextlib
import os
import shutil
import signal
import subprocess

import cli
from cli import Peal, Program, check

CAMERA = os.path.join(cli.ROOT, "tests", "support", "camera")
WRAPPER = "umockdev-wrapper"
WIDTH, HEIGHT = 80, 60
NEEDED = [WRAPPER, "gst-launch-1.0"]
HINT = "in use by another program: close that one and call again"


def wrapped(**variables):
    """Under ASan, umockdev may come before ASan's own library."""
    asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    return dict(os.environ, ASAN_OPTIONS=asan, **variables)


@contextlib.contextmanager
def camera():
    """A camera and the environment in which it is there."""
    with Program(WRAPPER, CAMERA, env=wrapped()) as device:
        folder = device.wait_for("camera")["folder"]
        yield device, wrapped(UMOCKDEV_DIR=folder)
        device.end()


@contextlib.contextmanager
def holder(device, env):
    """Another program, which has the camera."""
    with subprocess.Popen(
            [WRAPPER, "gst-launch-1.0", "v4l2src", "!", "fakesink"], env=env,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as program:
        device.wait_for("held")
        try:
            yield
        finally:
            program.send_signal(signal.SIGINT)


@contextlib.contextmanager
def room():
    with Peal("serve", "--listen", "0") as server:
        yield server.wait_for("serving")["signalling"]


def call(uri, env, *arguments):
    return Peal("call", uri, "--no-display", "--no-speaker", *arguments,
                env=env, before=[WRAPPER])


def above(limit):
    return lambda value: value is not None and value > limit


def red_share(picture):
    red = sum(1 for i in range(0, len(picture), 3)
              if picture[i] > 150 and picture[i + 1] < 90
              and picture[i + 2] < 90)
    return red / (WIDTH * HEIGHT)


def a_camera_that_is_free_is_seen_by_the_others():
    with camera() as (_, env), room() as uri, \
            call(uri, env, "--audio", "none") as caller, \
            subprocess.Popen(
                ["gst-launch-1.0", "-q", "pealbin", "name=call", "uri=" + uri,
                 *("call.mix_video ! queue ! videoconvert ! videoscale ! "
                   f"video/x-raw,format=RGB,width={WIDTH},height={HEIGHT} ! "
                   "fdsink").split()],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as other:
        try:
            size = WIDTH * HEIGHT * 3
            pictures = iter(lambda: other.stdout.read(size), b"")
            seen = any(red_share(picture) > 0.7 for picture in pictures)
        finally:
            other.kill()
        check(seen, "the other side saw no red wall")
        check(caller.end() == 0, caller.errors)


def a_camera_that_is_held_costs_the_call_its_picture_and_no_more():
    with camera() as (device, env), holder(device, env), room() as uri, \
            Peal("call", uri, "--video", "test", "--audio", "none",
                 "--no-display", "--no-speaker") as other:
        other.wait_for("signalling-state", state="joined")
        with call(uri, env, "--audio", "test") as caller:
            text = caller.wait_for("warning")["message"]
            check(text.startswith("The call goes on without it: camera 'Red "
                                  "wall' is " + HINT), text)
            other.wait_for("peer-stats", audio_ms=above(500))
            caller.wait_for("peer-stats", video_frames=above(10))
            check(caller.end() == 0, caller.errors)
        check(other.end() == 0, other.errors)


def a_camera_that_was_named_and_is_held_ends_the_call_with_what_to_do():
    with camera() as (device, env), holder(device, env), room() as uri, \
            call(uri, env, "--video", "/dev/video0", "--audio",
                 "none") as caller:
        text = caller.wait_for("error", status=1)["message"]
        check(text.startswith("camera 'Red wall' is " + HINT), text)
        check(caller.join() == 1, caller.errors)


def the_camera_can_be_had_when_the_other_program_has_ended():
    with camera() as (device, env), room() as uri:
        with holder(device, env):
            pass
        with call(uri, env, "--audio", "none") as caller:
            device.wait_for("held")
            check(caller.end() == 0, caller.errors)
            check(not any(e["event"] == "warning" for e in caller.events),
                  caller.events)


MISSING = [name for name in NEEDED if not shutil.which(name)]
if not os.path.exists(CAMERA):
    MISSING.append("libumockdev-dev")
if MISSING:
    print(f"1..0 # SKIP {', '.join(MISSING)} not installed")
else:
    cli.tell([a_camera_that_is_free_is_seen_by_the_others,
              a_camera_that_is_held_costs_the_call_its_picture_and_no_more,
              a_camera_that_was_named_and_is_held_ends_the_call_with_what_to_do,
              the_camera_can_be_had_when_the_other_program_has_ended])
