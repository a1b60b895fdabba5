"""Requirements of 20,000 facilities: the checklist of one, whom 81 requirements bind, and the figures of protection of all.

python -m benchmarks.standings [--facilities 20000]

The database is SQLite in a temporary folder. Every facility has a standing on each requirement that binds it.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--facilities", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tirek-bench-") as home:
        os.environ |= {"TIREK_HOME": home, "DJANGO_SETTINGS_MODULE": "tirek.config.settings", "TIREK_LOG": "WARNING"}
        os.environ.pop("DATABASE_URL", None)
        _measure(options.facilities)
    return 0


def _measure(count: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    ids, rows = _fill(count)
    from tirek.facilities.models import Facility
    from tirek.requirements import queries, scoring

    one = Facility.objects.get(pk=ids[count // 2])
    print(f"{count:,} facilities, {rows:,} standings, {len(queries.in_force())} requirements in force")
    _say("checklist of one facility", 0.005, lambda: queries.checklist(one), 30)
    _say("where one facility stands", None, lambda: queries.where_it_stands(one), 30)
    demands = queries.in_force()
    _say("whom they bind, all facilities", None, lambda: queries.bound(demands), 3)
    _say("figures of one facility", None, lambda: scoring.protection([one.pk]), 10)
    _say("figures of all facilities", 2.0, lambda: scoring.protection(ids), 3)


def _say(name: str, goal: float | None, run: Callable[[], Any], times: int) -> None:
    run()
    taken = []
    for _time in range(times):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    limit = f"  (goal {1000 * goal:,.0f} ms)" if goal else ""
    print(f"  {name:<34} {1000 * statistics.median(taken):>9,.1f} ms{limit}")


def _fill(count: int) -> tuple[list[int], int]:
    import numpy as np
    from django.utils import timezone

    from tests.fixtures import make_area
    from tirek.facilities import types
    from tirek.facilities.models import Facility, FacilityType
    from tirek.requirements import queries, sample
    from tirek.requirements.models import Standing

    types.add_missing(FacilityType)
    kinds = list(FacilityType.objects.all())
    area = make_area("region", "Region", 50.0, 57.0, 1.0)
    chance = random.Random(1)
    Facility.objects.bulk_create(
        (
            Facility(
                code=f"F-{n}", type=chance.choice(kinds), category=chance.choice((1, 2, 2, 3)), area=area, name_ru=f"Объект {n}",
                lat=50.0, lon=57.0, cell="8a1234567ffffff", capacity=chance.randrange(10, 900),
                visitors=[chance.randrange(0, 900) for _hour in range(24)],
            )
            for n in range(count)
        ),
        batch_size=2000,
    )  # fmt: skip
    sample.load(lambda text: None)
    demands = queries.in_force()
    ids, binds = queries.bound(demands)
    states, now = ("met", "met", "met", "unmet", "na"), timezone.now()
    Standing.objects.bulk_create(
        (
            Standing(
                facility_id=ids[row], standard_id=demands[column].edition.standard_id, key=demands[column].key,
                state=chance.choice(states), since=now, source="inspection",
            )
            for row, column in np.argwhere(binds)
        ),
        batch_size=5000,
    )  # fmt: skip
    return ids, int(binds.sum())


if __name__ == "__main__":
    raise SystemExit(main())
