"""Putting a backup back: into an empty home, checked, and quiet: nothing sounds by itself on what was known then."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from tirek.accounts.models import Session
from tirek.audit import chain
from tirek.config import backup, installation
from tirek.config.home import Home
from tirek.config.trouble import Trouble
from tirek.warning.actions import hush_restored

#: Keys without which what is in the database cannot be used: sessions and panels, second factors, devices.
NEEDED_KEYS = ("django", "centre-command-key", "broker-devices")


class NotRestored(Trouble):
    """It cannot be put back; the message says why. Home and database are as they were."""


def look(home: Home, folder: Path, keys: Path) -> dict[str, Any]:
    """Refuse what cannot go well before anything is written. Returns the backup's note."""
    note = backup.read_note(folder)
    if missing := [name for name in NEEDED_KEYS if not (keys / name).is_file()]:
        raise NotRestored(f"{keys} does not hold the keys of an installation: {', '.join(missing)} missing")
    for part in (home.keys, home.data, home.media):
        if part.is_dir() and (inside := next((path for path in part.rglob("*") if not path.is_dir()), None)):
            raise NotRestored(
                f"{home.root} is in use ({inside} is there): restore into an empty home, TIREK_HOME names it"
            )
    return note


def put_back(home: Home, folder: Path, keys: Path, note: dict[str, Any], say: Callable[[str], None]) -> None:
    """Fill the empty home and database. When something fails, the home is emptied again."""
    if note["database"] != connection.vendor:
        way = (
            "set DATABASE_URL to an empty database" if note["database"] == "postgresql" else "leave DATABASE_URL unset"
        )
        raise NotRestored(f"{folder} was taken of {note['database']}: {way}, and try again")
    if connection.vendor == "postgresql" and connection.introspection.table_names():
        raise NotRestored("The database that DATABASE_URL names is not empty: create a new one, and try again")
    try:
        for part in (home.keys, home.media):
            shutil.rmtree(part, ignore_errors=True)
        backup.copy_files(keys, home.keys)
        say(f"keys: {len(list(home.keys.iterdir()))}")
        say(f"files: {backup.copy_files(folder / backup.MEDIA, home.media)} of {note['files']}")
        _database(home, folder)
        home.prepare()
        _compare(note, say)
    except BaseException:
        for part in (home.keys, home.data, home.media):
            shutil.rmtree(part, ignore_errors=True)
        raise
    # Agents and panels dial the ports of that time, so the next start takes them again where it can.
    last = {name: f"mqtt://{at}" if name == "mqtt_url" else at for name, at in note["addresses"].items()}
    backup.write_private(home.run_file, json.dumps(last, indent=1).encode())


def settle(note: dict[str, Any], say: Callable[[str], None]) -> None:
    """Bring the tables up to date and end what must not go on from that time: sessions, and warnings that sounded."""
    if waiting := installation.migrations_waiting():
        say(f"bringing the database up to date ({waiting} steps)")
        call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        Session.objects.all().delete()
        # The log goes on from that time: whoever reads it must see that what came between is not in it.
        chain.append(
            actor="system:installation", verb="config.restore_backup", object_type="config.backup", object_id=note["taken"],
            object_name=note["taken"], after={"taken": note["taken"], "tirek": note["tirek"]},
        )  # fmt: skip
    for name in hush_restored():
        say(f"{name} was valid when the backup was taken. It stays silent: give its all-clear, or warn anew.")


def faults(note: dict[str, Any]) -> list[str]:
    """Where the log does not hold, or does not reach what the backup says."""
    number, digest = note["head"]
    return [f"entry {fault.entry}: {fault.problem}" for fault in chain.verify({number: digest} if number else {})]


def _database(home: Home, folder: Path) -> None:
    if connection.vendor == "postgresql":
        words = ["--no-owner", "--exit-on-error", "--single-transaction", *backup.login_words()]
        backup.run_postgresql(["pg_restore", *words, str(folder / backup.POSTGRESQL)], NotRestored)
        return
    home.data.mkdir(exist_ok=True)
    target = home.data / "tirek.sqlite3"
    backup.write_private(target, b"")
    shutil.copyfile(folder / backup.SQLITE, target)
    with closing(sqlite3.connect(target)) as copy:
        try:
            said = copy.execute("PRAGMA quick_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            said = str(error)
    if said != "ok":
        raise NotRestored(f"{folder / backup.SQLITE} is damaged: {said}. Take an older backup.")


def _compare(note: dict[str, Any], say: Callable[[str], None]) -> None:
    there = backup.rows()
    other = [
        f"{name} {there.get(name, 'missing')} of {count}"
        for name, count in note["rows"].items()
        if there.get(name) != count
    ]
    if other:
        raise NotRestored(f"Rows are missing: {', '.join(other)}")
    say(f"database: {sum(there.values())} rows in {len(there)} tables, as many as were backed up")
