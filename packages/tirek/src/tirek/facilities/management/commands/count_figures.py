"""Count anew what the register shows of each facility, and say which copies were wrong."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from tirek.facilities import figures
from tirek.facilities.models import Facility

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Count the figures of the register anew from the living rows (notices, inspections, requirements, ...), put them right "
        "and say for which facilities the copy was wrong. Exit code 1 if any was."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--code", nargs="*", help="only the facilities with these codes")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Facility.objects.order_by("pk")
        if options["code"]:
            rows = rows.filter(code__in=options["code"])
        ids = list(rows.values_list("pk", flat=True))
        with transaction.atomic():
            wrong = figures.recount(ids)
        codes = list(Facility.objects.filter(pk__in=wrong[:SHOWN]).values_list("code", flat=True))
        self.stdout.write(f"{len(ids)} facilities counted, {len(wrong)} copies were wrong and are right now")
        for code in codes:
            self.stdout.write(f"  {code}")
        if len(wrong) > len(codes):
            self.stdout.write(f"  and {len(wrong) - len(codes)} more")
        if wrong:
            raise SystemExit(1)
