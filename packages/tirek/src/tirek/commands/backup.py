"""`tirek backup`: one folder with everything but the keys."""

from __future__ import annotations

import argparse
from pathlib import Path

from tirek.commands.ready import ready
from tirek.config.home import Home

HELP = """Write a backup into a new folder: the database as it is at one moment, every uploaded file, and a note of what is in it.
May run while Tirek runs. Name a folder on another disk or machine. Keys are not in it: copy them once with --keys to a place
of their own, and again when somebody has set up the first second factor.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty folder")
    parser.add_argument("--keys", type=Path, metavar="FOLDER", help="copy the keys too, into this new or empty folder")


def run(options: argparse.Namespace) -> int:
    home = Home.from_environment()
    if not home.keys.is_dir():
        print(f"There is no installation in {home.root}: TIREK_HOME names it.")
        return 1
    ready()
    from tirek.config import backup  # imports models

    backup.take(home, options.folder.expanduser(), print)
    if options.keys:
        backup.copy_keys(home, options.keys.expanduser(), print)
    return 0
