"""A table of 20,000 rows, 300 of them wrong, from the file to the register and once more, on SQLite.

    python -m benchmarks.sheet_import [--rows 20000] [--json]

Checked (read, planned, kept for the preview), written (an audit entry for each row), and brought a second time, when all is the
same. The goal is checking and writing within 60 s; it exits with 1 beyond it, or when a row is lost or doubled.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import sys
import time

import django

from benchmarks.stage import stage

GOAL_S = 60
WRONG = 300


def table(rows: int) -> bytes:
    """An XLSX file; every row has a code, names and a phone, and `WRONG` of them lack the name."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Код", "қазақша атауы", "название на русском", "name in English", "телефон"])
    every = rows // WRONG
    for i in range(rows):
        name = "" if i % every == 0 and i // every < WRONG else f"Ведомство № {i}"
        sheet.append([f"a-{i}", f"Ведомство {i}", name, f"Agency {i}", f"+7 7132 {i:06}"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with stage(with_broker=False):
        django.setup()
        from django.core.management import call_command
        from django.utils import translation

        from tirek.accounts.models import Agency, Assignment, Person
        from tirek.accounts.sheets import AgencySheet
        from tirek.audit import chain
        from tirek.jobs.running import run_waiting
        from tirek.sheets import actions
        from tirek.sheets.models import Import

        call_command("migrate", verbosity=0)
        person = Person.objects.create(username="bench", full_name="Bench")
        Assignment.objects.create(person=person, role="administrator")
        content = table(options.rows)

        def timed(act: object) -> float:
            begun = time.perf_counter()
            act()  # type: ignore[operator]
            run_waiting()
            return time.perf_counter() - begun

        with translation.override("ru"):
            checking = timed(lambda: actions.bring(person, AgencySheet(), content, "t.xlsx"))
            first = Import.objects.latest("pk")
            writing = timed(lambda: actions.write(person, first.pk, leave_out_errors=True))
            again = timed(lambda: actions.bring(person, AgencySheet(), content, "t.xlsx"))
        second, good = Import.objects.latest("pk"), options.rows - WRONG
        right = (
            first.counts == {"add": good, "error": WRONG}
            and second.counts == {"same": good, "error": WRONG}
            and Agency.objects.count() == good
            and not list(chain.verify())
        )
        figures = {
            "rows": options.rows,
            "checking_s": round(checking, 1),
            "writing_s": round(writing, 1),
            "again_s": round(again, 1),
            "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "right": right,
        }
    if options.json:
        print(json.dumps(figures))
    else:
        print(f"{options.rows:,} rows: checked in {checking:.1f} s, written in {writing:.1f} s, again {again:.1f} s; "
              f"{figures['memory_mb']} MB; {'nothing lost or doubled' if right else 'WRONG'}")  # fmt: skip
    return 0 if right and checking + writing <= GOAL_S else 1


if __name__ == "__main__":
    sys.exit(main())
