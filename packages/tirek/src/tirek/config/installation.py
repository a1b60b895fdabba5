"""The first start and every later one: tables, keys, sample province, first administrator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tirek.accounts.actions import create_first_administrator
from tirek.accounts.models import Person
from tirek.config import sample
from tirek.config.home import Home
from tirek.config.supervisor import die_with
from tirek.config.trouble import Trouble
from tirek.warning.plans import load_plans
from tirek.warning.signing import make_keys

MANY_STEPS = 20


@dataclass(frozen=True, slots=True)
class FirstLogin:
    """Shown once, on the console, to who started Tirek for the first time."""

    username: str
    password: str


class NewerDatabase(Trouble):
    """The tables were made by a later version than this program."""


def migrations_waiting() -> int:
    """How many migrations the database has not seen yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def refuse_newer() -> None:
    """Raise NewerDatabase when the database has seen steps that this program does not know: it would write by old rules."""
    loader = MigrationExecutor(connection).loader
    own = {app.label for app in apps.get_app_configs() if app.name.startswith("tirek.")}
    unknown = sorted(
        f"{app}.{name}" for app, name in set(loader.applied_migrations) - set(loader.disk_migrations) if app in own
    )
    if unknown:
        raise NewerDatabase(
            f"The database was used by a newer Tirek than this one (it has {unknown[-1]}). Install that version again, "
            "or restore a backup that this one made."
        )


def has_begun() -> bool:
    """Whether somebody real has an account in this database: then it is in use, and nothing is loaded into it by itself.

    The database says so, not a file beside it: a restored backup or a second machine has the one without the other.
    """
    if Person._meta.db_table not in connection.introspection.table_names():
        return False
    return Person.objects.filter(is_sample=False).exists()


def prepare(home: Home, *, with_sample: bool, say: Callable[[str], None]) -> FirstLogin | None:
    """Make the installation ready. Safe to call at every start; only the first returns a log-in."""
    home.prepare()
    refuse_newer()
    warming = _warm_engines() if with_sample and not has_begun() else None
    if waiting := migrations_waiting():
        say(f"bringing the database up to date ({waiting} steps{', up to a minute' if waiting > MANY_STEPS else ''})")
        call_command("migrate", verbosity=0, interactive=False)
    load_plans()
    make_keys()
    if warming is not None:
        say("loading the sample province: this once, and one to three minutes")
        sample.load(say)
        warming.wait()
    # The last step, so that a first start that was cut off is taken up where it was (`has_begun`).
    made = create_first_administrator()
    return FirstLogin(*made) if made else None


def _warm_engines() -> subprocess.Popen[bytes]:
    """The forecasts of the sample need machine code: half a minute on another core, while tables and rows are made on this one."""
    return subprocess.Popen(
        [sys.executable, "-m", "tirek_engines.warm"], stderr=subprocess.DEVNULL, preexec_fn=die_with(os.getpid())
    )


def write_run_file(home: Home, values: dict[str, str]) -> None:
    """Say where the processes of this run are found."""
    draft = home.run_file.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(values, file, indent=1)
    draft.replace(home.run_file)
