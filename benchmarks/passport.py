"""The passport of a facility as PDF in both languages, with three plans in it, and the comparison of all passports in force.

python -m benchmarks.passport [--facilities 500]

The database is SQLite in a temporary folder. The goal is one second for the document, the first one of a process too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time

GOAL_S = 1.0
URL = "https://tirek.example/passports/1/"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--facilities", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tirek-bench-") as home:
        os.environ |= {"TIREK_HOME": home, "DJANGO_SETTINGS_MODULE": "tirek.config.settings", "TIREK_LOG": "WARNING"}
        os.environ.pop("DATABASE_URL", None)
        return _measure(options.facilities)


def _measure(count: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.fixtures import make_facility, make_province
    from tests.passports.making import fill, make_in_force, make_plan
    from tirek.passports import content, paper
    from tirek.passports.actions import check_all
    from tirek.passports.models import Passport

    province = make_province()
    hospital = fill(province.facilities[0])
    hospital.documents.filter(kind="site_plan").update(file=make_plan(6000, 4200))  # as large as a plan may be
    signed = make_in_force(hospital)
    taken = []
    for _time in range(6):
        started = time.perf_counter()
        made = paper.passport_pdf(signed, ("kk", "ru"), URL)
        taken.append(time.perf_counter() - started)
    print(f"passport in two languages, three plans, {len(made) / 1024:,.0f} KiB (goal {GOAL_S:.0f} s)")
    print(f"  the first of the process                        {1000 * taken[0]:>8,.0f} ms")
    print(f"  after it, median                                {1000 * statistics.median(taken[1:]):>8,.0f} ms")

    more = [make_facility(f"Facility {n}", province.settlements[1]) for n in range(count)]
    facts = content.facts_of(facility.pk for facility in more)
    Passport.objects.bulk_create(
        Passport(
            facility=facility, version=1, state="agreed", facts=facts[facility.pk], sha256=content.sha256(facts[facility.pk]),
            made_by=signed.made_by, approved_by=signed.approved_by, approved_sha256=content.sha256(facts[facility.pk]),
            approved_at=signed.approved_at, agreed_by=signed.agreed_by, agreed_at=signed.agreed_at,
            agreed_sha256=content.sha256(facts[facility.pk]),
        )
        for facility in more
    )  # fmt: skip
    started = time.perf_counter()
    changed = check_all()
    print(
        f"  {count + 1:,} passports compared with the facts, {changed} differ  {1000 * (time.perf_counter() - started):>8,.0f} ms"
    )
    return int(max(taken) > GOAL_S)


if __name__ == "__main__":
    raise SystemExit(main())
