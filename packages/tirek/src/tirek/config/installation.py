"""The first start and every later one: tables, keys, sample province, first administrator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tirek.accounts.actions import create_first_administrator
from tirek.config import sample
from tirek.config.home import Home
from tirek.config.supervisor import die_with
from tirek.warning.plans import load_plans
from tirek.warning.signing import make_keys

MANY_STEPS = 20


@dataclass(frozen=True, slots=True)
class FirstLogin:
    """Shown once, on the console, to who started Tirek for the first time."""

    username: str
    password: str


def migrations_waiting() -> int:
    """How many migrations the database has not seen yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def prepare(home: Home, *, with_sample: bool, say: Callable[[str], None]) -> FirstLogin | None:
    """Make the installation ready. Safe to call at every start; only the first returns a log-in."""
    home.prepare()
    marker = home.data / "first-start-done"
    warming = _warm_engines() if with_sample and not marker.exists() else None
    if waiting := migrations_waiting():
        say(f"bringing the database up to date ({waiting} steps{', up to a minute' if waiting > MANY_STEPS else ''})")
        call_command("migrate", verbosity=0, interactive=False)
    load_plans()
    make_keys()
    if warming is not None:
        say("loading the sample province: this once, and one to three minutes")
        sample.load(say)
        warming.wait()
    marker.touch(mode=0o600)
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
