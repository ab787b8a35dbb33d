#!/usr/bin/env python3
"""gst-plugins-rs' signalling, between programs that are not all ours.

       webrtcsink ----\\                        /---- webrtcsrc
                       our server | their server
       pealbin --------/                        \\---- pealbin

Pictures have a colour and sound has a tone for each who sends.
"""
from contextlib import ExitStack
import socket

from lookout import Pipeline, media, our_server, their_server, with_crates
from cli import tell

# Theirs has a public one by default.
NO_STUN = "stun-server=stun://127.0.0.1:9"
LOOK = ("{name}.mix_video ! {{pictures}} {name}.mix_audio ! {{sound}} ")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pealbin(uri, colour=None, tone=None, looks=True):
    sent = media("call", colour, tone) if colour else ""
    seen = LOOK.format(name="call") if looks else ""
    return Pipeline(f"pealbin name=call uri={uri} {sent} {seen}")


def sink(uri, env, colour="red", tone=440):
    return Pipeline(
        f"webrtcsink name=sink signaller::uri={uri} {NO_STUN} "
        "video-caps=video/x-vp8 meta=meta,name=(string)Door "
        + media("sink", colour, tone), env)


def source(uri, env, more="connect-to-first-producer=true"):
    """It takes from the first producer there is, and looks for it once; or,
    without @more, waits for one to start with it."""
    return Pipeline(
        f"webrtcsrc name=source signaller::uri={uri} {NO_STUN} {more} "
        "source. ! video/x-raw ! {pictures} "
        "source. ! audio/x-raw ! {sound}", env)


def rooms(server):
    """Where a server's programs and ours meet: (gst-plugins-rs, Peal)."""
    port = free_port()
    if server is our_server:
        return port, f"ws://127.0.0.1:{port}/gstwebrtc/lobby", \
            f"ws://127.0.0.1:{port}/lobby"
    return port, f"ws://127.0.0.1:{port}", f"gstwebrtc+ws://127.0.0.1:{port}"


def webrtcsink_is_seen_and_heard_through_our_server():
    env = with_crates()
    port, theirs, ours = rooms(our_server)
    with our_server(port), sink(theirs, env), \
            pealbin(ours, "blue", 600) as member:
        member.wait_for("red", 440)


def a_later_webrtcsink_is_seen_and_heard_through_our_server():
    env = with_crates()
    port, theirs, ours = rooms(our_server)
    with our_server(port), pealbin(ours, "blue", 600) as member, \
            sink(theirs, env):
        member.wait_for("red", 440)


def webrtcsrc_sees_and_hears_a_member_through_our_server():
    env = with_crates()
    port, theirs, ours = rooms(our_server)
    with our_server(port) as server, \
            pealbin(ours, "blue", 600, looks=False):
        server.wait_for_member()
        with source(theirs, env) as viewer:
            viewer.wait_for("blue", 600)


def a_waiting_webrtcsrc_sees_and_hears_a_member_through_our_server():
    env = with_crates()
    port, theirs, ours = rooms(our_server)
    with our_server(port), source(theirs, env, "") as viewer, \
            pealbin(ours, "blue", 600, looks=False):
        viewer.wait_for("blue", 600)


def webrtcsrc_sees_and_hears_webrtcsink_through_our_server():
    env = with_crates()
    port, theirs, _ = rooms(our_server)
    with our_server(port) as server, sink(theirs, env):
        server.wait_for_member()
        with source(theirs, env) as viewer:
            viewer.wait_for("red", 440)


def a_member_takes_from_webrtcsink_on_their_server():
    env = with_crates()
    port, theirs, ours = rooms(their_server)
    with their_server(port), sink(theirs, env), \
            pealbin(f"{ours}/?role=consumer&peer-name=Door") as member:
        member.wait_for("red", 440)


def a_member_that_also_sends_takes_from_webrtcsink_on_their_server():
    env = with_crates()
    port, theirs, ours = rooms(their_server)
    with their_server(port), sink(theirs, env), \
            pealbin(f"{ours}/?version=1.0", "blue", 600) as member:
        member.wait_for("red", 440)


def webrtcsrc_takes_from_a_member_on_their_server():
    env = with_crates()
    port, theirs, ours = rooms(their_server)
    with their_server(port) as server, \
            pealbin(f"{ours}/?role=producer", "blue", 600, looks=False):
        server.wait_for_member()
        with source(theirs, env) as viewer:
            viewer.wait_for("blue", 600)


def a_waiting_webrtcsrc_takes_from_a_member_on_their_server():
    env = with_crates()
    port, theirs, ours = rooms(their_server)
    with their_server(port), source(theirs, env, "") as viewer, \
            pealbin(f"{ours}/?role=producer", "blue", 600, looks=False):
        viewer.wait_for("blue", 600)


def two_members_see_and_hear_each_other_on(server):
    port, _, ours = rooms(server)
    uri = f"gstwebrtc+ws://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.enter_context(server(port))
        red = stack.enter_context(pealbin(f"{uri}/?name=Red", "red", 440))
        blue = stack.enter_context(pealbin(f"{uri}/?name=Blue", "blue", 600))
        red.wait_for("blue", 600)
        blue.wait_for("red", 440)


def two_members_see_and_hear_each_other_on_their_server():
    two_members_see_and_hear_each_other_on(their_server)


def two_members_see_and_hear_each_other_on_the_bare_host_of_ours():
    two_members_see_and_hear_each_other_on(our_server)


def a_member_of_ours_and_one_of_a_room_see_and_hear_each_other():
    port, _, ours = rooms(our_server)
    with our_server(port), pealbin(ours, "red", 440) as red, \
            pealbin(f"gstwebrtc+ws://127.0.0.1:{port}/gstwebrtc/lobby",
                    "blue", 600) as blue:
        red.wait_for("blue", 600)
        blue.wait_for("red", 440)


if __name__ == "__main__":
    tell([
        webrtcsink_is_seen_and_heard_through_our_server,
        a_later_webrtcsink_is_seen_and_heard_through_our_server,
        webrtcsrc_sees_and_hears_a_member_through_our_server,
        a_waiting_webrtcsrc_sees_and_hears_a_member_through_our_server,
        webrtcsrc_sees_and_hears_webrtcsink_through_our_server,
        a_member_takes_from_webrtcsink_on_their_server,
        a_member_that_also_sends_takes_from_webrtcsink_on_their_server,
        webrtcsrc_takes_from_a_member_on_their_server,
        a_waiting_webrtcsrc_takes_from_a_member_on_their_server,
        two_members_see_and_hear_each_other_on_their_server,
        two_members_see_and_hear_each_other_on_the_bare_host_of_ours,
        a_member_of_ours_and_one_of_a_room_see_and_hear_each_other,
    ], "gstwebrtc")
