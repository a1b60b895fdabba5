"""How the battery asks for the pages of incidents."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.battery.samples import Sample
from tests.fixtures import Province
from tests.incidents.makers import make_incident
from tirek.incidents.models import Incident, Kind, Pair, Signal, Silence
from tirek.incidents.months import month_of

MONTH = month_of(date(2026, 3, 1))


def incident(province: Province) -> dict[str, Any]:
    found = Incident.objects.filter(area=province.settlements[0]).order_by("pk").first()
    return {"pk": (found or make_incident(province.settlements[0], facility=province.facilities[0])).pk}


def verified(province: Province) -> dict[str, Any]:
    return {"pk": make_incident(province.settlements[0], verification="verified").pk}


def merged(province: Province) -> dict[str, Any]:
    other = Incident.objects.get(**incident(province))
    return {"pk": make_incident(province.settlements[0], duplicate_of=other).pk}


def pair(province: Province) -> dict[str, Any]:
    return {"pk": make_pair(province).pk}


def make_pair(province: Province) -> Pair:
    first, second = make_incident(province.settlements[0]), make_incident(province.settlements[0])
    parts = {"time": 1, "place": 1, "kind": 1, "days": 0, "minutes": 12, "metres": 60}
    return Pair.objects.create(first=first, second=second, likeness=0.8, parts=parts)


def silence(province: Province) -> dict[str, Any]:
    return {"pk": make_silence(province).pk}


def make_silence(province: Province) -> Silence:
    return Silence.objects.create(area=province.settlements[0], first_month=MONTH, why="Журнал не передан")


def more_incidents(province: Province, count: int) -> None:
    for number in range(count):
        make_incident(province.settlements[0], day=date(2026, 3, 1) + timedelta(days=number), duplicate_of=None)


def more_pairs(province: Province, count: int) -> None:
    for _ in range(count):
        make_pair(province)


def more_silences(province: Province, count: int) -> None:
    for _ in range(count):
        make_silence(province)


def more_signals(province: Province, count: int) -> None:
    start = Signal.objects.count()
    Signal.objects.bulk_create(
        Signal(area=province.settlements[0], month=MONTH - start - n, name="trust", value=50 + n) for n in range(count)
    )


SAMPLES = {
    "incidents:incidents": Sample(rows=more_incidents),
    "incidents:map_json": Sample(rows=more_incidents),
    "incidents:where_json": Sample(query="q=Ar"),
    "incidents:bulk": Sample(query="act=verify&all=1", answers={403, 404}),
    "incidents:incident": Sample(make=incident, rows=more_incidents),
    "incidents:correct": incident,
    "incidents:verify": incident,
    "incidents:refute": incident,
    "incidents:reopen": verified,
    "incidents:merge": incident,
    "incidents:part": merged,
    "incidents:pairs": Sample(rows=more_pairs),
    "incidents:decide": pair,
    "incidents:silences": Sample(rows=more_silences),
    "incidents:silence_withdraw": silence,
    "incidents:signals": Sample(rows=more_signals),
    "incidents:kind_edit": Sample(make=lambda _province: {"pk": Kind.objects.get(code="attack").pk}, scoped=False),
}
