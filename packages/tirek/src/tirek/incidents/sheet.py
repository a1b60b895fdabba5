"""The register as a table that people bring and take. An incident is known by its number.

The tables of others (`sheet_ged`, `sheet_acled`) are read into these columns first; from there on all three are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cached_property
from types import SimpleNamespace
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.accounts.access import can_at
from tirek.audit.act import snapshot
from tirek.audit.bulk import many_acts
from tirek.facilities.models import Facility
from tirek.incidents import queries, rules
from tirek.incidents.facts import DERIVED, revision_of, settle
from tirek.incidents.filters import IncidentFilter
from tirek.incidents.intervals import days_of
from tirek.incidents.models import LONGEST_TEXT, Facts, Incident, Kind, Revision
from tirek.incidents.placing import Found, Tree, find, precision_of, why_nowhere
from tirek.jobs import actions as jobs
from tirek.places.locator import Locator
from tirek.places.models import LANGUAGES
from tirek.places.queries import areas
from tirek.sheets.cells import CellError, Choice, Date, Number, Parser, Reference
from tirek.sheets.registry import Column, Existing, Key, Row, Sheet

IMPORT = "incidents.import_incident"
COMPARE = "incidents.compare"
MOST = 2_000_000
REACH = "may change"  # beside the columns' values of a row that is there
NOON = time(12)
MANY = 1_000_000
# What an empty cell leaves as it is in a row that is there, and what follows from other cells in a new one.
FOLLOWS = (
    "severity", "until", "when_precision", "where_precision", "area", "lat", "lon", "uncertainty_m", "source_kind", "verification",
)  # fmt: skip
# Columns that stand in an incident as they stand in the table.
PLAIN = (
    "code", "severity", "when_precision", "where_precision", "lat", "lon", "uncertainty_m", "place", "source_kind", "source_ref",
    "discovery_mode", "verification", "dead", "injured", "description",
)  # fmt: skip
COLUMN_OF = {"first_day": "day", "last_day": "until"}


class Hour(Parser):
    """A time of the day: 21:40, 21.40 or 21:40:00."""

    empty = None

    def read(self, text: str) -> time:
        found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?", text)
        if not found:
            raise CellError(_("“%(text)s” is not a time such as 21:40.") % {"text": text[:60]})
        return time(int(found[1]), int(found[2]))

    def write(self, value: Any) -> str:
        return f"{value:%H:%M}" if value is not None else ""


def _kinds(_user: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in Kind.objects.all():
        found |= {getattr(kind, f"name_{language}"): kind.code for language in LANGUAGES} | {kind.code: kind.code}
    return {name: code for name, code in found.items() if name}


def area_codes(user: Any) -> dict[str, str]:
    """Codes by themselves and by every name that only one area has."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    known = list(areas(user))
    for row in known:
        for name in {getattr(row, f"name_{language}").casefold() for language in LANGUAGES} - {""}:
            if found.setdefault(name, row.code) != row.code:
                twice.add(name)
    return {name: code for name, code in found.items() if name not in twice} | {row.code: row.code for row in known}


def _facilities(user: Any) -> dict[str, str]:
    return {code: code for code in Facility.objects.restrict(user, "view").values_list("code", flat=True)}


class IncidentSheet(Sheet):
    """The register of incidents."""

    key = "incidents"
    title = gettext_lazy("Incidents")
    permission = IMPORT
    view_permission = "incidents.view_incident"
    list_url = "incidents:incidents"
    natural_key = ("code",)
    most_rows = MOST
    batch = 500
    columns = (
        Column(
            "code", gettext_lazy("number"), Parser(60), required=True, example="КУИ-18231",
            help=gettext_lazy("says which incident it is"),
        ),
        Column(
            "kind", gettext_lazy("kind"), Reference(_kinds), required=True, example="attack",
            help=gettext_lazy("code or name of a kind"),
        ),
        Column(
            "severity", gettext_lazy("severity"), Number(1, 5, whole=True),
            help=gettext_lazy("1 to 5; empty: the usual one of the kind"),
        ),
        Column("day", gettext_lazy("date"), Date(), required=True, example="25.11.2026", also=("first_day", "date")),
        Column(
            "until", gettext_lazy("last possible day"), Date(), help=gettext_lazy("where only a span is known"),
            also=("last_day",),
        ),
        Column("time", gettext_lazy("time"), Hour(), example="21:40"),
        Column(
            "when_precision", gettext_lazy("time known"), Choice(Facts.When.choices),
            help=gettext_lazy("empty: to the hour if there is a time, else the day"),
        ),
        Column("lat", gettext_lazy("latitude"), Number(-180, 180), example="50.2839", also=("lat",)),
        Column("lon", gettext_lazy("longitude"), Number(-180, 180), example="57.1670", also=("lon", "lng", "long")),
        Column("uncertainty_m", gettext_lazy("uncertainty of the place, m"), Number(0, MANY, whole=True)),
        Column(
            "where_precision", gettext_lazy("place known"), Choice(Facts.Where.choices),
            help=gettext_lazy("empty: the very place if there are latitude and longitude, else as the area says"),
        ),
        Column(
            "area", gettext_lazy("area"), Reference(area_codes),
            help=gettext_lazy("code or name; empty: it is found by latitude and longitude"),
        ),
        Column("place", gettext_lazy("where, in words"), Parser(200), example="рынок «Шығыс»"),
        Column("facility", gettext_lazy("code of the facility"), Reference(_facilities)),
        Column(
            "source_kind", gettext_lazy("source"), Choice(Facts.Source.choices),
            help=gettext_lazy("empty: report of an agency"),
        ),
        Column("source_ref", gettext_lazy("number or address at the source"), Parser(300)),
        Column(
            "discovery_mode", gettext_lazy("how it came to light"), Choice(Facts.Mode.choices), required=True,
            example="reported", help=gettext_lazy("reported by residents, found by officers, or told by a third party"),
        ),
        Column("verification", gettext_lazy("verification"), Choice(Facts.Verification.choices)),
        Column("dead", gettext_lazy("dead"), Number(0, MANY, whole=True)),
        Column("injured", gettext_lazy("injured"), Number(0, MANY, whole=True)),
        Column(
            "description", gettext_lazy("what happened"), Parser(LONGEST_TEXT),
            help=gettext_lazy("Facts only. No names, phones, numbers of documents."),
        ),
        Column(
            "known_on", gettext_lazy("known since"), Date(),
            help=gettext_lazy("the day when it became known; empty: today. Cannot be changed later."),
        ),
    )  # fmt: skip
    # Where an error is shown, if not at the column of ours: the file's own column.
    error_columns: ClassVar[Mapping[str, str]] = {}

    def told(self) -> Sequence[Column]:
        return IncidentSheet.columns

    # What the rows refer to: read once for each import.

    @cached_property
    def tree(self) -> Tree:
        return Tree()

    @cached_property
    def locator(self) -> Locator:
        return Locator()

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        return {kind.code: kind for kind in Kind.objects.all()}

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def _reached(self) -> dict[str, bool]:
        return {}

    # Planning

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        rows = list(_with_references(Incident.objects.filter(code__in=[code for (code,) in keys])))
        allowed = Incident.objects.restrict(user, "import").filter(pk__in=[row.pk for row in rows])
        reachable = set(allowed.values_list("pk", flat=True))
        return {(row.code,): Existing(row.pk, {**_values(row), REACH: row.pk in reachable}) for row in rows}

    def prepare(self, user: Any, rows: Sequence[Row]) -> None:
        """Fill in what follows from the cells: severity, spans, precisions, the point of a facility, the area of a point."""
        places = self._facilities_of(rows)
        open_ones: list[tuple[Row, tuple[float, float]]] = []
        for row in rows:
            self._leave_alone(row)
            values = row.values
            now = {**(row.existing.values if row.existing else {}), **values}
            self._fill_time(row, now)
            if (
                row.existing is None
                and values.get("severity") is None
                and (kind := self.kinds.get(now.get("kind", "")))
            ):
                values["severity"] = kind.severity
            spot = places.get(values.get("facility") or "")
            if spot and row.existing is None and values.get("lat") is None and not values.get("area"):
                values["lat"], values["lon"] = spot
                now |= {"lat": spot[0], "lon": spot[1]}
            moved = row.existing is None or "lat" in values or "lon" in values
            if moved and not values.get("area") and now.get("lat") is not None and now.get("lon") is not None:
                open_ones.append((row, (now["lat"], now["lon"])))
        for (row, point), found in zip(
            open_ones, find([point for _row, point in open_ones], self.locator.places), strict=True
        ):
            self._fill_area(row, point, found)
        for row in rows:
            self._fill_place(row)

    def _leave_alone(self, row: Row) -> None:
        """In a row that is there, empty cells of what follows from others say nothing, and when it became known is history."""
        if row.existing is None:
            row.values.update({name: value for name, value in DEFAULTS.items() if not row.values.get(name)})
            return
        row.values.pop("known_on", None)
        for name in FOLLOWS:
            if row.values.get(name) in (None, ""):
                row.values.pop(name, None)

    def _fill_time(self, row: Row, now: dict[str, Any]) -> None:
        """The span of days and its name: what the row says of it, else what the date and the time say."""
        values, day = row.values, now.get("day")
        if day is None:
            return
        if row.existing is not None and not {"day", "until", "time", "when_precision"} & _changed(row):
            for name in ("day", "until", "time", "when_precision"):
                values.pop(name, None)
            return
        precision = values.get("when_precision") or ("hour" if now.get("time") is not None else "")
        until = values.get("until")
        if not precision:
            precision = "day" if until in (None, day) else _precision_of_span((until - day).days)
        if until is None or until == day:
            values["day"], values["until"] = days_of(day, precision)
        if precision == "hour" and now.get("time") is None:
            precision = "day"
        values["when_precision"] = precision
        if precision != "hour":
            values["time"] = None

    def _fill_area(self, row: Row, point: tuple[float, float], found: Found) -> None:
        if found.area is None:
            self.say(row, "lat", why_nowhere(*point, found))
            return
        precision = row.values.get("where_precision") or "point"
        area = self.tree.areas[found.area.pk]
        row.values["area"] = self.tree.above(area, precision).code

    def _fill_place(self, row: Row) -> None:
        """How exactly the place is known, and no point where that is not exact enough to mean one."""
        values = row.values
        if row.existing is None and not values.get("where_precision"):
            area = self.tree.by_code.get(values.get("area") or "")
            if values.get("lat") is not None:
                values["where_precision"] = "point"
            elif area is not None:
                values["where_precision"] = precision_of(area)
        if values.get("where_precision") == "settlement" and values.get("lat") is None and row.existing is None:
            area = self.tree.by_code.get(values.get("area") or "")
            if area is not None:
                values["lat"], values["lon"] = area.lat, area.lon
        if values.get("where_precision") in ("district", "region"):
            values |= {"lat": None, "lon": None, "uncertainty_m": None}

    def _facilities_of(self, rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
        codes = {row.values.get("facility") for row in rows} - {"", None}
        found = Facility.objects.filter(code__in=codes).values_list("code", "lat", "lon") if codes else ()
        return {code: (lat, lon) for code, lat, lon in found}

    def check(self, user: Any, row: Row) -> None:
        if row.existing is not None and not row.existing.values[REACH]:
            row.error("", _("This incident lies outside what you may change."))
            return
        now = {**(row.existing.values if row.existing else {}), **row.values}
        if not now.get("area"):
            self.say(row, "area", _("Say where it was: latitude and longitude, an area or a facility."))
            return
        for field, sentence in rules.problems(self._told(now)):
            self.say(row, COLUMN_OF.get(field, field), sentence)
        known = now.get("known_on")
        if row.existing is None and known is not None and not now["day"] <= known <= self.today:
            self.say(row, "known_on", _("It cannot have been known before it happened, nor after today."))
        moves = row.existing is None or "area" in row.changes
        if moves and not row.errors and not self._reaches(user, now["area"]):
            self.say(row, "area", _("This area lies outside what you may add to."))

    def say(self, row: Row, column: str, sentence: str) -> None:
        """An error at one of our columns, shown at the file's own."""
        row.error(self.error_columns.get(column, column), sentence)

    def _reaches(self, user: Any, code: str) -> bool:
        if code not in self._reached:
            self._reached[code] = can_at(user, IMPORT, self.tree.by_code[code].path)
        return self._reached[code]

    def _told(self, now: Mapping[str, Any]) -> rules.Told:
        """What the rules look at. A million rows are looked at before any of them becomes an incident."""
        told: Any = SimpleNamespace(
            severity=now.get("severity") or 0,
            when_precision=now.get("when_precision") or "",
            where_precision=now.get("where_precision") or "",
            first_day=now["day"],
            last_day=now.get("until") or now["day"],
            at=moment(now["day"], now.get("time")),
            lat=now.get("lat"),
            lon=now.get("lon"),
            **{name: now.get(name) or "" for name in rules.TEXTS},
        )
        return told

    # Writing

    def write(self, user: Any, rows: Sequence[Row]) -> None:
        with many_acts(user) as traces:
            now = timezone.now()
            kept = _with_references(Incident.objects.select_for_update(of=("self",))).in_bulk(
                [row.pk for row in rows if row.existing]
            )
            facilities = self._facility_rows(rows)
            added = [self._filled(Incident(), row, facilities) for row in rows if row.existing is None]
            for incident, row in zip(added, (row for row in rows if row.existing is None), strict=True):
                incident.known_at = known_at(row.values.get("known_on"), now)
            Incident.objects.bulk_create(added)
            Revision.objects.bulk_create(
                revision_of(incident, Revision.Act.ADDED, incident.known_at, by=user) for incident in added
            )
            changed = [(row, kept[row.pk]) for row in rows if row.pk in kept]
            before = {incident.pk: snapshot(incident, without=DERIVED) for _row, incident in changed}
            for row, incident in changed:
                self._filled(incident, row, facilities)
                incident.is_compared = False
            if changed:
                Incident.objects.bulk_update([incident for _row, incident in changed], CHANGED, batch_size=50)
                _revise([incident for _row, incident in changed], user, now)
            for incident in (*added, *(incident for _row, incident in changed)):
                after = snapshot(incident, without=DERIVED)
                traces.on(IMPORT, incident, before=before.get(incident.pk), after=after)
            traces.event("incident.changed", {"id": 0}, permission="incidents.view_incident")

    def after(self, user: Any) -> None:
        """Look for duplicates among what was written, in a job of its own."""
        jobs.start(COMPARE, user, _("Look for duplicates"), {})

    def _facility_rows(self, rows: Sequence[Row]) -> dict[str, Facility]:
        codes = {row.values.get("facility") for row in rows} - {"", None}
        return {row.code: row for row in Facility.objects.filter(code__in=codes)} if codes else {}

    def _filled(self, incident: Incident, row: Row, facilities: Mapping[str, Facility]) -> Incident:
        values = row.values
        for name in PLAIN:
            if name in values:
                setattr(incident, name, values[name])
        if "kind" in values:
            incident.kind = self.kinds[values["kind"]]
        if values.get("area"):
            incident.area = self.tree.by_code[values["area"]]
        if "facility" in values:
            incident.facility = facilities.get(values["facility"])
        if "day" in values:
            incident.first_day, incident.last_day = values["day"], values.get("until") or values["day"]
            incident.at = moment(values["day"], values.get("time"))
        settle(incident)
        return incident

    # Taking

    def records(self, user: Any, query: QueryDict) -> Iterable[Any]:
        ids = [int(text) for text in query.getlist("row") if text.isascii() and text.isdigit()]
        rows = queries.incidents(user)
        if ids:
            return _with_references(rows.filter(pk__in=ids)).order_by("first_day", "pk")
        found = IncidentFilter(query, queryset=rows, request=SimpleNamespace(user=user))
        return _with_references(found.qs).order_by("first_day", "pk")

    def values_of(self, record: Any) -> dict[str, Any]:
        return _values(record)


DEFAULTS = {"source_kind": Facts.Source.AGENCY.value, "verification": Facts.Verification.UNVERIFIED.value}
CHANGED = [
    *(name for name in PLAIN if name != "code"), "first_day", "last_day", "at", "month", "kind", "area", "facility", "cell",
    "words", "is_compared",
]  # fmt: skip


def moment(day: date, hour: time | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, hour)) if hour is not None else None


def known_at(day: date | None, now: datetime) -> datetime:
    """The moment for "known since that day": its noon, or now if that has not come yet."""
    return now if day is None else min(now, timezone.make_aware(datetime.combine(day, NOON)))


def _precision_of_span(days: int) -> str:
    return "week" if days <= 6 else "month" if days <= 31 else "year"


def _changed(row: Row) -> set[str]:
    before = row.existing.values if row.existing else {}
    return {name for name, value in row.values.items() if value not in (None, "") and before.get(name) != value}


def _with_references(rows: Any) -> Any:
    return rows.select_related("kind", "area", "facility").defer(
        "area__boundary", "facility__visitors", "facility__opening"
    )


def _values(incident: Incident) -> dict[str, Any]:
    """The values of an incident by column."""
    local = timezone.localtime(incident.at) if incident.at else None
    return {name: getattr(incident, name) for name in PLAIN} | {
        "kind": incident.kind.code,
        "area": incident.area.code,
        "facility": incident.facility.code if incident.facility else "",
        "day": incident.first_day,
        "until": incident.last_day,
        "time": local.time().replace(second=0, microsecond=0) if local else None,
        "known_on": timezone.localtime(incident.known_at).date(),
    }


def _revise(incidents: Sequence[Incident], user: Any, now: datetime) -> None:
    """A new revision for each; those before end where it begins."""
    newest = {row.incident_id: row for row in Revision.objects.filter(incident__in=incidents, known_until=None)}
    for row in newest.values():
        row.known_until = max(now, row.known_at)
    Revision.objects.bulk_update(newest.values(), ["known_until"], batch_size=200)
    Revision.objects.bulk_create(
        revision_of(
            incident, Revision.Act.CORRECTED, newest[incident.pk].known_until, number=newest[incident.pk].number + 1,
            by=user, why=_("Import"),
        )
        for incident in incidents
    )  # fmt: skip
