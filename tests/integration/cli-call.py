"""`peal call` as processes that meet through `peal serve`: what each sees of
the other, how a call ends, and one clear line for everything that can stand in
its way."""
import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import tempfile
import termios

import cli
from cli import PEAL, Peal, check, run

TEST_MEDIA = ["--video", "test", "--audio", "test"]
NO_MEDIA = ["--video", "none", "--audio", "none"]
QUIET = ["--no-display", "--no-speaker"]
UNREACHABLE = "ws://127.0.0.1:1/lobby"


def serve(*arguments, env=None):
    server = Peal("serve", "--listen", "0", *arguments, env=env)
    server.uri = server.wait_for("serving")["signalling"]
    return server


def call(uri, name, *arguments):
    return Peal("call", uri, "--name", name, *TEST_MEDIA, *QUIET, *arguments)


def error_line(*arguments, expect):
    """Standard error's one line of our own."""
    _, _, err = run("call", *arguments, *QUIET, expect=expect)
    check("CRITICAL" not in err and "WARNING" not in err, err)
    lines = [line for line in err.splitlines() if line.startswith("peal call")]
    check(len(lines) == 1, err)
    return lines[0]


def two_calls_meet_and_sum_up():
    with serve() as server, call(server.uri, "Anna") as anna, \
            call(server.uri, "Ben") as ben:
        for one, other in ((anna, "Ben"), (ben, "Anna")):
            one.wait_for("peer-state", name=other, state="connected")
            one.wait_for("track-added", name=other, kind="video")
        check(anna.end(signal.SIGTERM) == 0, anna.errors)
        ben.wait_for("peer-left", name="Anna")
        check(ben.end() == 0, ben.errors)
        for one, other in ((anna, "Ben"), (ben, "Anna")):
            summary = one.events[-1]
            check(summary["event"] == "summary", one.events)
            (peer,) = summary["peers"]
            check(peer["name"] == other, peer)
            check(peer["setup_ms"] > 0, peer)
        server.wait_for("member-left", room="lobby", name="Ben")


def above(limit):
    return lambda value: value is not None and value > limit


def pictures_and_sound_are_counted():
    with serve() as server, call(server.uri, "Anna") as anna, \
            call(server.uri, "Ben") as ben:
        ben.wait_for("peer-stats", name="Anna", video_frames=above(10),
                     audio_ms=above(500), bytes_received=above(1000),
                     bytes_sent=above(1000))
        check(ben.end() == 0, ben.errors)
        (peer,) = ben.events[-1]["peers"]
        check(peer["video_frames"] > 10, peer)
        check((peer["video_width"], peer["video_height"]) == (640, 360), peer)
        check(peer["audio_ms"] > 500, peer)
        check(peer["first_picture_ms"] > 0, peer)
        check(peer["bytes_received"] > 0 and peer["bytes_sent"] > 0, peer)
        check(anna.end() == 0, anna.errors)


def make_film(path):
    """A second of pictures, 320 by 240, and of sound."""
    subprocess.run(
        ["gst-launch-1.0", "-q", "webmmux", "name=mux", "!", "filesink",
         "location=" + path, "videotestsrc", "num-buffers=20", "!",
         "video/x-raw,width=320,height=240,framerate=20/1", "!", "vp8enc", "!",
         "mux.", "audiotestsrc", "num-buffers=50", "samplesperbuffer=960", "!",
         "audio/x-raw,rate=48000", "!", "opusenc", "!", "mux."],
        check=True, timeout=cli.PATIENCE_S)


def a_file_is_sent_with_its_sound_again_and_again():
    with tempfile.TemporaryDirectory() as folder, serve() as server:
        film = os.path.join(folder, "film.webm")
        make_film(film)
        with Peal("call", server.uri, "--name", "Anna", "--video", film,
                  *QUIET) as anna, \
                Peal("call", server.uri, *NO_MEDIA, *QUIET) as ben:
            ben.wait_for("peer-stats", name="Anna", video_width=320,
                         video_height=240, video_frames=above(40),
                         audio_ms=above(2000))
            check(ben.end() == 0, ben.errors)
            check(anna.end() == 0, anna.errors)


def a_call_serves_its_own_room():
    with Peal("call", "--serve=127.0.0.1:0", "--name", "Host", *TEST_MEDIA,
              *QUIET) as host:
        serving = host.wait_for("serving")
        with call(serving["url"], "Guest") as guest:
            guest.wait_for("peer-state", name="Host", state="connected")
            host.wait_for("peer-state", name="Guest", state="connected")
            check(guest.end() == 0, guest.errors)
        host.wait_for("peer-left", name="Guest")
        check(host.end() == 0, host.errors)


def who_is_not_there_is_said_and_waited_for(path):
    with serve() as server:
        uri = server.uri.replace("ws://", path[0] + "+ws://")
        uri = uri.split("/", 3)
        with Peal("call", "/".join(uri[:3]) + path[1], *NO_MEDIA,
                  *QUIET) as caller:
            said = caller.wait_for("warning")
            check("Nessie" in str(said), said)
            check("again until" in str(said) or "waiting" in str(said), said)
            check(caller.end() == 0, caller.errors)


def a_producer_that_is_not_there_is_said_and_waited_for():
    who_is_not_there_is_said_and_waited_for(
        ("gstwebrtc", "/gstwebrtc/lobby?peer-name=Nessie"))


def a_called_one_that_is_not_there_is_said_and_waited_for():
    who_is_not_there_is_said_and_waited_for(
        ("gstexamples", "/gstexamples/lobby?peer=Nessie"))


def an_unreachable_server_is_status_75_without_retry():
    line = error_line(UNREACHABLE, *NO_MEDIA, "--no-retry", expect=75)
    check("127.0.0.1:1" in line, line)


def an_unreachable_server_is_tried_again_otherwise():
    with Peal("call", UNREACHABLE, *NO_MEDIA, *QUIET) as caller:
        caller.wait_for("signalling-state", state="connecting")
        check(caller.end() == 0, caller.errors)
        check(caller.events[-1]["event"] == "summary", caller.events)


def an_unknown_scheme_lists_the_known_ones():
    line = error_line("gopher://127.0.0.1/x", *NO_MEDIA, expect=2)
    check("gopher" in line and "ws" in line, line)


def a_wrong_token_is_refused_and_the_right_one_enters():
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("open-sesame\n")
        file.flush()
        with serve("--token-file", file.name) as server:
            line = error_line(server.uri, *NO_MEDIA, "--token", "wrong",
                              expect=1)
            check("token" in line and "wrong" not in line.split(":")[0], line)
            with Peal("call", server.uri, *NO_MEDIA, *QUIET, "--token-file",
                      file.name) as caller:
                caller.wait_for("signalling-state", state="joined")


def a_full_room_says_so():
    with serve("--max-members", "1") as server, \
            Peal("call", server.uri, *NO_MEDIA, *QUIET) as first:
        first.wait_for("signalling-state", state="joined")
        line = error_line(server.uri, *NO_MEDIA, expect=1)
        check("full" in line, line)


def an_unknown_certificate_is_refused_until_it_is_trusted():
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, XDG_STATE_HOME=folder)
        with serve("--tls", "auto", env=env) as server:
            check(server.uri.startswith("wss://"), server.uri)
            line = error_line(server.uri, *NO_MEDIA, expect=1)
            check("certificate" in line, line)
            with Peal("call", server.uri, *NO_MEDIA, *QUIET, "--tls-ca-file",
                      server.events[0]["certificate"]) as caller:
                caller.wait_for("signalling-state", state="joined")


def a_device_that_does_not_exist_lists_those_that_do():
    for option, word in (("--video", "cameras"), ("--audio", "microphones")):
        line = error_line(UNREACHABLE, *NO_MEDIA, option, "No Such Thing",
                          expect=2)
        check("'No Such Thing'" in line and f"{word} here:" in line, line)


def without_a_camera_the_call_goes_on_and_says_so():
    devices = json.loads(run("devices", "--json", expect=0)[1])["devices"]
    if any(device["kind"] == "camera" for device in devices):
        return
    with serve() as server, \
            Peal("call", server.uri, "--audio", "none", *QUIET) as caller:
        caller.wait_for("signalling-state", state="joined")
        check(caller.end() == 0, caller.errors)
        check(any("No camera here" in line for line in caller.errors),
              caller.errors)


class Terminal:
    """`peal call` on a terminal of its own, with somebody at the keys."""

    def __init__(self, *arguments):
        self._master, self._slave = pty.openpty()
        self.before = termios.tcgetattr(self._slave)
        self._seen = ""
        self._process = subprocess.Popen(
            [PEAL, "call", *arguments], stdin=self._slave, stdout=self._slave,
            stderr=self._slave, preexec_fn=self._take_terminal)

    @staticmethod
    def _take_terminal():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)
        os.close(self._slave)

    def see(self, text):
        """Waits until @text has been drawn, and forgets what came before."""
        while text not in self._seen:
            ready, _, _ = select.select([self._master], [], [], cli.PATIENCE_S)
            check(ready, f"never saw {text!r} in {self._seen!r}")
            self._seen += os.read(self._master, 4096).decode(errors="replace")
        self._seen = self._seen[self._seen.index(text) + len(text):]

    def press(self, keys):
        os.write(self._master, keys.encode())

    def join(self):
        return self._process.wait(timeout=cli.PATIENCE_S)

    def settings(self):
        return termios.tcgetattr(self._slave)


def keys_mute_write_and_quit():
    with serve() as server, call(server.uri, "Anna") as anna, \
            Terminal(server.uri, "--name", "Ben", *TEST_MEDIA,
                     *QUIET) as ben:
        anna.wait_for("peer-state", name="Ben", state="connected")
        ben.see("Anna  connected")
        check(ben.settings() != ben.before, "keys are not read one by one")
        ben.press("m")
        ben.see("MUTED")
        ben.press("v")
        ben.see("VIDEO OFF")
        ben.press("thello wörld\n")
        ben.see("You say: hello wörld")
        anna.wait_for("message", name="Ben", text="hello wörld", label="peal")
        ben.press("q")
        check(ben.join() == 0, "status")
        check(ben.settings() == ben.before, "the terminal is not as before")
        anna.wait_for("peer-left", name="Ben")


def the_terminal_is_as_before_after_a_signal():
    with Terminal(UNREACHABLE, *NO_MEDIA, *QUIET) as caller:
        caller.see("[q] quit")
        caller.press("\x03")
        check(caller.join() == 0, "status")
        check(caller.settings() == caller.before, "not as before")


cli.tell([
    two_calls_meet_and_sum_up,
    pictures_and_sound_are_counted,
    a_file_is_sent_with_its_sound_again_and_again,
    a_call_serves_its_own_room,
    a_producer_that_is_not_there_is_said_and_waited_for,
    a_called_one_that_is_not_there_is_said_and_waited_for,
    an_unreachable_server_is_status_75_without_retry,
    an_unreachable_server_is_tried_again_otherwise,
    an_unknown_scheme_lists_the_known_ones,
    a_wrong_token_is_refused_and_the_right_one_enters,
    a_full_room_says_so,
    an_unknown_certificate_is_refused_until_it_is_trusted,
    a_device_that_does_not_exist_lists_those_that_do,
    without_a_camera_the_call_goes_on_and_says_so,
    keys_mute_write_and_quit,
    the_terminal_is_as_before_after_a_signal,
])
