"""The register as a table that people bring and take. A facility is known by its code; up to three contacts stand in its row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Prefetch
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.accounts.access import can_at
from tirek.accounts.models import Agency
from tirek.audit.act import snapshot
from tirek.audit.bulk import many_acts
from tirek.facilities import figures, queries
from tirek.facilities.actions.facility import DERIVED, settle
from tirek.facilities.actions.parts import told_contacts
from tirek.facilities.filters import FacilityFilter
from tirek.facilities.hours import Unreadable, parse, show
from tirek.facilities.models import Contact, Facility, FacilityType
from tirek.facilities.sheet_contacts import ACCOUNT, CONTACTS, FIELD_OF, PARTS, account_of, change_of, column, follow
from tirek.places.models import LANGUAGES, Area
from tirek.places.queries import areas, place_at_each
from tirek.sheets.cells import CellError, Choice, Number, Parser, Reference
from tirek.sheets.registry import Column, Existing, Key, Row, Sheet

IMPORT = "facilities.import_facility"
MANY = 2**31 - 1
REACH, PEOPLE = "may change", "contacts"  # beside the columns' values of a row that is there


class Opening(Parser):
    """Opening hours as people write them."""

    @property
    def empty(self) -> Any:  # type: ignore[override]
        return []

    def read(self, text: str) -> Any:
        try:
            return parse(text)
        except Unreadable as part:
            said = {"part": part, "example": _("Mon-Fri 8:00-18:00; Sat 9-14")}
            raise CellError(_("“%(part)s” cannot be read as hours. Write them like this: %(example)s") % said) from None

    def write(self, value: Any) -> str:
        return show(value or [])


class Visitors(Parser):
    """People by hour: 24 numbers."""

    @property
    def empty(self) -> Any:  # type: ignore[override]
        return []

    def read(self, text: str) -> Any:
        parts = re.findall(r"\S+", re.sub(r"[,;]", " ", text))
        if len(parts) != queries.HOURS or not all(p.isascii() and p.isdigit() and len(p) < 7 for p in parts):
            raise CellError(_("Give 24 numbers, one for each hour from midnight, or none."))
        return [int(part) for part in parts]

    def write(self, value: Any) -> str:
        return " ".join(map(str, value or []))


class Email(Parser):
    def read(self, text: str) -> Any:
        try:
            validate_email(super().read(text))
        except ValidationError:
            raise CellError(_("“%(text)s” is not an e-mail address.") % {"text": text[:60]}) from None
        return text


class Phone(Parser):
    def read(self, text: str) -> Any:
        if len(re.sub(r"\D", "", text)) < 3 or not re.fullmatch(r"[+\d\s().,#*-]+", text):
            raise CellError(_("Give a phone number that can be rung."))
        return super().read(text)


class Count(Number):
    """A whole number from 0 on; an empty cell means `nothing`."""

    def __init__(self, nothing: int | None = None, most: int = MANY) -> None:
        super().__init__(0, most, whole=True)
        self.empty = nothing


def _named(rows: Iterable[Any]) -> dict[str, str]:
    """Codes by themselves and by every name that only one row has."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    known = list(rows)
    for row in known:
        for name in {getattr(row, f"name_{language}").casefold() for language in LANGUAGES} - {""}:
            if found.setdefault(name, row.code) != row.code:
                twice.add(name)
    for name in twice:
        del found[name]
    return found | {row.code: row.code for row in known}


def _types(_user: Any) -> dict[str, str]:
    return _named(FacilityType.objects.all())


def _agencies(_user: Any) -> dict[str, str]:
    return _named(Agency.objects.all())


def _areas(user: Any) -> dict[str, str]:
    return _named(areas(user))


def _contact_columns() -> list[Column]:
    titles = {
        1: (
            gettext_lazy("contact 1: name"), gettext_lazy("contact 1: position"),
            gettext_lazy("contact 1: phone"), gettext_lazy("contact 1: hours"),
        ),
        2: (
            gettext_lazy("contact 2: name"), gettext_lazy("contact 2: position"),
            gettext_lazy("contact 2: phone"), gettext_lazy("contact 2: hours"),
        ),
        3: (
            gettext_lazy("contact 3: name"), gettext_lazy("contact 3: position"),
            gettext_lazy("contact 3: phone"), gettext_lazy("contact 3: hours"),
        ),
    }  # fmt: skip
    parsers = {"name": Parser(160), "position": Parser(160), "phone": Phone(40), "hours": Parser(80)}
    examples = {"name": "Оспанова Гүлнар", "position": "директор", "phone": "+7 (7132) 55-00-01", "hours": "9:00-18:00"}
    return [
        Column(column(n, part), title, parsers[part], example=examples[part] if n == 1 else "")
        for n, names in titles.items()
        for part, title in zip(PARTS, names, strict=True)
    ]


# Told to readers of a preview; no file can say it.
ACCOUNTS = tuple(
    Column(column(n, ACCOUNT), title)
    for n, title in (
        (1, gettext_lazy("contact 1: account in Tirek")),
        (2, gettext_lazy("contact 2: account in Tirek")),
        (3, gettext_lazy("contact 3: account in Tirek")),
    )
)


class FacilitySheet(Sheet):
    """The register of facilities."""

    key = "facilities"
    title = gettext_lazy("Facilities")
    permission = IMPORT
    view_permission = "facilities.export_facility"
    list_url = "facilities:register"
    natural_key = ("code",)
    columns = (
        Column(
            "code", gettext_lazy("code"), Parser(30), required=True, example="F-00001",
            help=gettext_lazy("says which facility it is"),
        ),
        Column("name_kk", gettext_lazy("name in Kazakh"), Parser(200), example="№ 17 мектеп"),
        Column("name_ru", gettext_lazy("name in Russian"), Parser(200), example="Школа № 17"),
        Column("name_en", gettext_lazy("name in English"), Parser(200)),
        Column(
            "type", gettext_lazy("type"), Reference(_types),
            help=gettext_lazy("code or name of a type, e.g. school"), example="school",
        ),
        Column(
            "category", gettext_lazy("category"), Choice([(1, "1"), (2, "2"), (3, "3")], empty=2), example="2",
        ),
        Column("address_kk", gettext_lazy("address in Kazakh"), Parser(300)),
        Column("address_ru", gettext_lazy("address in Russian"), Parser(300), example="проспект Абая, 77"),
        Column("lat", gettext_lazy("latitude"), Number(-85, 85), example="50.2839"),
        Column("lon", gettext_lazy("longitude"), Number(-180, 180), example="57.1670"),
        Column(
            "area", gettext_lazy("area"), Reference(_areas),
            help=gettext_lazy("code or name; empty: it is found by latitude and longitude"),
        ),
        Column("agency", gettext_lazy("agency in charge"), Reference(_agencies), help=gettext_lazy("code or name")),
        Column("owner", gettext_lazy("owner"), Parser(200)),
        Column("head", gettext_lazy("head"), Parser(160)),
        Column("phone", gettext_lazy("phone"), Phone(40)),
        Column("email", gettext_lazy("e-mail"), Email(254)),
        Column(
            "opening", gettext_lazy("opening hours"), Opening(), example="Mon-Fri 8:00-18:00; Sat 9-14",
            help=gettext_lazy("days and hours, or: around the clock"),
        ),
        Column("guards", gettext_lazy("who guards it"), Parser(200)),
        Column("capacity", gettext_lazy("capacity"), Count(0), example="900"),
        Column("staff", gettext_lazy("staff"), Count()),
        Column("entrances", gettext_lazy("entrances"), Count(1, 32767), example="3"),
        Column("floor_area_m2", gettext_lazy("floor area, m²"), Count()),
        Column("site_area_m2", gettext_lazy("area of the site, m²"), Count()),
        Column("perimeter_m", gettext_lazy("perimeter, m"), Count()),
        Column("visitors", gettext_lazy("people by hour"), Visitors(), help=gettext_lazy("24 numbers, midnight first, local time")),
        Column("notes", gettext_lazy("what officers should know"), Parser(5000)),
        *_contact_columns(),
    )  # fmt: skip

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        there = Facility.objects.filter(code__in=[code for (code,) in keys])
        rows = list(_with_contacts(there.select_related("type", "area", "agency").defer("area__boundary")))
        allowed = Facility.objects.restrict(user, "import").filter(pk__in=[row.pk for row in rows])
        reachable = set(allowed.values_list("pk", flat=True))
        return {
            (row.code,): Existing(
                row.pk, {**_values(row), **_accounts(row), PEOPLE: _people(row), REACH: row.pk in reachable}
            )
            for row in rows
        }

    def told(self) -> Sequence[Column]:
        return (*self.columns, *ACCOUNTS)

    def prepare(self, user: Any, rows: Sequence[Row]) -> None:
        """Find the area by the place where a row says none, and what goes with the contacts that a row names."""
        for row in rows:
            if row.existing is not None:
                follow(row.existing.values[PEOPLE], row.values)
        open_ones: list[tuple[Row, tuple[float, float]]] = []
        for row in rows:
            now = {**(row.existing.values if row.existing else {}), **row.values}
            if not now.get("area") and now.get("lat") is not None and now.get("lon") is not None:
                open_ones.append((row, (now["lat"], now["lon"])))
        found = place_at_each([point for _row, point in open_ones])
        for (row, _point), area in zip(open_ones, found, strict=True):
            row.values["area"] = area.code if area else ""

    def check(self, user: Any, row: Row) -> None:
        values = row.values
        if row.existing is not None and not row.existing.values[REACH]:
            row.error("", _("This facility lies outside what you may change."))
            return
        now = {**(row.existing.values if row.existing else {}), **values}
        if not any(now.get(f"name_{language}") for language in LANGUAGES):
            row.error("name_ru", _("Give the facility a name in at least one language."))
        for key in ("type", "lat", "lon"):
            if now.get(key) in (None, ""):
                row.error(key, _("Must not be empty."))
        for n in range(1, CONTACTS + 1):
            name, phone = now.get(column(n, "name")), now.get(column(n, "phone"))
            if name and not phone:
                row.error(column(n, "phone"), _("Give a phone number that can be rung."))
            if phone and not name:
                row.error(column(n, "name"), _("Say who answers at this number."))
        if row.errors:
            return
        if not now.get("area"):
            row.error("area", _("This place lies in no area. Check latitude and longitude, or choose the area."))
            return
        moves = row.existing is None or {"area", "agency"} & row.changes.keys()
        if moves and not can_at(user, IMPORT, None) and not self._reaches(user, now):
            row.error("area", _("This area or agency lies outside what you may add to."))

    def _reaches(self, user: Any, now: Mapping[str, Any]) -> bool:
        path = Area.objects.values_list("path", flat=True).get(code=now["area"])
        agency = Agency.objects.filter(code=now.get("agency") or "").values_list("pk", flat=True).first()
        return can_at(user, IMPORT, path, agency)

    def write(self, user: Any, rows: Sequence[Row]) -> None:
        with many_acts(user) as traces:
            kept = Facility.objects.select_for_update().in_bulk([row.pk for row in rows if row.existing])
            people = _contacts_of(list(kept))
            known = _Known(rows)
            added = [(row, _filled(Facility(), row, known)) for row in rows if row.existing is None]
            changed = [(row, kept[row.pk]) for row in rows if row.pk in kept]
            before = {
                facility.pk: snapshot(facility, without=DERIVED) | told_contacts(people.get(facility.pk, []))
                for _row, facility in changed
            }
            Facility.objects.bulk_create(facility for _row, facility in added)
            for row, facility in changed:
                _filled(facility, row, known)
            columns = [*FIELDS, *REFERENCES, "cell", "words"]
            Facility.objects.bulk_update([facility for _row, facility in changed], columns, batch_size=50)
            _write_contacts([*added, *changed], people)
            written = [facility for _row, facility in (*added, *changed)]
            figures.recount(facility.pk for _row, facility in added)
            people = _contacts_of([facility.pk for facility in written])
            paths = Area.objects.only("path").in_bulk({facility.area_id for facility in written})
            for facility in written:
                facility.area = paths[facility.area_id]
                after = snapshot(facility, without=DERIVED) | told_contacts(people.get(facility.pk, []))
                traces.on(IMPORT, facility, before=before.get(facility.pk), after=after)

    def records(self, user: Any, query: QueryDict) -> Iterable[Any]:
        ids = [int(text) for text in query.getlist("row") if text.isascii() and text.isdigit()]
        rows = queries.facilities(user, listed=False)
        if ids:
            return _with_contacts(rows.filter(pk__in=ids).order_by("code"))
        found = FacilityFilter(query, queryset=rows, request=SimpleNamespace(user=user))
        return _with_contacts(found.qs.order_by("code"))

    def values_of(self, record: Any) -> dict[str, Any]:
        return _values(record)


FIELDS = (
    "code", "name_kk", "name_ru", "name_en", "category", "address_kk", "address_ru", "lat", "lon", "owner", "head", "phone",
    "email", "opening", "guards", "capacity", "staff", "entrances", "floor_area_m2", "site_area_m2", "perimeter_m",
    "visitors", "notes",
)  # fmt: skip
REFERENCES = {"type": FacilityType, "area": Area, "agency": Agency}


class _Known:
    """Ids by code of what the rows refer to."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.ids: dict[str, dict[str, int]] = {}
        for name, model in REFERENCES.items():
            codes = {row.values[name] for row in rows if row.values.get(name)}
            self.ids[name] = dict(model._default_manager.filter(code__in=codes).values_list("code", "pk"))


def _with_contacts(rows: Any) -> Any:
    return rows.prefetch_related(Prefetch("contacts", queryset=_in_order()))


def _values(facility: Facility) -> dict[str, Any]:
    """The values of a facility by column."""
    found = {name: getattr(facility, name) for name in FIELDS}
    for name in REFERENCES:
        to = getattr(facility, name)
        found[name] = to.code if to else ""
    contacts = _people(facility)
    for n in range(1, CONTACTS + 1):
        contact = contacts[n - 1] if n <= len(contacts) else None
        for part in PARTS:
            found[column(n, part)] = getattr(contact, FIELD_OF[part]) if contact else ""
    return found


def _accounts(facility: Facility) -> dict[str, str]:
    """Who reads along by an account, at the places of a row."""
    contacts = _people(facility)
    return {
        column(n, ACCOUNT): account_of(contacts[n - 1] if n <= len(contacts) else None) for n in range(1, CONTACTS + 1)
    }


def _people(facility: Facility) -> list[Contact]:
    return list(facility.contacts.all())


def _filled(facility: Facility, row: Row, known: _Known) -> Facility:
    for name in FIELDS:
        if name in row.values:
            setattr(facility, name, row.values[name])
    for name in REFERENCES:
        if name in row.values:
            setattr(facility, f"{name}_id", known.ids[name].get(row.values[name] or ""))
    settle(facility)
    return facility


def _in_order() -> Any:
    return Contact.objects.select_related("person").order_by("order", "pk")


def _contacts_of(pks: list[int]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = {}
    for contact in _in_order().filter(facility__in=pks):
        found.setdefault(contact.facility_id, []).append(contact)
    return found


def _write_contacts(rows: list[tuple[Row, Facility]], people: Mapping[int, list[Contact]]) -> None:
    """Bring the first contacts of each facility to what its row says."""
    changes = [change_of(facility.pk, people.get(facility.pk, []), row.values) for row, facility in rows]
    Contact.objects.filter(pk__in=[pk for change in changes for pk in change.gone]).delete()
    Contact.objects.bulk_create(contact for change in changes for contact in change.new)
    old = [contact for change in changes for contact in change.old]
    Contact.objects.bulk_update(old, [*FIELD_OF.values(), "person", "order"], batch_size=100)
