"""`tirek receiver`: this process alone."""

from __future__ import annotations

import argparse
import importlib

import django

from tirek.config.net import demand

HELP = """Receive the signals of alarm panels (SIA DC-09 over TCP and UDP).

For systemd or a container; `tirek up` starts this and everything else. Stops cleanly on SIGTERM.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: settings come from TIREK_HOME and the environment."""


def run(options: argparse.Namespace) -> int:
    django.setup()
    from django.conf import settings

    demand(settings.DC09_ADDRESS, "TIREK_DC09", udp=True)
    importlib.import_module("tirek.alarms.receiver").main()
    return 0
