"""`tirek sample`: the sample province."""

from __future__ import annotations

import argparse

from tirek.commands.ready import ready

HELP = "Load the sample province (Aktobe in outline, with generated facilities, people and devices), or clear it away."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["load", "clear"])


def run(options: argparse.Namespace) -> int:
    ready()
    from tirek.config import sample  # imports models

    if options.what == "load":
        sample.load(print)
        return 0
    print(f"{sample.clear()} sample rows removed")
    return 0
