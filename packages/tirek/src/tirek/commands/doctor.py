"""`tirek doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import argparse
import sys

import django
from django.core.exceptions import ImproperlyConfigured

HELP = """Check settings, keys, database, ports, clock, front end and languages. Each line says what was found; where something is
wrong it says what to do. Changes nothing. Exit code 1 if anything is wrong.
"""
SIGNS = {"ok": "ok     ", "note": "note   ", "wrong": "WRONG  "}


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: settings come from TIREK_HOME and the environment."""


def run(options: argparse.Namespace) -> int:
    try:
        django.setup()
    except (ImproperlyConfigured, ValueError, OSError) as error:
        print(f"{SIGNS['wrong']}settings: {error}")
        return 1
    from tirek.config import health

    found = list(health.examine())
    for finding in found:
        print(f"{SIGNS[finding.verdict]}{finding.subject}: {finding.text}")
        if finding.advice:
            print(f"         -> {finding.advice}")
    wrong = sum(finding.verdict == "wrong" for finding in found)
    print(f"\n{wrong} wrong" if wrong else "\nEverything that was checked is in order.", file=sys.stdout)
    return 1 if wrong else 0
