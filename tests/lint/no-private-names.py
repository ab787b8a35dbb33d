#!/usr/bin/env python3
"""Nothing committed names a path of the machine it was written on, nor the
host of a package registry, mirror or proxy."""
import re

from lint import line_of, main

# Written in pieces, so that this file does not find itself.
PATTERNS = [
    (r"(?<![\w.$}~-])/(?:wo" r"rk|ro" r"ot)(?![\w-])", "a path of one machine"),
    (r"(?<![\w.$}~-])/tm" r"p/w/", "a path of one machine"),
    (r"(?<![\w.$}-])/home/(?!user\b|pi\b)\w", "a home folder"),
    (r"(?:registry\.npm" r"js|npm\.pk" r"g\.github|pypi\.or" r"g|"
     r"pythonhost" r"ed\.org|deb\.deb" r"ian\.org|arti" r"factory)",
     "a registry or mirror"),
    (r'"resol' r'ved": "http', "a lock file with addresses"),
    (r"(?:api[_-]?key|secret|passw" r"ord) ?= ?[\"'][A-Za-z0-9+/]{24,}",
     "what looks like a secret"),
    (r"-----BEGIN (?:RSA |EC )?PRIVATE" r" KEY", "a private key"),
]


def check(tree):
    found = []
    for path, text in tree.items():
        for pattern, what in PATTERNS:
            for match in re.finditer(pattern, text):
                found.append("%s:%d: %s: %s" % (
                    path, line_of(text, match.start()), what, match.group()))
    return found


if __name__ == "__main__":
    main("nothing names the machine it was made on", check, [
        ("a path", {"a.c": 'open ("/ro' + 'ot/a");\n'}),
        ("a checkout's path", {"a.sh": "cd /wo" + "rk/main\n"}),
        ("a registry", {"package-lock.json":
                        "https://registry.npm" + "js.org/a\n"}),
        ("a mirror", {"dev": "http://deb.deb" + "ian.org/debian\n"}),
        ("a private key", {"a.pem": "-----BEGIN PRIVATE" + " KEY-----\n"}),
    ], [
        ("a path in a chroot", {"dev": '"$ROOT/ro' + 'ot/a"\n'}),
    ])
