"""Put the triggers of the audit table in place again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from tirek.audit import triggers


class Command(BaseCommand):
    help = (
        "Put the triggers in place that keep the audit table append-only. `tirek audit verify` says if one is missing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        absent = triggers.missing(connection)
        with transaction.atomic():
            triggers.install(connection)
        self.stdout.write(f"{len(absent)} made: {', '.join(absent)}" if absent else "All triggers are in place.")
