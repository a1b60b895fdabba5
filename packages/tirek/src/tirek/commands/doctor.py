"""`tirek doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Iterator

from tirek.commands.ready import ready
from tirek.config.findings import Finding, check_environment
from tirek.config.home import Home

HELP = """Check settings, keys, database, ports, clock, front end and languages. Each line says what was found; where something is
wrong it says what to do. Changes nothing. Exit code 1 if anything is wrong.
"""
#: It says itself what is wrong with the settings, all at once.
LOOKS_AT_SETTINGS = True
SIGNS = {"ok": "ok     ", "note": "note   ", "wrong": "WRONG  "}


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: settings come from TIREK_HOME and the environment."""


def run(options: argparse.Namespace) -> int:
    wrong = 0
    for finding in _findings():
        print(f"{SIGNS[finding.verdict]}{finding.subject}: {finding.text}", flush=True)
        if finding.advice:
            print(f"         -> {finding.advice}", flush=True)
        wrong += finding.verdict == "wrong"
    print(f"\n{wrong} wrong" if wrong else "\nEverything that was checked is in order.")
    return 1 if wrong else 0


def _findings() -> Iterator[Finding]:
    yield from check_environment()
    if not (Home.from_environment().keys / "django").exists():
        # Settings would make this key, and a home around it; who only looks makes nothing.
        os.environ.setdefault("TIREK_SECRET_KEY", secrets.token_urlsafe(48))
    try:
        ready()
    except Exception as error:
        yield Finding("settings", "wrong", str(error))
        return
    from tirek.config import health

    yield from health.examine()
