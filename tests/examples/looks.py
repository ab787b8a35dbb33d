"""What small pictures show and what sounds are: Python's own senses for the
tests of examples and README.

Nothing is taken for a picture or a sound because there is something: it has to
be the one that was sent, a colour or a pattern, and a tone.
"""
import math

from cli import check

PICTURE_BYTES = 16 * 16 * 3
SOUND_HERTZ = 8000

# Sinks that leave small pictures and sound behind, to be looked at.
PICTURES = ("videoconvert ! videoscale ! "
            "video/x-raw,format=RGB,width=16,height=16 ! filesink location=")
SOUND = ("audioconvert ! audioresample ! audio/x-raw,format=S16LE,"
         f"rate={SOUND_HERTZ},channels=1 ! filesink location=")


def pixel(picture, column, row):
    start = 3 * (16 * row + column)
    return picture[start:start + 3]


def is_near(got, wanted):
    return all(abs(a - b) < 48 for a, b in zip(got, wanted))


def solid(*colour):
    """Pictures of one colour, but for a thing that moves about in it and for
    what the mix puts at their sides."""
    return lambda picture: sum(
        is_near(pixel(picture, column, row), colour)
        for column in range(4, 12) for row in range(4, 12)) > 8 * 8 * 3 // 4


def bars(picture):
    """videotestsrc's own pattern: white, yellow ... blue from left to right."""
    return all(is_near(pixel(picture, column, 5), colour) for column, colour in (
        (1, (255, 255, 255)), (3, (255, 255, 0)), (7, (0, 255, 0)),
        (12, (255, 0, 0)), (15, (0, 0, 255))))


def ball(picture):
    """A white ball on black: most is black, something is white."""
    return solid(0, 0, 0)(picture) and any(
        min(pixel(picture, column, row)) > 60
        for column in range(16) for row in range(16))


def pictures_in(path):
    with open(path, "rb") as file:
        data = file.read()
    return [data[i:i + PICTURE_BYTES] for i in range(
        0, len(data) - PICTURE_BYTES + 1, PICTURE_BYTES)]


def check_sees(path, wanted):
    """Most pictures may be of nobody; some must be what was sent."""
    pictures = pictures_in(path)
    good = sum(map(wanted, pictures))
    check(good >= 5, f"{good} of {len(pictures)} pictures in {path} are right; "
          f"the last shows {pictures[-1][:9].hex(' ') if pictures else None}")


def tone_share(samples, hertz):
    """How much of the power of these is one tone (Goertzel)."""
    turn = 2 * math.cos(2 * math.pi * hertz / SOUND_HERTZ)
    one = two = 0.0
    for sample in samples:
        one, two = sample + turn * one - two, one
    power = one * one + two * two - turn * one * two
    total = sum(sample * sample for sample in samples) * len(samples) / 2
    return power / total if total else 0


def blocks_in(path):
    """Tenths of a second."""
    with open(path, "rb") as file:
        data = file.read()
    samples = memoryview(data[:len(data) // 2 * 2]).cast("h").tolist()
    size = SOUND_HERTZ // 10
    return [samples[i:i + size] for i in range(
        0, len(samples) - size + 1, size)]


def check_hears(path, hertz):
    """A second of that tone, at least."""
    blocks = blocks_in(path)
    good = sum(max(block) > 500 and tone_share(block, hertz) > 0.7
               for block in blocks)
    check(good >= 10, f"{good} of {len(blocks)} tenths of a second in {path} "
          f"are {hertz} Hz")
