"""What people are told when a TURN server does not let them in."""
import cli
import nat

USER = ("lt-cred-mech", "user=bob:secret")


def wrong_credentials_over(transport):
    with nat.Lab("symmetric") as lab:
        lab.start_turn(*USER)
        nat.expect_reason(
            lab, "--turn", nat.turn("bob", nat.WRONG, transport),
            words=["TURN server", f"transport={transport}",
                   "refused user 'bob': wrong credentials?"])


def wrong_credentials_over_udp_are_told():
    wrong_credentials_over("udp")


def wrong_credentials_over_tcp_are_told():
    wrong_credentials_over("tcp")


def wrong_credentials_do_not_close_the_direct_way():
    with nat.Lab() as lab:
        lab.start_turn(*USER)
        servers = ("--stun", f"stun:{nat.INTERNET}", "--turn",
                   nat.turn("bob", nat.WRONG))
        with nat.serve(lab, *servers), nat.call(lab, "left") as one, \
                nat.call(lab, "right") as other:
            for each in (one, other):
                told = each.wait_for("warning")["message"]
                cli.check("refused user 'bob'" in told, told)
                each.wait_for("peer-state", state="connected")


nat.main([
    wrong_credentials_over_udp_are_told,
    wrong_credentials_over_tcp_are_told,
    wrong_credentials_do_not_close_the_direct_way,
])
