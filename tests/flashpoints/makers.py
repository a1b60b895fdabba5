"""Small provinces with incidents, and runs as they would be, made without an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

import numpy as np
from django.utils import timezone

from tests.fixtures import make_area
from tirek.accounts.models import Person
from tirek.flashpoints.actions.runs import carry_out
from tirek.flashpoints.gathering import last_whole_month
from tirek.flashpoints.models import Cluster, Flashpoint, Forecast, Outlook, Run
from tirek.incidents import kinds, months, series
from tirek.incidents.facts import revision_of, settle
from tirek.incidents.models import Facts, Incident, Kind, Revision
from tirek.places.models import Area

QUICK = {"replicates": 19, "draws": 200}


def region_of(districts: int, *, people: int = 20_000) -> tuple[Area, list[Area]]:
    """A region of districts side by side."""
    region = make_area("region", "Region", 50.0, 57.0, 3.0, population=people * districts)
    found = [
        make_area("district", f"District {n}", 50.0, 54.5 + 0.6 * n, 0.3, region, population=people)
        for n in range(districts)
    ]
    return region, found


def report(
    areas: Iterable[Area],
    counts: Any,
    *,
    mode: str = "reported",
    last: int | None = None,
    shift: float = 0.0,
    known_on: Callable[[date], date] = lambda day: day,
) -> list[Incident]:
    """Incidents by month and area, shape (months, areas), the last row being the last whole month; at the areas' middle.

    Each was known on the day it happened, unless `known_on` says otherwise. `shift` moves the place, in degrees.
    """
    kinds.add_missing(Kind)
    kind = Kind.objects.get(code="brawl")
    table = np.asarray(counts)
    end = series.month_before() if last is None else last
    made = []
    for row, month in zip(table, range(end - len(table) + 1, end + 1), strict=True):
        for area, n in zip(areas, row, strict=True):
            made += [_incident(kind, area, months.first_day(month), mode, shift) for _ in range(int(n))]
    first = Incident.objects.count()
    for number, incident in enumerate(made, start=first + 1):
        incident.code = f"T-{number}"
        incident.known_at = _moment(known_on(incident.first_day))
    Incident.objects.bulk_create(made)
    Revision.objects.bulk_create(revision_of(one, Revision.Act.ADDED, one.known_at) for one in made)
    return made


def _incident(kind: Kind, area: Area, day: date, mode: str, shift: float) -> Incident:
    incident = Incident(
        kind=kind,
        severity=3,
        when_precision=Facts.When.DAY,
        first_day=day,
        last_day=day,
        where_precision=Facts.Where.POINT,
        area=area,
        lat=area.lat + shift,
        lon=area.lon,
        discovery_mode=mode,
    )
    settle(incident)
    return incident


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def computed(region: Area, known_on: date | None = None, **effort: int) -> Run:
    """A run of the real computation."""
    day = known_on or timezone.localdate()
    run = Run(area=region, known_on=day, origin=last_whole_month(day) + 1)
    return carry_out(run, None, system="test", **{**QUICK, **effort})


def made_run(region: Area, lines: dict[Area, float | None], *, origin: int | None = None, horizons: int = 3) -> Run:
    """A run as it would be: what is expected in each district, None where nothing can be said. No engine is asked."""
    origin = series.month_before() + 1 if origin is None else origin
    run = Run.objects.create(
        area=region,
        state=Run.State.DONE,
        known_on=months.last_day(origin - 1),
        origin=origin,
        months=60,
        incidents=100,
        settings={
            "horizons": horizons,
            "top": 1,
            "chance": 0.2,
            "attention": 1,
            "engine": "0.1",
            "draws": 100,
            "replicates": 19,
        },
        figures={
            "skill": {"ratio": 0.9, "low": 0.8, "high": 0.97, "origins": 36, "better": True},
            "first": origin - 60,
        },
        input_sha256="0" * 64,
        seconds=0.1,
        computed_at=timezone.now(),
    )
    known = sorted((a for a, mean in lines.items() if mean is not None), key=lambda a: -(lines[a] or 0))
    for area, mean in lines.items():
        enough = mean is not None
        Outlook.objects.create(
            run=run,
            area=area,
            enough=enough,
            reasons=[] if enough else ["silent"],
            drivers=[{"kind": "recent", "value": 12 * mean, "low": None, "high": None}] if enough else [],
            recent=[1] * 12,
            past=[[origin - 2, 1.0, 0, 3, 2]] if enough else [],
        )
        for horizon in range(1, horizons + 1):
            value = mean or 0.0
            Forecast.objects.create(
                run=run,
                area=area,
                horizon=horizon,
                enough=enough,
                mean=value,
                q05=0,
                q25=max(0, value - 1),
                q50=value,
                q75=value + 1,
                q95=value + 2,
                draws=[int(value)] * 9,
                baseline_mean=1.0,
                p_top=(1.0 if known[0] == area else 0.2) if enough else None,
                rank=known.index(area) + 1 if enough else None,
                baseline_rank=1,
                half={"mean": 2 * value, "low": 0, "high": 5, "rank": 1} if enough else {},
            )
    return run


def cluster(run: Run, area: Area) -> Cluster:
    return Cluster.objects.create(
        run=run,
        area=area,
        cells=["861f0a4c7ffffff"],
        first_month=run.origin - 3,
        last_month=run.origin - 1,
        observed=9,
        expected=1.2,
        ratio=7.5,
        p=0.004,
        recurrence_months=250,
        lat=area.lat,
        lon=area.lon,
        radius_km=2.0,
    )


def flashpoint(run: Run, area: Area, person: Person, starts_on: date | None = None, days: int = 30) -> Flashpoint:
    """A flash-point as it lies in the table, whatever the rules say."""
    start = starts_on or timezone.localdate()
    return Flashpoint.objects.create(
        area=area,
        run=run,
        reasons="Bazaar 7",
        starts_on=start,
        expires_on=date.fromordinal(start.toordinal() + days - 1),
        signed_by=person,
        signed_as="chief",
    )
