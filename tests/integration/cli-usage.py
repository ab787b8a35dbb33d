"""The command line as a person meets it: help, versions, and one clear line
with status 2 for everything that cannot be."""
import os
import subprocess
import tempfile

import cli
from cli import check, run

WRONG = [
    ([], "say what to do"),
    (["sing"], "unknown command 'sing'"),
    (["serve", "--bogus"], "unknown option --bogus"),
    (["serve", "--listen", "nowhere:at:all"], "cannot listen"),
    (["serve", "--token-file", "/nonexistent"], "token file"),
    (["serve", "--tls-cert", "/nonexistent", "--tls-key", "/nonexistent"],
     "/nonexistent"),
    (["call"], "whom to call"),
    (["call", "ws://127.0.0.1:1/x", "--seconds", "soon"], "soon"),
    (["devices", "more"], "what is 'more' for?"),
]


def usage_errors_are_one_line_and_status_2():
    for arguments, text in WRONG:
        _, out, err = run(*arguments, expect=2)
        lines = err.splitlines()
        check(out == "", f"{arguments}: {out}")
        check(text in lines[0], f"{arguments}: {err}")
        check(lines[0].startswith("peal"), err)
        check(len(lines) <= 2, f"{arguments}: {err}")
        check("CRITICAL" not in err and "WARNING" not in err, err)


def every_help_fits_a_screen():
    for command in ([], ["serve"], ["call"], ["devices"], ["demo"]):
        _, out, err = run(*command, "--help", expect=0)
        lines = out.splitlines()
        check(err == "", err)
        check(len(lines) < 24, f"{command}: {len(lines)} lines")
        check(max(map(len, lines)) <= 80, f"{command}: too wide")
        check(run("help", *command, expect=0)[1] == out,
              f"peal help {command} says something else")


def version_names_what_it_stands_on():
    _, out, _ = run("--version", expect=0)
    for word in ("Peal ", "GStreamer 1.", "libnice ", "libsoup 3."):
        check(word in out, out)


def devices_are_listed_even_if_there_are_none():
    _, out, err = run("devices", expect=0)
    for word in ("Cameras", "Screens", "Microphones", "Speakers", "VP8"):
        check(word in out, out)
    check(err == "", err)


def there_are_no_colours_in_a_pipe():
    _, out, _ = run("devices", expect=0)
    check("\033" not in out, repr(out))


def output_that_is_lost_is_a_failure():
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [cli.PEAL, "serve", "--listen", "0", "--seconds", "1"],
            stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
            text=True, timeout=cli.PATIENCE_S, check=False)
    check(done.returncode == 1, done.returncode)
    check("No space left" in done.stderr, done.stderr)


def a_name_needs_no_locale():
    _, _, err = run(
        "call", "ws://127.0.0.1:1/x", "--name", "Zo\u00eb", "--no-retry",
        "--video", "none", "--audio", "none",
        env={**os.environ, "LC_ALL": "C"}, expect=75)
    check("cannot reach" in err, err)


def core_plugin():
    """What comes with GStreamer's library itself and cannot be missing."""
    folder = subprocess.run(
        ["pkg-config", "--variable=pluginsdir", "gstreamer-1.0"],
        capture_output=True, text=True, check=True).stdout.strip()
    return os.path.join(folder, "libgstcoreelements.so")


def missing_plugins_are_named_with_their_packages():
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(core_plugin(),
                   os.path.join(folder, os.path.basename(core_plugin())))
        _, _, err = run(
            "call", "ws://127.0.0.1:1/x", "--no-retry", "--video", "none",
            "--audio", "none", expect=1,
            env={**os.environ, "GST_PLUGIN_SYSTEM_PATH_1_0": folder,
                 "GST_PLUGIN_PATH_1_0": folder,
                 "GST_REGISTRY_1_0": os.path.join(folder, "registry.bin")})
    for word in ("webrtcbin", "nicesrc", "apt install", "gstreamer1.0-nice",
                 "gstreamer1.0-plugins-bad"):
        check(word in err, err)
    check("CRITICAL" not in err, err)


def it_runs_from_anywhere_in_the_build_tree_without_a_plugin_path():
    env = {key: value for key, value in os.environ.items()
           if not key.startswith("GST_PLUGIN")}
    run("devices", env=env, expect=0)


cli.tell([
    usage_errors_are_one_line_and_status_2,
    every_help_fits_a_screen,
    version_names_what_it_stands_on,
    devices_are_listed_even_if_there_are_none,
    there_are_no_colours_in_a_pipe,
    output_that_is_lost_is_a_failure,
    a_name_needs_no_locale,
    missing_plugins_are_named_with_their_packages,
    it_runs_from_anywhere_in_the_build_tree_without_a_plugin_path,
])
