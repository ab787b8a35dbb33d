"""Real capture: `peal call --video screen --audio microphone` on an X display
with a moving program and a PulseAudio whose microphone hears somebody speak.
The other side, a gst-launch line, must see that screen and hear that speech.

     Xvfb <- ximagesink (a ball on red)        espeak-ng -> PulseAudio null sink
       |                                                        | monitor
       +------------------> peal call <-------------------------+
                                |
                           peal serve
                                |
          gst-launch pealbin: mix_video -> pictures, mix_audio -> sound
"""
import array
import contextlib
import math
import os
import shutil
import socket
import subprocess
import tempfile
import time
import wave

import cli
from cli import Peal, check

WIDTH, HEIGHT = 160, 90
RATE = 8000
BLOCK = RATE // 20  # 50 ms: syllables show, single periods do not
SPEECH = ("The quick brown fox jumps over the lazy dog. Peter Piper picked a "
          "peck of pickled peppers. She sells sea shells by the sea shore.")
NEEDED = ["Xvfb", "pulseaudio", "espeak-ng", "gst-launch-1.0"]


@contextlib.contextmanager
def program(*arguments, **options):
    options.setdefault("stdout", subprocess.DEVNULL)
    process = subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@contextlib.contextmanager
def x_display():
    ours, theirs = os.pipe()
    with program("Xvfb", "-displayfd", str(theirs), "-screen", "0",
                 "1600x900x24", "-nolisten", "tcp", pass_fds=[theirs]):
        os.close(theirs)
        with os.fdopen(ours) as number:
            yield ":" + number.readline().strip()


@contextlib.contextmanager
def pulse_server(folder):
    """A PulseAudio with one null sink, whose monitor is the microphone."""
    path = os.path.join(folder, "pulse.socket")
    env = dict(os.environ, HOME=folder, XDG_RUNTIME_DIR=folder)
    with program("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1",
                 "--disable-shm=yes", "-L", "module-null-sink sink_name=desk",
                 "-L", "module-native-protocol-unix auth-anonymous=1 "
                 "socket=" + path, "--log-target=stderr", env=env) as process:
        wait_for_pulse(process, path)
        yield "unix:" + path


def wait_for_pulse(process, path):
    """Its socket answers from the moment it listens."""
    deadline = time.monotonic() + cli.PATIENCE_S
    while time.monotonic() < deadline:
        check(process.poll() is None, "pulseaudio does not run")
        with socket.socket(socket.AF_UNIX) as client:
            if client.connect_ex(path) == 0:
                return
    check(False, "pulseaudio does not answer")


def speak(folder):
    path = os.path.join(folder, "speech.wav")
    subprocess.run(["espeak-ng", "-w", path, SPEECH], check=True)
    return path


PIECES = 4
STEPS = 5  # an outline may begin anywhere: tried at each fifth of a block
HOP = BLOCK // STEPS


def loudness(samples):
    """The speech's outline: how loud each 50 ms are."""
    return [math.sqrt(sum(s * s for s in samples[i:i + BLOCK]) / BLOCK)
            for i in range(0, len(samples) - BLOCK + 1, BLOCK)]


def spoken_outline(path):
    with wave.open(path) as file:
        rate = file.getframerate()
        samples = array.array("h", file.readframes(file.getnframes()))
    return loudness([samples[int(i * rate / RATE)]
                     for i in range(int(len(samples) * RATE / rate))])


def likeness(a, b):
    """The correlation of two outlines of one length, -1 to 1."""
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    top = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b))
    bottom = math.sqrt(sum((x - mean_a) ** 2 for x in a)
                       * sum((y - mean_b) ** 2 for y in b))
    return top / bottom if bottom else 0.0


def read_exactly(pipe, size):
    data = pipe.read(size)
    check(len(data) == size, "the receiver has ended")
    return data


def red_share(picture):
    red = sum(1 for i in range(0, len(picture), 3)
              if picture[i] > 150 and picture[i + 1] < 90
              and picture[i + 2] < 90)
    return red / (WIDTH * HEIGHT)


def receiver(uri, output):
    return program("gst-launch-1.0", "-q", "pealbin", "name=call", "uri=" + uri,
                   *output.split(), stdout=subprocess.PIPE)


VIDEO = ("call.mix_video ! queue ! videoconvert ! videoscale ! "
         f"video/x-raw,format=RGB,width={WIDTH},height={HEIGHT} ! fdsink")
AUDIO = ("call.mix_audio ! queue ! audioconvert ! audioresample ! "
         f"audio/x-raw,format=S16LE,rate={RATE},channels=1 ! fdsink")


def other_side_sees_the_screen():
    """A red window with a moving ball covers a part of the screen."""
    with x_display() as display:
        env = dict(os.environ, DISPLAY=display)
        with program("gst-launch-1.0", "videotestsrc", "is-live=true",
                     "pattern=ball", "background-color=0xffd02020", "!",
                     "video/x-raw,width=1280,height=800,framerate=25/1", "!",
                     "videoconvert", "!", "ximagesink", env=env), \
                Peal("serve", "--listen", "0") as server:
            uri = server.wait_for("serving")["signalling"]
            with Peal("call", uri, "--video", "screen", "--audio", "none",
                      "--no-display", "--no-speaker", env=env) as caller, \
                    receiver(uri, VIDEO) as other:
                caller.wait_for("peer-state", state="connected")
                shown = set()
                for _ in range(900):
                    picture = read_exactly(other.stdout, WIDTH * HEIGHT * 3)
                    if red_share(picture) > 0.4:
                        shown.add(picture)
                    if len(shown) > 10:
                        break
                check(len(shown) > 10, f"{len(shown)} pictures of the screen")
                check(caller.end() == 0, caller.errors)


def other_side_hears_speech():
    """What arrives rises and falls as what was spoken does."""
    with tempfile.TemporaryDirectory() as folder, \
            pulse_server(folder) as pulse:
        env = dict(os.environ, PULSE_SERVER=pulse, HOME=folder)
        path = speak(folder)
        wanted = spoken_outline(path)
        with Peal("serve", "--listen", "0") as server:
            uri = server.wait_for("serving")["signalling"]
            with Peal("call", uri, "--video", "none", "--audio", "microphone",
                      "--no-display", "--no-speaker", env=env) as caller, \
                    receiver(uri, AUDIO) as other:
                caller.wait_for("peer-state", state="connected")
                with program("gst-launch-1.0", "filesrc", "location=" + path,
                             "!", "wavparse", "!", "audioconvert", "!",
                             "audioresample", "!", "pulsesink", "device=desk",
                             env=env):
                    best = listen_for(other.stdout, wanted)
                check(best > 0.85, f"likeness {best:.2f}")
                check(caller.end() == 0, caller.errors)


def listen_for(pipe, wanted):
    """How like what was spoken is what arrives: that of its pieces, wherever
    they begin, but for the one that a stall of this machine may have cut."""
    size = len(wanted) // PIECES
    pieces = [wanted[i * size:(i + 1) * size] for i in range(PIECES)]
    found = [0.0] * PIECES
    samples = array.array("h")
    heard = []
    for _ in range(30 * RATE // HOP):
        samples = samples[-BLOCK + HOP:]
        samples.frombytes(read_exactly(pipe, 2 * HOP))
        heard += loudness(samples[-BLOCK:])
        last = heard[-(size - 1) * STEPS - 1::STEPS]
        if len(last) == size:
            found = [max(best, likeness(last, piece))
                     for best, piece in zip(found, pieces)]
        if sorted(found)[1] > 0.85:
            break
    return sorted(found)[1]


MISSING = [name for name in NEEDED if not shutil.which(name)]
if MISSING:
    print(f"1..0 # SKIP {', '.join(MISSING)} not installed")
else:
    cli.tell([other_side_sees_the_screen, other_side_hears_speech])
