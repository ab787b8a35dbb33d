#!/usr/bin/env python3
"""gst-examples' signalling on our server: members of a room, and calls one to
one, with a pealbin of the room opposite. Picture and tone of each are looked
at by the other.
"""
from gstwebrtc import free_port, pealbin
from lookout import our_server
from cli import tell


def meet(first, second):
    """Two members, of the addresses that they call, see and hear each other."""
    port = free_port()
    host = f"127.0.0.1:{port}"
    with our_server(port) as server, \
            pealbin(first.format(host=host), "red", 440) as red:
        server.wait_for_member()
        with pealbin(second.format(host=host), "blue", 600) as blue:
            red.wait_for("blue", 600)
            blue.wait_for("red", 440)


def a_newcomer_to_a_room_offers_to_a_member():
    meet("ws://{host}/lobby", "gstexamples+ws://{host}/gstexamples?room=lobby")


def two_of_a_room_on_the_bare_host_see_and_hear_each_other():
    meet("gstexamples+ws://{host}/?room=lobby",
         "gstexamples+ws://{host}/?room=lobby")


def a_member_is_called_by_its_name():
    meet("ws://{host}/lobby?name=Door",
         "gstexamples+ws://{host}/gstexamples/lobby?peer=Door")


if __name__ == "__main__":
    tell([
        a_newcomer_to_a_room_offers_to_a_member,
        two_of_a_room_on_the_bare_host_see_and_hear_each_other,
        a_member_is_called_by_its_name,
    ], "gstreamer-rooms")
