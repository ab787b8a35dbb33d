"""Two homes whose routers keep their ports: a STUN server is all it takes."""
import nat

REFLEXIVE = nat.both_are("srflx", "prflx")


def two_homes_meet_by_the_element_s_own_stun_server():
    with nat.Lab() as lab:
        lab.start_turn("stun-only")
        nat.expect_call(lab, nat.STUN, way=REFLEXIVE)


def two_homes_meet_by_the_stun_server_that_the_room_hands_out():
    with nat.Lab() as lab:
        lab.start_turn("stun-only")
        nat.expect_call(lab, way=REFLEXIVE,
                        server=["--stun", f"stun:{nat.INTERNET}"])


nat.main([
    two_homes_meet_by_the_element_s_own_stun_server,
    two_homes_meet_by_the_stun_server_that_the_room_hands_out,
])
