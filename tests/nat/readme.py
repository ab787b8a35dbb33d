"""The commands of README's section "Behind a NAT", run between two homes whose
routers leave no direct way."""
import base64
import hashlib
import hmac
import os
import re

import cli
import nat

SECRET = "north-sea-at-night"
USER = "1999999999:somebody"
QUIET = " --video test --audio none --no-display --no-speaker"


def commands():
    """The lines of the section's blocks."""
    root = os.environ["PEAL_SOURCE_ROOT"]
    with open(os.path.join(root, "README.md"), encoding="utf-8") as file:
        section = re.search(r"^## Behind a NAT$(.*?)^## ", file.read(),
                            re.M | re.S).group(1)
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)
    return "".join(blocks).splitlines()


def make_password():
    digest = hmac.new(SECRET.encode(), USER.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode().replace("/", "%2F")


def here(lab, line):
    """What stands in the lab for the names in README."""
    for name, stand_in in (
            ("turn.example.org", nat.INTERNET), ("host:8080", nat.HOST),
            ("0.0.0.0:8080", nat.HOST), ("USER:PASSWORD",
             USER.replace(":", "%3A") + ":" + make_password())):
        line = line.replace(name, stand_in)
    return re.sub(r"(?<=cat |ile )secret", lab.path("secret"), line)


def start(lab, place, line):
    """A line of README in a shell of its own, somewhere in the lab."""
    env = dict(os.environ, PATH=os.path.dirname(cli.PEAL) + ":"
               + os.environ["PATH"])
    return cli.Program(*lab.prefix(place), "bash", "-c",
                       "exec " + here(lab, line), env=env)


def expect_relayed(lab, line):
    """Two members who say this are connected through the relay."""
    line += QUIET + " --json"
    with start(lab, "left", line + " --name left") as one, \
            start(lab, "right", line + " --name right") as other:
        for each in (one, other):
            each.wait_for("peer-stats", state="connected",
                          video_frames=lambda frames: frames > 0)
            ends = each.events[-1]
            cli.check("relay" in (ends["local_candidate"],
                                  ends["remote_candidate"]), str(ends))


def the_commands_take_two_homes_to_each_other():
    server, room, call, own = commands()
    with nat.Lab("symmetric") as lab:
        with open(lab.path("secret"), "w", encoding="utf-8") as file:
            file.write(SECRET + "\n")
        lab.start_turn_as(here(lab, server))
        with start(lab, "internet", room + " --json") as rooms:
            rooms.wait_for("serving")
            expect_relayed(lab, call)
            expect_relayed(lab, own)


nat.main([the_commands_take_two_homes_to_each_other])
