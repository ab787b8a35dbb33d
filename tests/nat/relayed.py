"""Routers that change ports, networks that let no UDP out, and members that
want it so: calls through a TURN server."""
import cli
import nat

USER = ("lt-cred-mech", "user=bob:secret")
NO_UDP = "iifname home meta l4proto udp"


def symmetric_routers_are_crossed_over_udp():
    with nat.Lab("symmetric") as lab:
        lab.start_turn(*USER)
        nat.expect_call(lab, nat.turn_servers(nat.turn()),
                        way=nat.is_relayed)
        lab.check_carried("turn_udp")


def symmetric_routers_are_not_crossed_with_stun_alone():
    """What else the story above shows would be worth nothing."""
    with nat.Lab("symmetric") as lab:
        lab.start_turn("stun-only")
        nat.expect_reason(lab, "--stun", f"stun:{nat.INTERNET}",
                          words=["no network path to the peer", "no TURN"])
        for side in nat.SIDES:
            counted = lab.bytes_let_in(side)
            cli.check(counted["turn_udp"] > 0, "the STUN server was silent")
            cli.check(counted["direct"] == 0, f"{side}: {counted}")


def homes_without_udp_are_reached_over_tcp():
    with nat.Lab("symmetric") as lab:
        lab.start_turn(*USER)
        for router in ("left-router", "right-router"):
            lab.forbid(router, NO_UDP)
        nat.expect_call(lab, nat.turn_servers(nat.turn(transport="tcp")),
                        way=nat.both_are("relay"))
        lab.check_carried("turn_tcp")


def relay_only_is_relay_only_although_there_is_a_shorter_way():
    with nat.Lab() as lab:
        lab.start_turn(*USER)
        nat.expect_call(lab, nat.STUN, nat.RELAY_ONLY,
                        nat.turn_servers(nat.turn()), way=nat.both_are("relay"))
        lab.check_carried("turn_udp")


nat.main([
    symmetric_routers_are_crossed_over_udp,
    symmetric_routers_are_not_crossed_with_stun_alone,
    homes_without_udp_are_reached_over_tcp,
    relay_only_is_relay_only_although_there_is_a_shorter_way,
])
