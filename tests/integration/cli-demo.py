"""`peal demo`: a whole call in one command, judged by content."""
import cli
from cli import Peal, check, run


def pictures_and_sound_arrive_in_both_directions():
    _, out, err = run("demo", "--seconds", str(8 * cli.SLOWNESS), expect=0)
    check("Anna enters the room" in out and "Ben enters the room" in out, out)
    check("orange, moving" in out and "blue, moving" in out, out)
    check("440 Hz" in out and "660 Hz" in out, out)
    check("Connected " in out and "first picture after" in out, out)
    check("Pictures and sound arrived in both directions." in out, out)
    check("in a browser" in out, out)
    check("CRITICAL" not in err and "WARNING" not in err, err)


def events_tell_each_direction_and_the_verdict():
    with Peal("demo") as demo:
        demo.wait_for("serving")
        demo.wait_for("direction", **{"from": "Anna", "to": "Ben"},
                      seen=True, moving=True, heard=True)
        demo.wait_for("direction", **{"from": "Ben", "to": "Anna"},
                      seen=True, moving=True, heard=True)
        check(demo.end() == 0, demo.errors)
        summary = demo.events[-1]
        check(summary["event"] == "summary" and summary["passed"], summary)
        check({peer["name"] for peer in summary["peers"]} == {"Anna", "Ben"},
              summary)


def ended_before_anything_arrived_it_fails_and_names_what_is_missing():
    with Peal("demo") as demo:
        demo.wait_for("serving")
        check(demo.end() == 1, demo.errors)
        said = "\n".join(demo.errors)
        check("no pictures arrived from Anna at Ben" in said, said)
        check("no sound arrived from Ben at Anna" in said, said)


def a_browser_could_join_on_any_port():
    with Peal("demo") as one, Peal("demo") as other:
        ports = {demo.wait_for("serving")["port"] for demo in (one, other)}
        check(len(ports) == 2, ports)


cli.tell([
    pictures_and_sound_arrive_in_both_directions,
    events_tell_each_direction_and_the_verdict,
    ended_before_anything_arrived_it_fails_and_names_what_is_missing,
    a_browser_could_join_on_any_port,
])
