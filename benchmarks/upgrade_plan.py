"""A what-if through the whole stack, and an upgrade plan of 2,000 facilities from the register's rows to the lines of the plan.

python -m benchmarks.upgrade_plan [--facilities 2000]

The sample standards are in force (81 requirements), the sample's measures are for sale, a third of what binds is unmet. SQLite in a
temporary folder. Goals: a what-if in 200 ms, the choice among the packages in 5 s with a proven gap of at most 0.01 %.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time

SEED, REPEATS = 11, 20
WHAT_IF_S, PLAN_S, GAP = 0.2, 5.0, 1e-4


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--facilities", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tirek-bench-") as home:
        os.environ |= {"TIREK_HOME": home, "DJANGO_SETTINGS_MODULE": "tirek.config.settings", "TIREK_LOG": "WARNING"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        _fill(options.facilities)
        slow = _what_if()
        return int(_plan() or slow)


def _fill(count: int) -> None:
    """Facilities over all settlements, and what is known of each requirement that binds them."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from tirek.accounts import sample as people
    from tirek.facilities.actions.facility import settle
    from tirek.facilities.models import Facility, FacilityType
    from tirek.places import sample as places
    from tirek.places.models import Area
    from tirek.requirements import queries, sample
    from tirek.requirements.actions import Record, record_many
    from tirek.upgrades import sample as upgrades
    from tirek.upgrades.models import Scenario

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    for part in (places, people):
        part.load(lambda text: None)
    chance = random.Random(SEED)
    towns = list(Area.objects.filter(kind="settlement", lat__isnull=False))
    types = list(FacilityType.objects.all())
    rows = []
    for number in range(count):
        town = chance.choice(towns)
        facility = Facility(
            code=f"B-{number:05d}", type=chance.choice(types), category=chance.randint(1, 3), area=town,
            name_ru=f"Объект № {number}", name_kk=f"№ {number} нысан", lat=town.lat, lon=town.lon,
            capacity=chance.randint(20, 2000), visitors=[number % 300] * 24, perimeter_m=400, floor_area_m2=2500,
        )  # fmt: skip
        settle(facility)
        rows.append(facility)
    Facility.objects.bulk_create(rows, batch_size=500)
    sample.load(lambda text: None)
    upgrades._measures()
    Scenario.objects.bulk_create(upgrades._scenarios())
    demands = queries.in_force()
    found, binds = queries.bound(demands, [facility.pk for facility in rows])
    now, states = timezone.now(), ("met", "met", "unmet")
    for start in range(0, len(found), 200):
        record_many(
            Record(
                pk,
                {demand: chance.choice(states) for column, demand in enumerate(demands) if binds[row, column]},
                "inspection",
                now,
            )
            for row, pk in list(enumerate(found))[start : start + 200]
        )
    print(f"{count:,} facilities, {len(demands)} requirements, {int(binds.sum()):,} of them bind somewhere")


def _what_if() -> bool:
    """Tick three measures on a facility's page, as the chief."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tirek.accounts.models import Person
    from tirek.facilities.models import Facility
    from tirek.upgrades.models import Measure

    client = Client(headers={"HX-Request": "true"})
    chief = Person.objects.get(username="sample-chief")
    client.force_login(chief, backend="allauth.account.auth_backends.AuthenticationBackend")
    codes = "&".join(f"measure={code}" for code in Measure.objects.values_list("code", flat=True)[:3])
    taken, queries = [], 0
    for facility in Facility.objects.order_by("?")[:REPEATS]:
        url = f"/upgrades/facilities/{facility.pk}/what-if/?{codes}"
        client.get(url)
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url)
        taken.append(time.perf_counter() - started)
        queries = max(queries, len(captured))
        assert answer.status_code == 200, answer.status_code
    slowest = max(taken)
    print(
        f"what-if: median {statistics.median(taken) * 1000:.0f} ms, slowest {slowest * 1000:.0f} ms, {queries} queries"
    )
    return slowest > WHAT_IF_S


def _plan() -> bool:
    """One plan of all of them for half of what everything would cost."""
    from tirek.places.models import Area
    from tirek.upgrades import computing
    from tirek.upgrades.models import UpgradePlan
    from tirek.upgrades.quantities import tenge, tiyn
    from tirek_engines.budget import largest_budget, optimise

    region = Area.objects.get(kind="region")
    plan = UpgradePlan(name="Bench", year=2027, area=region, budget=0, mandatory_first=False, tier_weights=[1, 2, 3, 4])
    started = time.perf_counter()
    work = computing.prepare(plan)
    prepared = time.perf_counter() - started
    problem = computing.problem_of(work, plan)
    plan.budget = tenge(largest_budget(problem) // 2)
    started = time.perf_counter()
    best = optimise(problem, tiyn(plan.budget), gap=GAP)
    chosen = time.perf_counter() - started
    print(f"{len(work.candidates):,} packages made and valued                    {prepared:6.1f} s")
    print(f"the best of them for the money, gap {best.gap / max(best.gain, 1e-9):.4%}           {chosen:6.2f} s")
    started = time.perf_counter()
    computed = computing.compute(plan)
    whole, lines = time.perf_counter() - started, len(computed.lines)
    print(f"all of it, with 20 other budgets and 40 other weights   {whole:6.1f} s, {lines:,} lines")
    return chosen > PLAN_S or best.gap > GAP * best.gain


if __name__ == "__main__":
    raise SystemExit(main())
