"""`tirek requirements`: standards from files, and back."""

from __future__ import annotations

import argparse
from pathlib import Path

from tirek.commands.ready import ready

HELP = """check:   read a file and say everything that is wrong with it, line by line.
import:  check the file, say what differs from the edition in force, and keep it as a draft after a yes. May be run twice.
enforce: put a draft in force; it takes the place of the former edition.
export:  write the file of an edition: one of this installation, or one that is packaged with Tirek.
list:    standards and their editions; where there are none yet, the packaged ones.
refresh: ask every live check anew, for all facilities.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="what", required=True)
    one = words.add_parser("check", help="read a file and say what is wrong with it")
    one.add_argument("file", type=Path)
    one = words.add_parser("import", help="bring a file in")
    one.add_argument("file", type=Path)
    one.add_argument("--yes", action="store_true", help="do not ask")
    one.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
    one.add_argument("--enforce", action="store_true", help="put it in force at once")
    for name, text in (("enforce", "put a draft in force"), ("export", "write the file of an edition")):
        one = words.add_parser(name, help=text)
        one.add_argument("standard", help="code of the standard")
        one.add_argument(
            "label", nargs="?", default="", help="label of the edition; without it the one in force or the newest"
        )
        if name == "export":
            one.add_argument("--to", type=Path, help="file to write; without it the file goes to the screen")
    words.add_parser("list", help="standards and their editions")
    words.add_parser("refresh", help="ask every live check anew")


def run(options: argparse.Namespace) -> int:
    ready()
    from tirek.requirements import commands

    if options.what in ("check", "import") and not options.file.is_file():
        print(f"There is no file {options.file}.")
        return 2
    match options.what:
        case "check":
            return commands.check(options.file)
        case "import":
            return commands.import_file(
                options.file, ask=None if options.yes else input, dry_run=options.dry_run, enforce=options.enforce
            )
        case "enforce":
            return commands.enforce(options.standard, options.label)
        case "export":
            return commands.export(options.standard, options.label, to=options.to)
        case "refresh":
            return commands.refresh()
    return commands.listing()
