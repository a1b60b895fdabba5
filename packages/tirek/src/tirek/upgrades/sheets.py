"""Tables to bring and to take: the catalogue of measures, and the lines of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.accounts.models import Person
from tirek.audit.act import snapshot
from tirek.audit.bulk import many_acts
from tirek.requirements.queries import in_force
from tirek.sheets.cells import CellError, Choice, Number, Parser, YesNo
from tirek.sheets.registry import Column, Deed, Existing, Key, Row, Sheet
from tirek.upgrades import queries
from tirek.upgrades.actions import CHANGE_MEASURE
from tirek.upgrades.consequence import ROMAN
from tirek.upgrades.forms import MOST_PRICE
from tirek.upgrades.models import Measure, PlanLine
from tirek.upgrades.words import measures_in_words

CODE = re.compile(r"[a-z0-9][a-z0-9._-]*")


class Code(Parser):
    """A short name of small letters."""

    def read(self, text: str) -> str:
        found = str(super().read(text)).strip().lower()
        if not CODE.fullmatch(found):
            raise CellError(_("Small Latin letters, digits and hyphens only."))
        return found


class Keys(Parser):
    """Keys of requirements."""

    empty: Any = []

    def read(self, text: str) -> list[str]:
        return sorted({key for key in re.split(r"[\s,;]+", text) if key})

    def write(self, value: Any) -> str:
        return " ".join(value or [])


class MeasureSheet(Sheet):
    """The catalogue of measures, by code."""

    key = "measures"
    title = gettext_lazy("measures")
    permission = CHANGE_MEASURE
    view_permission = "upgrades.view_measure"
    list_url = "upgrades:measures"
    natural_key = ("code",)
    columns = (
        Column("code", gettext_lazy("code"), Code(60), example="cameras"),
        Column("name_kk", gettext_lazy("name in Kazakh"), Parser(200), example="Бейнекамералар"),
        Column("name_ru", gettext_lazy("name in Russian"), Parser(200), required=True, example="Видеокамеры"),
        Column("name_en", gettext_lazy("name in English"), Parser(200), example="Cameras"),
        Column("price", gettext_lazy("price, tenge"), Number(0, float(MOST_PRICE)), required=True, example="145000"),
        Column(
            "unit", gettext_lazy("unit"), Choice(Measure.Unit.choices, empty=Measure.Unit.PIECE.value), example="piece"
        ),
        Column(
            "per",
            gettext_lazy("how many are needed"),
            Choice(Measure.Per.choices, empty=Measure.Per.FACILITY.value),
            example="entrance",
        ),
        Column("every", gettext_lazy("one for how many of them"), Number(1, 1_000_000, whole=True), example="1"),
        Column("keys", gettext_lazy("keys of requirements that it meets"), Keys(), example="video-entrances"),
        Column("source", gettext_lazy("where the price is from"), Parser(200)),
        Column("is_active", gettext_lazy("in use"), YesNo(), example="1"),
    )

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        rows = Measure.objects.filter(code__in=[code for (code,) in keys])
        return {(row.code,): Existing(row.pk, self.values_of(row)) for row in rows}

    def check(self, user: Person, row: Row) -> None:
        if unknown := [key for key in row.values.get("keys", []) if key not in self._keys]:
            row.error("keys", _("No requirement in force has this key: %(keys)s.") % {"keys": ", ".join(unknown[:10])})

    def write(self, user: Person, rows: Sequence[Row]) -> None:
        changed = {row.pk: row for row in rows if row.deed is Deed.CHANGE}
        with many_acts(user) as traces:
            for measure in Measure.objects.select_for_update().filter(pk__in=changed):
                before = snapshot(measure)
                row = changed[measure.pk]
                for name, value in self._fields({name: row.values[name] for name in row.changes}).items():
                    setattr(measure, name, value)
                measure.save()
                traces.on(CHANGE_MEASURE, measure, before=before, after=snapshot(measure))
            for row in rows:
                if row.deed is Deed.ADD:
                    fields = {"is_active": True, **self._fields(row.values)}
                    measure = Measure.objects.create(**fields, is_sample=user.is_sample)
                    traces.on(CHANGE_MEASURE, measure, after=snapshot(measure))

    def records(self, user: Person, query: QueryDict) -> Iterable[Measure]:
        return Measure.objects.restrict(user, "view")

    def values_of(self, record: Measure) -> dict[str, Any]:
        found = {column.key: getattr(record, column.key) for column in self.columns}
        return {**found, "price": float(record.price)}

    @cached_property
    def _keys(self) -> set[str]:
        return {one.key for one in in_force()}

    def _fields(self, values: dict[str, Any]) -> dict[str, Any]:
        fields = dict(values)
        if "price" in fields:
            fields["price"] = Decimal(str(fields["price"])).quantize(Decimal("0.01"))
        if "every" in fields:
            fields["every"] = fields["every"] or 1
        return fields


class PlanSheet(Sheet):
    """The lines of one plan (?plan=), to be taken only: no role holds the permission to bring them."""

    key = "upgrade-plan"
    title = gettext_lazy("upgrade plan")
    permission = "upgrades.bring_upgradeplan"
    view_permission = "upgrades.view_upgradeplan"
    natural_key = ("facility",)
    columns = (
        Column("facility", gettext_lazy("code of the facility")),
        Column("name", gettext_lazy("facility")),
        Column("area", gettext_lazy("place")),
        Column("agency", gettext_lazy("agency in charge")),
        Column("tier", gettext_lazy("tier")),
        Column("package", gettext_lazy("package")),
        Column("measures", gettext_lazy("measures")),
        Column("cost", gettext_lazy("cost, tenge"), Number()),
        Column("gain", gettext_lazy("gain"), Number()),
        Column("per_million", gettext_lazy("gain for a million tenge"), Number()),
        Column("gap_before", gettext_lazy("gap before, %"), Number()),
        Column("gap_after", gettext_lazy("gap after, %"), Number()),
        Column("unmet_before", gettext_lazy("mandatory not met before"), Number()),
        Column("unmet_after", gettext_lazy("mandatory not met after"), Number()),
        Column("stays", gettext_lazy("stays under other weights, %"), Number()),
    )

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        return {}

    def records(self, user: Person, query: QueryDict) -> Iterable[PlanLine]:
        number = query.get("plan", "")
        plan = queries.plans(user).filter(pk=int(number) if number.isdecimal() and len(number) < 18 else 0).first()
        return queries.lines(plan) if plan else []

    def values_of(self, record: PlanLine) -> dict[str, Any]:
        facility = record.facility
        return {
            "facility": facility.code,
            "name": facility.name,
            "area": facility.area.name,
            "agency": facility.agency.name if facility.agency else "",
            "tier": ROMAN[record.tier],
            "package": record.get_package_display(),
            "measures": measures_in_words(record.measures),
            "cost": float(record.cost),
            "gain": round(record.gain, 4),
            "per_million": None if record.gain_per_million is None else round(record.gain_per_million, 4),
            "gap_before": round(100 * record.gap_before, 2),
            "gap_after": round(100 * record.gap_after, 2),
            "unmet_before": record.unmet_before,
            "unmet_after": record.unmet_after,
            "stays": None if record.stays is None else round(100 * record.stays, 1),
        }
