"""`tirek recover`: the way in when no administrator is left who could open it."""

from __future__ import annotations

import argparse

from tirek.commands.ready import ready

HELP = """Let a person in again who lost password and second factors, when no administrator can do it on the page *People*: gives a
one-time password, removes the second factors, ends sessions and lock-outs. Leaves an entry in the log. May run while Tirek runs.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the log-in name")
    parser.add_argument("--why", default="", help="the reason, for the log")


def run(options: argparse.Namespace) -> int:
    ready()
    from tirek.accounts.actions import recover_person  # imports models

    password = recover_person(options.name, options.why)
    print(f"One-time password of {options.name}: {password}")
    print("Good for seven days and for one thing: choosing one's own. Second factors are to be set up anew.")
    return 0
