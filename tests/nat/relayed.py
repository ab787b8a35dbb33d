"""Routers that change ports, networks that let no UDP out, and members that
want it so: calls through a TURN server."""
import nat

USER = ("lt-cred-mech", "user=bob:secret")
NO_UDP = "iifname home meta l4proto udp"


def symmetric_routers_are_crossed_over_udp():
    with nat.Lab("symmetric") as lab:
        lab.start_turn(*USER)
        nat.expect_call(lab, nat.turn_servers(nat.turn()),
                        kinds=("relay", "srflx", "prflx"))


def homes_without_udp_are_reached_over_tcp():
    with nat.Lab("symmetric") as lab:
        lab.start_turn(*USER)
        for router in ("left-router", "right-router"):
            lab.forbid(router, NO_UDP)
        nat.expect_call(lab, nat.turn_servers(nat.turn(transport="tcp")),
                        kinds=("relay",))


def relay_only_is_relay_only_although_there_is_a_shorter_way():
    with nat.Lab() as lab:
        lab.start_turn(*USER)
        nat.expect_call(lab, nat.STUN, nat.RELAY_ONLY,
                        nat.turn_servers(nat.turn()), kinds=("relay",))


nat.main([
    symmetric_routers_are_crossed_over_udp,
    homes_without_udp_are_reached_over_tcp,
    relay_only_is_relay_only_although_there_is_a_shorter_way,
])
