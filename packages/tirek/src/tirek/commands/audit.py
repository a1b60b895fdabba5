"""`tirek audit`: the chain of the audit log."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tirek.commands.ready import ready

HELP = """verify: walk the whole chain and name every row that was edited, dropped, inserted or moved. Exit code 1 if any was.
head:   write number and hash of the newest entry to a file, which you keep outside this machine; verify can then also
        find a chain that was cut or written anew.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="what", required=True)
    verify = words.add_parser("verify", help="walk the chain")
    verify.add_argument("--heads", type=Path, metavar="FILE", help="heads that were kept outside")
    head = words.add_parser("head", help="write the newest entry's number and hash")
    head.add_argument("--to", type=Path, metavar="FILE", required=True, help="the file to add a line to")


def run(options: argparse.Namespace) -> int:
    ready()
    from tirek.audit import commands
    from tirek.audit.heads import HeadsError

    if options.what == "verify":
        return commands.verify(sys.stdout, heads=options.heads)
    try:
        print(commands.write_head(options.to))
    except HeadsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
