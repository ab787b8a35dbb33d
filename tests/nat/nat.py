"""What the tests behind routers share: a lab (lab.py), a room in it, and two
members that look at each other's pictures."""
import os
import signal
import sys
import time

import cli
from lab import INTERNET, SIDES, Lab, why_not

RED = "ff0000"
BLUE = "0000ff"
PORT = 8080
HOST = f"{INTERNET}:{PORT}"
URI = f"ws://{HOST}/lobby"
MEMBER = os.path.join(cli.ROOT, "tests", "nat", "nat-member")
STUN = f"stun-server=stun:{INTERNET}"
WRONG = "wrong-one"  # as a password
LIMIT_S = 10 * cli.SLOWNESS
RELAY_ONLY = "ice-transport-policy=relay"


def turn_servers(*uris):
    return "turn-servers=<" + ",".join(f'"{uri}"' for uri in uris) + ">"


def turn(user="bob", password="secret", transport="udp"):
    return f"turn://{user}:{password}@{INTERNET}?transport={transport}"


def member(lab, side, *properties, env=None):
    """A member in one of the homes, or on the Internet with a room of its
    own; the left one is red, whom it meets is blue."""
    sent, seen = (RED, BLUE) if side == "left" else (BLUE, RED)
    room = f"serve={HOST} room=lobby" if side == "internet" else f"uri={URI}"
    words = " ".join([f"{room} peer-name={side}", *properties])
    return cli.Program(*lab.prefix(side), MEMBER, sent, seen, words, env=env)


def serve(lab, *options, env=None):
    """The room on the Internet, ready."""
    server = cli.Peal("serve", "--listen", HOST, *options,
                      before=lab.prefix("internet"), env=env)
    server.wait_for("serving")
    return server


def both_are(*kinds):
    """A way whose candidates are of these kinds at both ends."""
    return lambda local, remote: local in kinds and remote in kinds


def is_relayed(local, remote):
    """A way through a TURN server: one end suffices."""
    return "relay" in (local, remote)


def wait_for_way(each, way):
    """Until its statistics tell of such a way to the peer."""
    end = time.monotonic() + cli.PATIENCE_S
    seen = set()
    while time.monotonic() < end:
        row = each.wait_for("stats", state="connected", ice_state=lambda s: s
                            in ("connected", "completed"))
        pair = row.get("local_candidate"), row.get("remote_candidate")
        if way(*pair):
            return
        seen.add(pair)
    raise cli.Failure(f"no such way: {seen}")


def expect_call(lab, *properties, way, server=(), env=None):
    """Two members see each other's colour, on a way that @way(local, remote)
    takes by the kinds of its candidates: what everybody wrote to standard
    error."""
    with serve(lab, *server, env=env) as room, \
            member(lab, "left", *properties, env=env) as one, \
            member(lab, "right", *properties, env=env) as other:
        for each in (one, other):
            each.wait_for("sees")
            wait_for_way(each, way)
        cli.check(one.end() == 0 and other.end() == 0, one.errors)
        cli.check(room.end() == 0, room.errors)
        lab.check_turn_is_idle()
        return "\n".join(room.errors + one.errors + other.errors)


def call(lab, side, *options):
    """`peal call` in one of the homes."""
    return cli.Peal("call", URI, "--name", side, "--video", "test", "--audio",
                    "none", "--no-display", "--no-speaker", *options,
                    before=lab.prefix(side))


def expect_reason(lab, *options, words):
    """Both members hear soon why they cannot talk to each other."""
    with serve(lab), call(lab, "left", *options) as one, \
            call(lab, "right", *options) as other:
        one.wait_for("peer-joined")
        begin = time.monotonic()
        for each in (one, other):
            reason = each.wait_for("peer-state", state="failed")["reason"]
            for word in words:
                cli.check(word in reason, reason)
            cli.check(WRONG not in reason, reason)
        took = time.monotonic() - begin
        cli.check(took < LIMIT_S, f"told after {took:.1f} s")


def main(tests):
    """Runs the tests, or says why there can be none."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    reason = why_not()
    if reason:
        print(f"1..0 # SKIP skipped, because {reason}")
        sys.exit(0)  # TAP says it; another status would be an error
    cli.tell(tests, "nat")
