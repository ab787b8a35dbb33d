"""What people are told when servers are not there."""
import nat


def a_turn_server_that_is_not_there_is_told():
    with nat.Lab() as lab:
        nat.expect_reason(lab, "--relay", "--turn",
                          f"turn:bob:{nat.WRONG}@203.0.113.77?transport=udp",
                          words=["203.0.113.77", "does not answer"])


def a_stun_server_that_is_not_there_is_told():
    with nat.Lab("symmetric") as lab:
        nat.expect_reason(lab, "--stun", f"stun:{nat.INTERNET}:9",
                          words=[f"STUN server stun:{nat.INTERNET}:9 cannot"])


def relay_only_without_a_turn_server_is_told():
    with nat.Lab() as lab:
        nat.expect_reason(lab, "--relay", words=["no TURN server"])


nat.main([
    a_turn_server_that_is_not_there_is_told,
    a_stun_server_that_is_not_there_is_told,
    relay_only_without_a_turn_server_is_told,
])
