"""How the facts of a passport are said in words: titles of the parts, names of the facts, values as the language writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tirek.equipment.models import Kind
from tirek.facilities import hours
from tirek.facilities.models import Entrance
from tirek.files.models import StoredFile
from tirek.passports.content import Facts
from tirek.requirements.models import Point
from tirek.ui.registry import Text

NOTHING = "—"
DAY_HOURS = 24
Show = Callable[[Any], str]


def plain(value: Any) -> str:
    return str(value) if value not in (None, "") else NOTHING


def text(value: Any) -> str:
    """A text in two languages: in the reader's, which is Russian for whoever reads neither."""
    if not value:
        return NOTHING
    return (value["kk"] if (get_language() or "ru").startswith("kk") else value["ru"]) or NOTHING


def number(value: Any) -> str:
    return formats.number_format(value, force_grouping=True) if value is not None else NOTHING


def metres(value: Any) -> str:
    return f"{number(value)} {gettext('m')}" if value is not None else NOTHING


def square_metres(value: Any) -> str:
    return f"{number(value)} {gettext('m²')}" if value is not None else NOTHING


def day(value: Any) -> str:
    return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT") if value else NOTHING


def week(value: Any) -> str:
    return hours.show(value or []) or NOTHING


def visitors(value: Any) -> str:
    """People by hour in one line: the busiest hour and the quietest."""
    if not value or len(value) != DAY_HOURS or not any(value):
        return NOTHING
    most, least = max(value), min(value)
    return gettext("at most %(most)s at %(hour)s:00, at least %(least)s") % {
        "most": number(most),
        "hour": value.index(most),
        "least": number(least),
    }


def choice(choices: type[Any]) -> Show:
    names = dict(choices.choices)

    def show(value: Any) -> str:
        return str(names.get(value, value or NOTHING))

    return show


def short_hash(value: Any) -> str:
    return f"{value[:16]}…" if value else NOTHING


@dataclass(frozen=True, slots=True)
class Field:
    """One fact, or one column of a table."""

    key: str
    label: Text
    show: Show = plain


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of a part. The first column names the row."""

    key: str
    label: Text
    columns: tuple[Field, ...]
    nothing: Text


@dataclass(frozen=True, slots=True)
class PartWords:
    key: str
    title: Text
    fields: tuple[Field, ...] = ()
    tables: tuple[Rows, ...] = ()


PLAN_COLUMNS = (
    Field("title", _("Title")),
    Field("building", _("Building")),
    Field("dated", _("Date"), day),
    Field("sha256", "SHA-256", short_hash),
)
PARTS: tuple[PartWords, ...] = (
    PartWords(
        "general",
        _("General information"),
        (
            Field("name", _("Name of the facility"), text),
            Field("code", _("Number on the register")),
            Field("type", _("Type"), text),
            Field("category", _("Category")),
            Field("area", _("Where it lies"), text),
            Field("address", _("Address"), text),
            Field("position", _("Latitude, longitude")),
            Field("agency", _("Agency in charge"), text),
            Field("owner", _("Owner")),
            Field("head", _("Head")),
            Field("phone", _("Phone")),
            Field("email", _("E-mail")),
            Field("guards", _("Who guards it")),
        ),
        (
            Rows(
                "contacts",
                _("Contacts"),
                (
                    Field("name", pgettext_lazy("person", "Name")),
                    Field("position", _("Position")),
                    Field("phone", _("Phone")),
                    Field("hours", _("Hours")),
                ),
                _("No contacts are on record."),
            ),
        ),
    ),
    PartWords(
        "characteristics",
        _("Characteristics of the facility"),
        (
            Field("opening", _("Opening hours"), week),
            Field("capacity", _("Capacity, people"), number),
            Field("staff", _("Staff"), number),
            Field("visitors", _("People by hour"), visitors),
            Field("floor_area_m2", _("Floor area"), square_metres),
            Field("site_area_m2", _("Area of the site"), square_metres),
            Field("perimeter_m", _("Perimeter"), metres),
            Field("entrance_count", _("Entrances"), number),
            Field("notes", _("What officers should know")),
        ),
        (
            Rows(
                "buildings",
                _("Buildings"),
                (
                    Field("name", _("Building")),
                    Field("use", _("Used for")),
                    Field("floors", _("Floors")),
                    Field("area_m2", _("Area, m²"), number),
                    Field("built", _("Year built")),
                    Field("people", _("People at most"), number),
                ),
                _("No buildings are on record."),
            ),
            Rows(
                "entrances",
                _("Ways in"),
                (
                    Field("name", _("Entrance")),
                    Field("kind", _("Kind"), choice(Entrance.Kind)),
                    Field("building", _("Building")),
                    Field("control", _("How it is controlled")),
                ),
                _("No entrances are on record."),
            ),
        ),
    ),
    PartWords(
        "equipment",
        _("Engineering and technical equipment"),
        (),
        (
            Rows(
                "kinds",
                _("Installed"),
                (
                    Field("name", _("Equipment"), text),
                    Field("group", _("Purpose"), choice(Kind.Group)),
                    Field("count", _("Quantity"), number),
                ),
                _("No equipment is on record."),
            ),
        ),
    ),
    PartWords(
        "site",
        _("Plan of the site"),
        (),
        (Rows("plans", _("Plan"), PLAN_COLUMNS, _("No plan of the site is on record.")),),
    ),
    PartWords(
        "floors",
        _("Floor plans"),
        (),
        (Rows("plans", _("Floor plan"), PLAN_COLUMNS, _("No floor plans are on record.")),),
    ),
    PartWords(
        "utilities",
        _("Schemes of utilities"),
        (),
        (Rows("plans", _("Scheme"), PLAN_COLUMNS, _("No schemes of utilities are on record.")),),
    ),
)
DAY = PartWords(
    "day",
    _("How things stood on the day"),
    (Field("notices_open", _("Open notices"), number),),
    (
        Rows(
            "equipment",
            _("State of the equipment"),
            (
                Field("name", _("Equipment"), text),
                Field("works", _("Works"), number),
                Field("faulty", _("Faulty or in repair"), number),
            ),
            _("No equipment is on record."),
        ),
        Rows(
            "requirements",
            _("Requirements of protection"),
            (
                Field("id", pgettext_lazy("protection", "Point"), choice(Point)),
                Field("met", _("Met"), number),
                Field("unmet", _("Not met"), number),
                Field("unknown", _("Not known"), number),
            ),
            _("No requirements are in force."),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Table:
    label: str
    head: list[str]
    rows: list[list[str]]
    nothing: str

    @property
    def cells(self) -> list[list[tuple[str, str]]]:
        """The rows with the name of the column beside each value, for narrow screens."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Part:
    """One part in words. `number` is 1 to 6, 0 for the day."""

    key: str
    number: int
    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    plans: list[Facts] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)


def parts(facts: Facts) -> list[Part]:
    """The six parts and the day in the active language."""
    found = [_part(words, number, facts) for number, words in enumerate(PARTS, start=1)]
    return [*found, _part(DAY, 0, facts)] if facts.get("day") else found


def _part(words: PartWords, number: int, facts: Facts) -> Part:
    values = facts[words.key]
    return Part(
        words.key,
        number,
        str(words.title),
        [(str(one.label), one.show(values.get(one.key))) for one in words.fields],
        [_table(rows, values.get(rows.key) or []) for rows in words.tables],
        values.get("plans", []),
    )


def _table(rows: Rows, values: Sequence[Facts]) -> Table:
    return Table(
        str(rows.label),
        [str(column.label) for column in rows.columns],
        [[column.show(row.get(column.key)) for column in rows.columns] for row in values],
        str(rows.nothing),
    )


def hours_differ(before: Any, now: Any) -> str:
    """How many hours of the day have another number of people."""
    n = sum(a != b for a, b in zip(before or [], now or [], strict=False)) or DAY_HOURS
    return ngettext("%(n)d hour differs", "%(n)d hours differ", n) % {"n": n}
