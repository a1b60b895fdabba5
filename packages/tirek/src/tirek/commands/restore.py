"""`tirek restore`: a backup into an empty home."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path

from tirek.commands.own import own_command
from tirek.commands.ready import ready
from tirek.config.home import Home

HELP = """Put a backup of `tirek backup` back into an empty TIREK_HOME; with PostgreSQL also into the empty database that
DATABASE_URL names. Checks that every row and file is there and that the log holds. Afterwards everybody signs in anew, and no
warning sounds by itself.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the backup")
    parser.add_argument("--keys", type=Path, metavar="FOLDER", required=True, help="the keys that were kept apart")


def run(options: argparse.Namespace) -> int:
    home = Home.from_environment()
    # Settings would make this key, and a home around it, before we have looked whether it is empty.
    os.environ.setdefault("TIREK_SECRET_KEY", secrets.token_urlsafe(48))
    held = home.lock()
    if held is None:
        print(f"Tirek runs with this home ({home.root}). Restore into another, empty one.", file=sys.stderr)
        return 1
    ready()
    from tirek.config import restore  # imports models

    folder, keys = options.folder.expanduser(), options.keys.expanduser()
    note = restore.look(home, folder, keys)
    restore.put_back(home, folder, keys, note, print)
    restore.settle(note, print)
    found = restore.faults(note)
    for fault in found:
        print(fault, file=sys.stderr)
    if found:
        print("The log does not hold: see docs/people.md before you start.", file=sys.stderr)
        return 1
    print(f"log: holds up to entry {note['head'][0]}, as in the backup of {note['taken']}")
    print(f"Restored into {home.root}. Next: {own_command('doctor', home)}, then {own_command('up', home)}")
    return 0
