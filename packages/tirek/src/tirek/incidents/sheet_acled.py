"""A table in the shape of ACLED's: https://acleddata.com (Raleigh et al. 2010).

What is taken: number, kind, days, place, deaths, scale of the source. What is left: actors, notes and assailants, in which persons
and groups are named. Peaceful protests and "strategic developments" (arrests among them) are no violence: their rows are refused,
in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.incidents.intervals import days_of
from tirek.incidents.models import Facts
from tirek.incidents.sheet import IncidentSheet
from tirek.sheets.cells import CellError, Choice, Date, Number, Parser
from tirek.sheets.registry import Column, Existing, Key, Row

KINDS = {
    "battles": "armed_clash",
    "explosions/remote violence": "explosion",
    "violence against civilians": "attack",
    "riots": "mass_brawl",
}
# Kinds that say more than the class they stand in, or differ from it.
SUB_KINDS = {
    "excessive force against protesters": "attack",
    "protest with intervention": "",
    "peaceful protest": "",
    "mob violence": "mass_brawl",
    "armed clash": "armed_clash",
}
WHEN = {1: "day", 2: "week", 3: "month"}
WHERE = {1: "point", 2: "district", 3: "region"}
DEADLY = 5
LONG_DATES = ("%d %B %Y", "%d-%B-%Y", "%d %b %Y", "%d-%b-%Y")


class EnglishDate(Date):
    """A date as ACLED writes it: 07 March 2024; or any that we write."""

    def read(self, text: str) -> date:
        for pattern in LONG_DATES:
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
        return super().read(text)


class Violence(Parser):
    """A class of events that is violence; others are no incidents."""

    def read(self, text: str) -> str:
        said = text.casefold().strip()
        if said in KINDS or said in ("protests", "strategic developments"):
            return said
        raise CellError(_("“%(text)s” is no class of events of ACLED.") % {"text": text[:60]})


class AcledSheet(IncidentSheet):
    """A file in the shape of ACLED's."""

    key = "incidents_acled"
    title = gettext_lazy("incidents from ACLED")
    natural_key = ("event_id_cnty",)
    columns = (
        Column("event_id_cnty", "event_id_cnty", Parser(40), required=True, example="KAZ123"),
        Column("event_date", "event_date", EnglishDate(), required=True, example="07 March 2024"),
        Column(
            "time_precision", "time_precision", Choice([(n, str(n)) for n in (1, 2, 3)]), required=True, example="1"
        ),
        Column("event_type", "event_type", Violence(), required=True, example="Violence against civilians"),
        Column("sub_event_type", "sub_event_type", Parser(), example="Attack"),
        Column("latitude", "latitude", Number(-180, 180), required=True, example="50.2839"),
        Column("longitude", "longitude", Number(-180, 180), required=True, example="57.1670"),
        Column("geo_precision", "geo_precision", Choice([(n, str(n)) for n in (1, 2, 3)]), required=True, example="1"),
        Column("location", "location", Parser(), example="Aktobe"),
        Column("source_scale", "source_scale", Parser(), example="National"),
        Column("fatalities", "fatalities", Number(0, 1_000_000, whole=True), required=True, example="0"),
    )
    error_columns: ClassVar[Mapping[str, str]] = {
        "code": "event_id_cnty", "kind": "event_type", "day": "event_date", "until": "event_date", "lat": "latitude",
        "when_precision": "time_precision", "lon": "longitude", "where_precision": "geo_precision", "area": "latitude",
        "dead": "fatalities", "place": "location", "source_ref": "source_scale",
    }  # fmt: skip

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        found = super().existing(user, [(code_of(number),) for (number,) in keys])
        return {(number,): found[code_of(number),] for (number,) in keys if (code_of(number),) in found}

    def prepare(self, user: Any, rows: Sequence[Row]) -> None:
        for row in rows:
            if row.errors:
                continue
            kind = kind_of(row.values)
            if not kind:
                row.error(
                    "event_type",
                    _("No violence and no threat of it: peaceful protests, arrests and the like are not kept here."),
                )
                continue
            row.values = translated(row.values, kind)
        super().prepare(user, [row for row in rows if not row.errors])


def code_of(number: str) -> str:
    return f"ACLED-{number}"


def kind_of(given: Mapping[str, Any]) -> str:
    """The code of our kind, "" for what is no violence."""
    sub = (given.get("sub_event_type") or "").casefold().strip()
    return SUB_KINDS.get(sub, KINDS.get(given["event_type"], ""))


def translated(given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """A row of theirs in our columns."""
    when = WHEN[given["time_precision"]]
    day, until = days_of(given["event_date"], when)
    return {
        "code": code_of(given["event_id_cnty"]),
        "kind": kind,
        "severity": DEADLY if given["fatalities"] else None,
        "day": day,
        "until": until,
        "when_precision": when,
        "lat": given["latitude"],
        "lon": given["longitude"],
        "where_precision": WHERE[given["geo_precision"]],
        "place": (given.get("location") or "")[:200],
        "source_kind": Facts.Source.MEDIA.value,
        "source_ref": ", ".join(filter(None, (f"ACLED {given['event_id_cnty']}", given.get("source_scale"))))[:300],
        "discovery_mode": Facts.Mode.THIRD.value,
        "dead": given["fatalities"],
    }
