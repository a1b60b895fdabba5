"""UCDP's Georeferenced Event Dataset, as it comes: https://ucdp.uu.se/downloads (Sundberg and Melander 2013).

What is taken: number, kind of violence, days, place, best estimate of deaths, the source's office and date. What is left: the
parties and their names, headlines and articles, in which persons may be named. All came to light through third parties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy

from tirek.incidents.models import Facts
from tirek.incidents.sheet import IncidentSheet
from tirek.sheets.cells import Choice, Date, Number, Parser
from tirek.sheets.registry import Column, Existing, Key, Row

KINDS = {1: "armed_clash", 2: "armed_clash", 3: "attack"}
WHEN = {1: "day", 2: "week", 3: "week", 4: "month", 5: "year"}
# 1 the very place, 2 within about 25 km of a known one, 3 second-order unit, 4 first-order unit, 5 a line or a fuzzy area,
# 6 the country alone, 7 water or air of nobody.
WHERE = {1: "point", 2: "settlement", 3: "district", 4: "region", 5: "region", 6: "region", 7: "region"}
NEAR_M = 25_000
DEADLY = 5
CODES = [(n, str(n)) for n in range(1, 8)]


class GedSheet(IncidentSheet):
    """A file of UCDP GED."""

    key = "incidents_ged"
    title = gettext_lazy("incidents from UCDP GED")
    natural_key = ("id",)
    columns = (
        Column("id", "id", Parser(40), required=True, example="12718"),
        Column("type_of_violence", "type_of_violence", Choice(CODES[:3]), required=True, example="3"),
        Column("date_prec", "date_prec", Choice(CODES[:5]), required=True, example="1"),
        Column("date_start", "date_start", Date(), required=True, example="2001-01-04"),
        Column("date_end", "date_end", Date(), required=True, example="2001-01-06"),
        Column("where_prec", "where_prec", Choice(CODES), required=True, example="1"),
        Column("latitude", "latitude", Number(-180, 180), required=True, example="8.75"),
        Column("longitude", "longitude", Number(-180, 180), required=True, example="-12.666667"),
        Column("best", "best", Number(0, 10_000_000, whole=True), required=True, example="2"),
        Column("where_coordinates", "where_coordinates", Parser(), example="Kamakwie town"),
        Column("source_office", "source_office", Parser()),
        Column("source_date", "source_date", Parser()),
    )
    error_columns: ClassVar[Mapping[str, str]] = {
        "code": "id", "kind": "type_of_violence", "day": "date_start", "until": "date_end", "when_precision": "date_prec",
        "lat": "latitude", "lon": "longitude", "where_precision": "where_prec", "area": "latitude", "dead": "best",
        "place": "where_coordinates", "source_ref": "source_office",
    }  # fmt: skip

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        found = super().existing(user, [(code_of(number),) for (number,) in keys])
        return {(number,): found[code_of(number),] for (number,) in keys if (code_of(number),) in found}

    def prepare(self, user: Any, rows: Sequence[Row]) -> None:
        for row in rows:
            if not row.errors:
                row.values = translated(row.values)
        super().prepare(user, [row for row in rows if not row.errors])


def code_of(number: str) -> str:
    return f"UCDP-{number}"


def translated(given: Mapping[str, Any]) -> dict[str, Any]:
    """A row of theirs in our columns."""
    where = WHERE[given["where_prec"]]
    start, end = given["date_start"], given["date_end"]
    when = WHEN[given["date_prec"]]
    told = " ".join(part for part in (given.get("source_office"), given.get("source_date")) if part)
    return {
        "code": code_of(given["id"]),
        "kind": KINDS[given["type_of_violence"]],
        "severity": DEADLY if given["best"] else None,
        "day": start,
        "until": end,
        "when_precision": "day" if start == end else "week" if when == "day" else when,
        "lat": given["latitude"],
        "lon": given["longitude"],
        "where_precision": where,
        "uncertainty_m": NEAR_M if where == "settlement" else None,
        "place": (given.get("where_coordinates") or "")[:200],
        "source_kind": Facts.Source.MEDIA.value,
        "source_ref": ", ".join(filter(None, (f"UCDP GED {given['id']}", told)))[:300],
        "discovery_mode": Facts.Mode.THIRD.value,
        "dead": given["best"],
    }
