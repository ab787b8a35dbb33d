"""How members log in to a TURN server: any password, several servers, and
credentials that the room makes for each member."""
import base64
import hashlib
import hmac
import os
import re

import cli
import nat

USER = "bob@home"
PASSWORD = "a:b/c@d%41?e#f&g+h=i j\u00e4\"k"
SECRET = "north-sea-at-night"
LOUD = dict(os.environ, GST_DEBUG="peal*:9", GST_DEBUG_NO_COLOR="1")


def encode(text):
    return "".join(f"%{byte:02X}" for byte in text.encode())


def with_any_password(lab):
    key = hashlib.md5(f"{USER}:peal.test:{PASSWORD}".encode()).hexdigest()
    lab.start_turn("lt-cred-mech", f"user={USER}:0x{key}")


def any_character_can_be_in_a_password_of_the_element():
    with nat.Lab() as lab:
        with_any_password(lab)
        server = nat.turn(encode(USER), encode(PASSWORD))
        nat.expect_call(lab, nat.RELAY_ONLY, nat.turn_servers(server),
                        way=nat.both_are("relay"))


def any_character_can_be_in_a_password_that_the_room_hands_out():
    with nat.Lab() as lab:
        with_any_password(lab)
        server = nat.turn(encode(USER), encode(PASSWORD))
        nat.expect_call(lab, nat.RELAY_ONLY, way=nat.both_are("relay"),
                        server=["--turn", server])


def of_several_servers_one_that_works_is_enough():
    with nat.Lab() as lab:
        lab.start_turn("lt-cred-mech", "user=bob:secret")
        dead = f"turn://bob:secret@{nat.INTERNET}:9?transport=udp"
        nat.expect_call(lab, nat.RELAY_ONLY,
                        nat.turn_servers(dead, nat.turn(password="wrong"),
                                         nat.turn()), way=nat.both_are("relay"))


def users_in(log):
    """Who was let in, as coturn tells it."""
    with open(log, encoding="utf-8") as file:
        return set(re.findall(r"user <(\d+:[\w-]+)>.*success", file.read()))


def password_of(user):
    digest = hmac.new(SECRET.encode(), user.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def start_with_secret(lab):
    lab.start_turn("use-auth-secret", f"static-auth-secret={SECRET}")
    with open(lab.path("secret"), "w", encoding="utf-8") as file:
        file.write(SECRET + "\n")


def each_member_gets_credentials_that_no_log_has():
    with nat.Lab() as lab:
        start_with_secret(lab)
        said = nat.expect_call(
            lab, nat.RELAY_ONLY, way=nat.both_are("relay"), env=LOUD,
            server=["--turn", f"turn:{nat.INTERNET}?transport=udp",
                    "--turn-secret-file", lab.path("secret")])
        users = users_in(lab.path("turn.log"))
        cli.check(len(users) == 2, f"users {users}")
        cli.check("joined" in said, "nothing was logged")
        for word in [SECRET, *map(password_of, users)]:
            cli.check(word not in said and encode(word) not in said,
                      f"{word} was logged")


def an_element_with_a_room_of_its_own_makes_them_as_well():
    with nat.Lab() as lab:
        start_with_secret(lab)
        server = f"turn://{nat.INTERNET}?transport=udp"
        with nat.member(lab, "internet", nat.turn_servers(server),
                        f"turn-secret-file={lab.path('secret')}") as host:
            host.wait_for("signalling-state", state="joined")
            with nat.member(lab, "left", nat.RELAY_ONLY) as guest:
                guest.wait_for("sees")
                host.wait_for("sees")
                guest.wait_for("stats", local_candidate="relay")
                cli.check(guest.end() == 0, guest.errors)


nat.main([
    any_character_can_be_in_a_password_of_the_element,
    any_character_can_be_in_a_password_that_the_room_hands_out,
    of_several_servers_one_that_works_is_enough,
    each_member_gets_credentials_that_no_log_has,
    an_element_with_a_room_of_its_own_makes_them_as_well,
])
