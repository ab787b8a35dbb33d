#!/usr/bin/env python3
"""What the plugin makes by name, and what webrtcbin makes behind it, stands in
element/requirements.c, so that the user hears of a package that is missing
before a call begins. Codec tables are asked elsewhere (media/codec)."""
import re

from lint import functions, line_of, main, select

TABLE = "plugin/element/requirements.c"
ROW = re.compile(r'\{ "([a-z0-9]+)", \w+ \}')
CALL = re.compile(
    r"\b(?:gst_element_factory_(?:make|make_full|find|create)|"
    r"peal_factory_make)\s*\(([^,)]*)")
NAME = re.compile(r'"([a-z][a-z0-9]+)"')
INITIALISER = re.compile(r"\]\s*=\s*\{(.*?)\};", re.S)

# What GStreamer 1.22.0 makes when a call runs: ext/webrtc, ext/dtls and
# gst-libs/gst/webrtc of gst-plugins-bad, gst/rtpmanager of gst-plugins-good.
WEBRTCBIN = {
    "appsink", "appsrc", "capsfilter", "clocksync", "dtlsdec", "dtlsenc",
    "dtlssrtpdec", "dtlssrtpdemux", "dtlssrtpenc", "funnel", "nicesink",
    "nicesrc", "queue", "rtpbin", "rtpfunnel", "rtpjitterbuffer", "rtpptdemux",
    "rtpreddec", "rtpredenc", "rtprtxreceive", "rtprtxsend", "rtpsession",
    "rtpssrcdemux", "rtpstorage", "rtpulpfecdec", "rtpulpfecenc", "sctpdec",
    "sctpenc", "srtpdec", "srtpenc",
}

# "factory": the reason why a call begins without it.
OPTIONAL = {
    "sctpdec": "messages go through the room then; the element warns",
    "sctpenc": "messages go through the room then; the element warns",
}


def named_in(text):
    """(line, factory) of each that is made by a name in this file."""
    lines = text.split("\n")
    for _, first, last, _ in functions(text):
        body = "\n".join(lines[first - 1:last])
        for call in CALL.finditer(body):
            argument = call.group(1)
            if '"' not in argument and "[" in argument:
                argument = " ".join(INITIALISER.findall(body))
            for name in NAME.findall(argument):
                yield first - 1 + line_of(body, call.start()), name


def check(tree):
    table = tree.get(TABLE, "")
    required = {name: line_of(table, match.start())
                for match in ROW.finditer(table)
                for name in [match.group(1)]}
    found = ["%s:1: webrtcbin makes %s" % (TABLE, name)
             for name in sorted(WEBRTCBIN - required.keys() - OPTIONAL.keys())]
    used = set(WEBRTCBIN)
    for path, text in select(tree, ["plugin"], [".c"]).items():
        for line, name in named_in(text):
            used.add(name)
            if name not in required and name not in OPTIONAL:
                found.append("%s:%d: %s is not in %s" % (
                    path, line, name, TABLE))
    return found + ["%s:%d: nobody makes %s" % (TABLE, line, name)
                    for name, line in required.items() if name not in used]


def table_of(names):
    rows = "".join('  { "%s", PACKAGE_BASE },\n' % name for name in names)
    return {TABLE: "t requirements[] = {\n%s};\n" % rows}


def with_function(body):
    return dict(table_of(WEBRTCBIN), **{
        "plugin/media/a.c": "static void\nf (void)\n{\n%s}\n" % body})


if __name__ == "__main__":
    main("elements that are made by name are looked for first", check, [
        ("what webrtcbin makes and the table does not have",
         table_of(WEBRTCBIN - {"appsrc"})),
        ("a name", with_function('  make = gst_element_factory_make ("tee", '
                                 'NULL);\n')),
        ("either of two names",
         with_function('  gst_element_factory_make_full (is_video ? "queue" : '
                       '"tee", NULL);\n')),
        ("a name in a list",
         with_function('  static const gchar *const names[] = { "tee" };\n\n'
                       '  peal_factory_make (names[0], NULL, error);\n')),
        ("a row that nobody needs", table_of(WEBRTCBIN | {"tee"})),
    ], [
        ("what the table has", with_function(
            '  peal_factory_make ("queue", NULL, error);\n')),
        ("what a codec names", with_function(
            "  peal_factory_make (codec->parser, NULL, error);\n")),
    ])
