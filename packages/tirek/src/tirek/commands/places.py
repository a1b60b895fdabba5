"""`tirek places`: boundaries and settlements from files."""

from __future__ import annotations

import argparse
from pathlib import Path

from tirek.commands.ready import ready

HELP = """import:  read boundaries (GeoJSON, GeoPackage) or settlements (a table: .csv, .txt, .tsv) into the tree of areas.
         Says what it will do with each row, repairs broken shapes and says so, and may be run twice: what is the same stays.
rebuild: make the cells of all areas and of the population anew, e.g. after a restore.
"""
TABLES = {".csv", ".txt", ".tsv"}


def arguments(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="what", required=True)
    one = words.add_parser("import", help="read a file")
    one.add_argument("file", type=Path, help="boundaries: .geojson, .json, .gpkg; settlements: .csv, .txt, .tsv")
    one.add_argument(
        "--kind",
        choices=["country", "region", "district", "settlement"],
        help="what the boundaries are of (default: district); not for tables",
    )
    one.add_argument("--parent", metavar="CODE", help="code of the area that all of them lie in; not for tables")
    one.add_argument("--layer", help="layer of a GeoPackage that has several")
    one.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
    words.add_parser("rebuild", help="make all cells anew")


def run(options: argparse.Namespace) -> int:
    ready()
    from tirek.places import commands

    if options.what == "rebuild":
        return commands.rebuild()
    if not options.file.is_file():
        print(f"{options.file} is a folder." if options.file.is_dir() else f"There is no file {options.file}.")
        return 2
    if options.file.suffix.lower() in TABLES:
        ignored = [f"--{name}" for name in ("kind", "parent", "layer") if getattr(options, name)]
        if ignored:
            print(f"{' and '.join(ignored)}: not for tables. Each settlement finds its district by its own place.")
            return 2
        return commands.import_settlements(options.file, dry_run=options.dry_run)
    return commands.import_boundaries(
        options.file,
        options.kind or "district",
        parent=options.parent or "",
        layer=options.layer,
        dry_run=options.dry_run,
    )
