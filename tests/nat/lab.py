"""Two homes and the Internet between them, as network namespaces of this
machine:

    left ── left-router ──┐                  ┌── right-router ── right
    10.1.0.2     NAT      └── internet ──────┘        NAT     10.2.0.2
                              203.0.113.1: rooms, STUN and TURN

The routers are nftables: `cone` keeps a port for all that is sent from it, as
most homes' routers do; `symmetric` takes another one for each destination, so
that no address learnt from a STUN server is of use to anybody else. Neither
lets in what nobody asked for. Nothing outside the namespaces is touched, and
they are gone with the lab, also after a signal.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import cli

INTERNET = "203.0.113.1"  # RFC 5737: for documentation
TURN_PORT = 3478
SIDES = {"left": 1, "right": 2}
MEDIA_BYTES = 3000  # more than ICE takes; of a call with pictures, in a moment
# What the routers let in is counted: what came from the server (from a port of
# its own or of a relay), and what came from the other home.
RULES = """
table ip nat {
  chain postrouting {
    type nat hook postrouting priority 100;
    oifname "wan" masquerade%s
  }
}
table ip filter {
  chain input {
    type filter hook input priority 0;
    iifname "wan" ct state established,related accept
    iifname "wan" drop
  }
  chain forward {
    type filter hook forward priority 0;
    iifname "wan" ct state established,related accept
    iifname "wan" drop
  }
}
table ip let_in {
  counter turn_udp { }
  counter turn_tcp { }
  counter direct { }
  chain forward {
    type filter hook forward priority 10;
    iifname "wan" ip saddr %s meta l4proto udp counter name turn_udp
    iifname "wan" ip saddr %s tcp sport %d counter name turn_tcp
    iifname "wan" ip saddr != %s counter name direct
  }
}
"""
COTURN_SETTINGS = """
listening-ip=%s
relay-ip=%s
listening-port=%d
realm=peal.test
fingerprint
no-tls
no-dtls
no-cli
verbose
no-multicast-peers
allow-loopback-peers
no-stdout-log
simple-log
log-file=%s
pidfile=%s
userdb=%s
%s
"""


def run(*command, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True, text=True,
                          check=False)
    cli.check(done.returncode == 0,
              f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def rules_of(nat):
    random = " fully-random" if nat == "symmetric" else ""
    return RULES % (random, INTERNET, INTERNET, TURN_PORT, INTERNET)


def why_not():
    """Why no lab can be made here, or None."""
    for program in ("ip", "nft", "turnserver"):
        if not shutil.which(program, path=os.defpath + ":/usr/sbin:/sbin"):
            return f"there is no program {program}"
    if os.geteuid() != 0:
        return "network namespaces need root"
    probe = f"peal-{os.getpid()}-probe"
    try:
        run("ip", "netns", "add", probe)
        run("ip", "netns", "exec", probe, "nft", "-f", "-",
            stdin=rules_of("symmetric"))
    except cli.Failure as error:
        return str(error)
    finally:
        subprocess.run(["ip", "netns", "del", probe], check=False,
                       stderr=subprocess.DEVNULL)
    return None


class Lab:
    """The namespaces, and what is started in them. Use it in a `with`."""

    def __init__(self, nat="cone"):
        self._nat = nat
        self._spaces = []
        self._processes = []
        self._folder = None

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        try:
            self._build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self._processes:
            process.kill()
            process.wait()
        for space in self._spaces:
            subprocess.run(["ip", "netns", "del", space], check=False)
        self._folder.cleanup()

    def path(self, name):
        return os.path.join(self._folder.name, name)

    # ---- the network

    def _name(self, place):
        return f"peal-{os.getpid()}-{place}"

    def _ip(self, place, *words):
        run("ip", "-n", self._name(place), *words)

    def _build(self):
        self._add_space("internet")
        self._ip("internet", "link", "add", "wan", "type", "bridge")
        self._ip("internet", "link", "set", "wan", "up")
        self._ip("internet", "addr", "add", INTERNET + "/24", "dev", "wan")
        # Whoever asks for a private address there asks in vain, and coturn is
        # not told so: an error would make it give up the whole allocation.
        self._ip("internet", "link", "add", "nowhere", "type", "bridge")
        self._ip("internet", "link", "set", "nowhere", "arp", "off", "up")
        self._ip("internet", "route", "add", "default", "dev", "nowhere")
        for side, number in SIDES.items():
            self._build_side(side, side + "-router", number)

    def _add_space(self, place):
        run("ip", "netns", "add", self._name(place))
        self._spaces.append(self._name(place))
        self._ip(place, "link", "set", "lo", "up")

    def _build_side(self, side, router, number):
        self._add_space(side)
        self._add_space(router)
        self._link("internet", f"port{number}", router, "wan")
        self._ip("internet", "link", "set", f"port{number}", "master", "wan")
        self._ip(router, "addr", "add", f"203.0.113.{10 + number}/24", "dev",
                 "wan")
        self._link(router, "home", side, "home")
        self._ip(router, "addr", "add", f"10.{number}.0.1/24", "dev", "home")
        self._ip(side, "addr", "add", f"10.{number}.0.2/24", "dev", "home")
        self._ip(side, "route", "add", "default", "via", f"10.{number}.0.1")
        self.inside(router, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        self.inside(router, "nft", "-f", "-", stdin=rules_of(self._nat))

    def _link(self, one, one_name, other, other_name):
        """A cable. libnice passes over interfaces called veth*."""
        self._ip(one, "link", "add", one_name, "type", "veth", "peer", "name",
                 other_name, "netns", self._name(other))
        self._ip(one, "link", "set", one_name, "up")
        self._ip(other, "link", "set", other_name, "up")

    # ---- what runs there

    def prefix(self, place):
        """What goes before a command that is to run there."""
        return ["ip", "netns", "exec", self._name(place)]

    def inside(self, place, *command, stdin=None):
        """Runs a command there to its end: what it prints."""
        return run(*self.prefix(place), *command, stdin=stdin)

    def forbid(self, place, rule):
        """From now on the router drops what fits the rule."""
        self.inside(place, "nft", "insert", "rule", "ip", "filter", "forward",
                    *rule.split(), "drop")

    def start_turn(self, *settings):
        """coturn on the Internet; ready when this returns."""
        log = self.path("turn.log")
        with open(self.path("turn.conf"), "w", encoding="utf-8") as file:
            file.write(COTURN_SETTINGS % (
                INTERNET, INTERNET, TURN_PORT, log, self.path("turn.pid"),
                self.path("turn.db"), "\n".join(settings)))
        self._start_turn(["turnserver", "-c", self.path("turn.conf")])

    def start_turn_as(self, line):
        """coturn as a line of a shell starts it, on the Internet's address."""
        self._start_turn(["bash", "-c", f"exec {line} --log-file=stdout "
                          f"--listening-ip={INTERNET} --no-tls --no-dtls "
                          f"--pidfile={self.path('turn.pid')} "
                          f"--userdb={self.path('turn.db')}"])

    def _start_turn(self, command):
        self._processes.append(subprocess.Popen(
            [*self.prefix("internet"), *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL))
        self._wait_for_turn()

    def relays_given(self):
        """The sessions that got a relay, as coturn tells it."""
        with open(self.path("turn.log"), encoding="utf-8") as file:
            log = file.read()
        return log, set(re.findall(
            r"session (\d+): .*ALLOCATE processed, success", log))

    def bytes_let_in(self, side):
        """By way: what the router of that home has let in."""
        text = self.inside(side + "-router", "nft", "list", "counters",
                           "table", "ip", "let_in")
        return {way: int(count) for way, count in re.findall(
            r"counter (\w+) \{\s*packets \d+ bytes (\d+)", text)}

    def check_carried(self, way):
        """A relay of coturn, spoken to in this @way (turn_udp or turn_tcp),
        carried all that came in from outside."""
        cli.check(self.relays_given()[1], "nobody got a relay")
        for side in SIDES:
            counted = self.bytes_let_in(side)
            others = [n for other, n in counted.items() if other != way]
            cli.check(counted[way] > MEDIA_BYTES and not any(others),
                      f"{side}: {counted}")

    def check_turn_is_idle(self):
        """Every relay that a member had is given back by now."""
        log, given = self.relays_given()
        back = set(re.findall(
            r"session (\d+): .*refreshed.*lifetime=0", log))
        cli.check(given <= back, f"of {given} only {back} were given back")

    def _wait_for_turn(self):
        """Its TCP port takes connections once it is up."""
        script = ("import socket, sys, time\n"
                  "end = time.monotonic() + 30\n"
                  "while time.monotonic() < end:\n"
                  "  try:\n"
                  "    socket.create_connection((%r, %d)).close()\n"
                  "    sys.exit(0)\n"
                  "  except OSError:\n"
                  "    pass\n"
                  "sys.exit('coturn does not listen')")
        self.inside("internet", sys.executable, "-c",
                    script % (INTERNET, TURN_PORT))
