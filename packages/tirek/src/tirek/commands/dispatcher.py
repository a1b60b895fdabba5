"""`tirek dispatcher`: this process alone."""

from __future__ import annotations

import argparse
import importlib

import django

HELP = """Send commands to endpoints, take in their reports, retry and expire.

For systemd or a container; `tirek up` starts this and everything else. Stops cleanly on SIGTERM.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: settings come from TIREK_HOME and the environment."""


def run(options: argparse.Namespace) -> int:
    django.setup()
    importlib.import_module("tirek.warning.dispatcher").main()
    return 0
