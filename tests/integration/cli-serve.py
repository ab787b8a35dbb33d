"""`peal serve` as a process: its address works, it ends by a signal, tells
systemd, and keeps its certificate."""
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import urllib.error
import urllib.request

import cli
from cli import Peal, check


def get(url, context=None):
    with urllib.request.urlopen(url, timeout=10, context=context) as answer:
        return answer.status, answer.read().decode()


def the_printed_port_is_healthy_and_has_the_page():
    with Peal("serve", "--listen", "0") as server:
        serving = server.wait_for("serving")
        base = f"http://127.0.0.1:{serving['port']}"
        check(serving["url"] == f"{base}/lobby", serving)
        check(get(f"{base}/healthz")[0] == 200, "not healthy")
        check("<html" in get(serving["url"])[1].lower(), "no page")
        check(serving["fingerprint"] is None, serving)
        check(server.end() == 0, server.errors)


def each_of_the_usual_signals_ends_it_cleanly():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with Peal("serve", "--listen", "0") as server:
            server.wait_for("serving")
            check(server.end(number) == 0, f"{number}: {server.errors}")
            check(server.errors == [], server.errors)


def it_ends_by_itself_when_asked_to():
    with Peal("serve", "--listen", "0", "--seconds", "1") as server:
        server.wait_for("serving")
        check(server.join() == 0, server.errors)


def a_certificate_is_made_once_and_trusted_by_its_file():
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, XDG_STATE_HOME=folder)
        seen = set()
        for _ in range(2):
            with Peal("serve", "--listen", "0", "--tls", "auto",
                      env=env) as server:
                serving = server.wait_for("serving")
                context = ssl.create_default_context(
                    cafile=serving["certificate"])
                check(get(serving["url"], context)[0] == 200, serving)
                try:
                    get(serving["url"])
                    check(False, "trusted without its certificate")
                except urllib.error.URLError:
                    pass
                seen.add(serving["fingerprint"])
        check(len(seen) == 1, seen)


def systemd_is_told_when_it_is_ready_and_when_it_stops():
    with tempfile.TemporaryDirectory() as folder, \
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        path = os.path.join(folder, "notify")
        listener.bind(path)
        listener.settimeout(cli.PATIENCE_S)
        env = dict(os.environ, NOTIFY_SOCKET=path)
        with Peal("serve", "--listen", "0", env=env) as server:
            check(b"READY=1" in listener.recv(1000), "not ready")
            check(server.end() == 0, server.errors)
            check(b"STOPPING=1" in listener.recv(1000), "not stopping")


def a_port_that_is_taken_is_one_clear_line():
    with Peal("serve", "--listen", "0") as server:
        port = server.wait_for("serving")["port"]
        status, _, err = cli.run("serve", "--listen", str(port))
        check(status in (1, 2), status)
        check(len(err.splitlines()) == 1 and str(port) in err, err)


def a_phones_address_and_qr_code_are_shown_when_asked_for():
    _, out, _ = cli.run("serve", "--listen", "0.0.0.0:0", "--seconds", "1",
                        "--qr", expect=0)
    check("█" in out and "▄" in out, out)
    check("--tls auto" in out, out)


def loopback_says_so_and_how_to_change_it():
    _, out, _ = cli.run("serve", "--listen", "0", "--seconds", "1", expect=0)
    check("Only this computer" in out, out)
    check("--listen 0.0.0.0:8443 --tls auto" in out, out)
    check("█" not in out, out)


def files_of(pid):
    """What it may open: the soft limit and the hard one."""
    with open(f"/proc/{pid}/limits", encoding="ascii") as limits:
        line = next(line for line in limits if line.startswith("Max open"))
    return [int(limit) for limit in line.split()[3:5]]


def it_takes_as_many_files_as_it_may_have():
    with Peal("serve", "--listen", "0",
              before=("prlimit", "--nofile=128:512")) as server:
        server.wait_for("serving")
        check(files_of(server.pid) == [512, 512], files_of(server.pid))


def processor_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:13]) / os.sysconf(
        "SC_CLK_TCK")


def is_left_waiting(connection, seconds):
    """Whether nobody answers it for so long."""
    connection.settimeout(seconds)
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    try:
        return not connection.recv(1)
    except TimeoutError:
        return True


def without_files_it_says_so_once_rests_and_goes_on():
    with Peal("serve", "--listen", "0",
              before=("prlimit", "--nofile=64:64")) as server:
        port = server.wait_for("serving")["port"]
        crowd = [socket.create_connection(("127.0.0.1", port),
                                          timeout=cli.PATIENCE_S)
                 for _ in range(100)]
        warning = server.wait_for("warning")["message"]
        check("64 files" in warning and "ulimit" in warning, warning)

        before_s = processor_s(server.pid)
        check(is_left_waiting(crowd[-1], 3), "more connections than files")
        check(processor_s(server.pid) - before_s < 1, "it spins")

        for connection in crowd:
            connection.close()
        check(get(f"http://127.0.0.1:{port}/healthz")[0] == 200, "stuck")
        check(server.end() == 0, server.errors)
        told = [line for line in server.errors if "ulimit" in line]
        check(len(told) == 1 and len(server.errors) == 1, server.errors)


# A name space of its own, in which there is nothing but a loopback.
ALONE = ["unshare", "--map-root-user", "--net", "sh", "-c",
         'ip link set lo up; exec "$@"', "sh"]


def without_a_network_that_is_said_in_one_line():
    if subprocess.run([*ALONE, "true"], capture_output=True,
                      check=False).returncode != 0:
        print("# not asked: no name spaces here")
        return
    done = subprocess.run(
        [*ALONE, cli.PEAL, "serve", "--listen", "0.0.0.0:0", "--seconds", "1"],
        capture_output=True, text=True, timeout=cli.PATIENCE_S, check=False)
    said = [line for line in done.stdout.splitlines() if "no network" in line]
    check(done.returncode == 0 and len(said) == 1 and "port" in said[0],
          done.stdout + done.stderr)
    check("Only this computer" not in done.stdout, done.stdout)


cli.tell([
    the_printed_port_is_healthy_and_has_the_page,
    each_of_the_usual_signals_ends_it_cleanly,
    it_ends_by_itself_when_asked_to,
    a_certificate_is_made_once_and_trusted_by_its_file,
    systemd_is_told_when_it_is_ready_and_when_it_stops,
    a_port_that_is_taken_is_one_clear_line,
    a_phones_address_and_qr_code_are_shown_when_asked_for,
    loopback_says_so_and_how_to_change_it,
    it_takes_as_many_files_as_it_may_have,
    without_files_it_says_so_once_rests_and_goes_on,
    without_a_network_that_is_said_in_one_line,
])
