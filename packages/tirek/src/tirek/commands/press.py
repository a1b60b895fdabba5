"""`tirek press`: press a panic button."""

from __future__ import annotations

import argparse

from tirek.commands.ready import ready

HELP = """Press the panic button of a simulated facility: a real SIA DC-09 message goes
to the receiver, as its panel would send it.

Works only with sample data.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "facility", nargs="?", default="sample-hospital", help="code of the facility (default: %(default)s)"
    )
    parser.add_argument("--zone", help="number of the zone (default: the first panic button)")


def run(options: argparse.Namespace) -> int:
    ready()
    from tirek.alarms.press import press  # imports models

    print(press(options.facility, options.zone))
    return 0
