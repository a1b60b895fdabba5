"""A backup: one folder with the database, the uploaded files, and a note (`backup.json`) of what must be in it.

Keys are not in it: with them somebody could sign commands, so they are kept elsewhere (`copy_keys`). It may be taken while
Tirek runs: the database first, as it was at one moment, then the files, which are only added to.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from tirek import __version__
from tirek.audit import chain
from tirek.config.home import PRIVATE_DIRECTORY, PRIVATE_FILE, Home
from tirek.config.trouble import Trouble

NOTE, SQLITE, POSTGRESQL, MEDIA = "backup.json", "tirek.sqlite3", "tirek.dump", "media"
#: Work that is not finished, of no use elsewhere.
PASSING = {"drafts"}
TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


class NoBackup(Trouble):
    """It cannot be made here; the message says why."""


def take(home: Home, folder: Path, say: Callable[[str], None]) -> None:
    """Write a backup into `folder`, which is made. Raises NoBackup; what was begun then lies in `folder` without a note."""
    if folder.resolve().is_relative_to(home.root):
        raise NoBackup(f"{folder} lies in TIREK_HOME itself: choose a place on another disk or machine")
    empty_folder(folder, NoBackup)
    facts = _database(folder)
    files = copy_files(home.media, folder / MEDIA)
    facts |= {"tirek": __version__, "taken": timezone.now().isoformat(timespec="seconds"), "files": files}
    facts["addresses"] = {name: value.rpartition("@")[2] for name, value in home.running().items()}
    # Last: a folder without it is no backup, however far it came.
    write_private(folder / NOTE, json.dumps(facts, indent=1).encode())
    total, tables, newest = sum(facts["rows"].values()), len(facts["rows"]), facts["head"][0]
    say(f"{folder}: {total} rows in {tables} tables, {files} files, log up to entry {newest}")


def copy_keys(home: Home, folder: Path, say: Callable[[str], None]) -> None:
    """Copy the keys of the installation to `folder`, which is made."""
    empty_folder(folder, NoBackup)
    say(f"{folder}: {copy_files(home.keys, folder)} keys. Keep them offline, apart from the data.")


def read_note(folder: Path) -> dict[str, Any]:
    """What a backup says about itself. Raises NoBackup when the folder is none."""
    try:
        note = dict(json.loads((folder / NOTE).read_text()))
        datetime.fromisoformat(note["taken"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoBackup(
            f"{folder} is no finished backup: it has no {NOTE} that can be read. `tirek backup` writes it last."
        ) from error
    return note


def empty_folder(folder: Path, trouble: type[Trouble]) -> None:
    """Make `folder`, for its owner only. Raises `trouble` when something is in it already: nothing is ever overwritten."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise trouble(f"{folder} is not empty: name a new folder for each backup")
        folder.chmod(PRIVATE_DIRECTORY)
    except OSError as error:
        raise trouble(f"{folder} cannot be written: {error.strerror}") from error


def copy_files(source: Path, target: Path) -> int:
    """Copy a tree, for its owner only. Returns how many files. One that goes while we copy was not wanted any more."""
    target.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    count = 0
    for entry in sorted(source.iterdir()):
        if entry.is_dir():
            count += 0 if entry.name in PASSING else copy_files(entry, target / entry.name)
            continue
        try:
            shutil.copy2(entry, target / entry.name)
        except FileNotFoundError:
            continue
        (target / entry.name).chmod(PRIVATE_FILE)
        count += 1
    return count


def write_private(path: Path, content: bytes) -> None:
    """A file of our own, on the disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def rows() -> dict[str, int]:
    """How many rows each table of the connected database has."""
    with connection.cursor() as cursor:
        return _counts(cursor, sorted(connection.introspection.table_names(cursor)))


def _counts(cursor: Any, tables: list[str]) -> dict[str, int]:
    counts = {}
    for table in tables:
        # SQL has no placeholder for a name; these come from the database's own list.
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
        counts[table] = int(cursor.fetchone()[0])
    return counts


def _database(folder: Path) -> dict[str, Any]:
    """Copy the database as it is at one moment. Returns what stands in the copy: rows of each table, newest entry of the log."""
    if connection.vendor == "postgresql":
        return _postgresql(folder / POSTGRESQL)
    return _sqlite(folder / SQLITE)


def _postgresql(target: Path) -> dict[str, Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        moment = cursor.fetchone()[0]
        words = ["--format=custom", "--no-owner", f"--snapshot={moment}", f"--file={target}"]
        run_postgresql(["pg_dump", *words, *login_words()], NoBackup)
        newest = chain.head()
        facts = {"database": "postgresql", "rows": rows(), "head": [newest.id, newest.hash]}
    target.chmod(PRIVATE_FILE)
    return facts


def _sqlite(target: Path) -> dict[str, Any]:
    write_private(target, b"")
    try:
        with (
            closing(sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            names = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
            counts = _counts(copy.cursor(), sorted(name for (name,) in names))
            newest = copy.execute("SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise NoBackup(f"The database cannot be copied: {error}") from error
    return {"database": "sqlite", "rows": counts, "head": list(newest or (0, chain.GENESIS))}


def login_words() -> list[str]:
    values = connection.settings_dict
    words = {"host": values["HOST"], "port": values["PORT"], "username": values["USER"], "dbname": values["NAME"]}
    return [f"--{name}={value}" for name, value in words.items() if value]


def run_postgresql(words: list[str], trouble: type[Trouble]) -> None:
    """Run a program of PostgreSQL with the password of DATABASE_URL. Raises `trouble` with what it says."""
    values = connection.settings_dict
    # In the environment, since others may read the words of a process.
    secret = {"PGPASSWORD": values["PASSWORD"]} | {f"PG{name.upper()}": values["OPTIONS"].get(name, "") for name in TLS}
    environ = os.environ | {name: str(value) for name, value in secret.items() if value}
    try:
        subprocess.run(words, env=environ, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise trouble(
            f"{words[0]} is not installed: install the client programs of PostgreSQL on this machine"
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or [f"code {error.returncode}"]
        raise trouble(f"{words[0]} failed: {said[-1]}") from error
