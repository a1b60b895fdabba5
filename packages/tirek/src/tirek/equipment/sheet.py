"""The table of equipment, by inventory number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.accounts.access import can_at
from tirek.audit.act import snapshot
from tirek.audit.bulk import many_acts
from tirek.equipment import queries
from tirek.equipment.actions.items import MOVE
from tirek.equipment.filters import ItemFilter
from tirek.equipment.forms import clean_tag
from tirek.equipment.models import Item, Kind
from tirek.equipment.registry import live
from tirek.facilities import figures
from tirek.facilities.models import Building, Facility
from tirek.sheets.cells import CellError, Choice, Date, Number, Parser, Reference
from tirek.sheets.registry import Column, Deed, Existing, Key, Row, Sheet

ADD, CHANGE, IMPORT = "equipment.add_item", "equipment.change_item", "equipment.import_item"
PLAIN = (
    "tag", "place", "maker", "model", "serial", "quantity", "state", "installed_on", "warranty_until", "last_test_on",
    "next_test_on", "retention_days", "zone", "note",
)  # fmt: skip


def kinds(user: Any) -> dict[str, str]:
    """Kinds by code and by their name in any language."""
    rows = list(Kind.objects.filter(is_active=True))
    names = {getattr(row, f"name_{language}"): row.code for row in rows for language in ("kk", "ru", "en")}
    return {**{name: code for name, code in names.items() if name}, **{row.code: row.code for row in rows}}


def facilities(user: Any) -> dict[str, str]:
    return {code: code for code in Facility.objects.restrict(user, "view").values_list("code", flat=True)}


class TagParser(Parser):
    def read(self, text: str) -> str:
        try:
            return clean_tag(str(super().read(text)))
        except forms.ValidationError as error:
            raise CellError(error.message) from error


class ItemSheet(Sheet):
    """Equipment, by inventory number."""

    key = "equipment"
    title = gettext_lazy("equipment")
    permission = IMPORT
    view_permission = "equipment.view_item"
    list_url = "equipment:items"
    natural_key = ("tag",)
    columns = (
        Column("tag", gettext_lazy("inventory number"), TagParser(40), example="T-000001"),
        Column("kind", gettext_lazy("kind"), Reference(kinds), required=True, example="camera"),
        Column("facility", gettext_lazy("code of the facility"), Reference(facilities), required=True, example="F-1"),
        Column("building", gettext_lazy("building"), Parser(120)),
        Column("place", gettext_lazy("place in the building"), Parser(160), example="2 этаж, коридор"),
        Column("maker", gettext_lazy("maker"), Parser(80)),
        Column("model", gettext_lazy("model"), Parser(80)),
        Column("serial", gettext_lazy("serial number"), Parser(80)),
        Column("quantity", gettext_lazy("quantity"), Number(1, 32_000, whole=True), example="1"),
        Column("state", gettext_lazy("state"), Choice(Item.State.choices), example="works"),
        Column("installed_on", gettext_lazy("installed"), Date()),
        Column("warranty_until", gettext_lazy("warranty until"), Date()),
        Column("last_test_on", gettext_lazy("last test"), Date()),
        Column("next_test_on", gettext_lazy("next test"), Date()),
        Column("retention_days", gettext_lazy("recordings kept, days"), Number(0, 3650, whole=True)),
        Column("zone", gettext_lazy("zone on the alarm panel"), Parser(30)),
        Column("note", gettext_lazy("note"), Parser(2000)),
    )

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        rows = Item.objects.filter(tag__in=[tag for (tag,) in keys]).select_related("kind", "facility", "building")
        return {(row.tag,): Existing(row.pk, self.values_of(row)) for row in rows}

    def check(self, user: Any, row: Row) -> None:
        code = row.values.get("facility", "")
        if row.existing is None:
            if not self._reaches(user, ADD, code):
                row.error("facility", _("Lies outside the part of the province that you may change."))
        elif row.changes:
            before = row.existing.values["facility"]
            if not all(self._reaches(user, CHANGE, one) for one in {code or before, before}):
                row.error("facility", _("Lies outside the part of the province that you may change."))
            if "facility" in row.changes and row.pk in self._connected([row.pk]):
                row.error("facility", _("This device is connected: change the facility on its own page."))
        building = row.values.get("building", "")
        home = code or (row.existing.values["facility"] if row.existing else "")
        if building and home and (home, building.casefold()) not in self._buildings:
            row.error("building", _("The facility has no building of this name."))

    def write(self, user: Any, rows: Sequence[Row]) -> None:
        changed = {row.pk: row for row in rows if row.deed is Deed.CHANGE}
        added = [row for row in rows if row.deed is Deed.ADD]
        touched: set[int] = set()
        with many_acts(user) as traces:
            found = Item.objects.select_for_update(of=("self",)).select_related("kind", "facility__area", "building")
            for item in found.filter(pk__in=changed).order_by("pk").defer("facility__area__boundary"):
                before, old = snapshot(item), item.facility_id
                row = changed[item.pk]
                values = {name: row.values[name] for name in row.changes}
                home = values.get("facility", item.facility.code)
                if "facility" in values and "building" not in values:
                    values["building"] = ""
                for name, value in self._fields(values, home).items():
                    setattr(item, name, value)
                item.save()
                touched |= {old, item.facility_id}
                traces.on(MOVE if item.facility_id != old else CHANGE, item, before=before, after=snapshot(item))
            new = []
            for row in added:
                item = Item(**self._fields(row.values, row.values["facility"]))
                item.is_sample = self._facilities[row.values["facility"]].is_sample
                new.append(item)
            Item.objects.bulk_create(new)
            for item in new:
                traces.on(ADD, item, after=snapshot(item))
            touched |= {item.facility_id for item in new}
            figures.recount(touched)

    def records(self, user: Any, query: QueryDict) -> Iterable[Item]:
        return ItemFilter(query, queryset=queries.items(user), request=_Asking(user)).qs.order_by("tag")

    def values_of(self, record: Item) -> dict[str, Any]:
        values = {name: getattr(record, name) for name in PLAIN}
        return values | {
            "kind": record.kind.code,
            "facility": record.facility.code,
            "building": record.building.name if record.building else "",
        }

    @cached_property
    def _facilities(self) -> dict[str, Facility]:
        rows = Facility.objects.select_related("area").only("code", "agency", "is_sample", "area__path", "name_ru")
        return {row.code: row for row in rows}

    @cached_property
    def _buildings(self) -> dict[tuple[str, str], Building]:
        rows = Building.objects.select_related("facility").only("name", "facility__code")
        return {(row.facility.code, row.name.casefold()): row for row in rows}

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        return {kind.code: kind for kind in Kind.objects.all()}

    def _connected(self, ids: list[int]) -> set[int]:
        return set(live(ids))

    def _reaches(self, user: Any, permission: str, code: str) -> bool:
        facility = self._facilities.get(code)
        return facility is not None and can_at(user, permission, facility.area.path, facility.agency_id)

    def _fields(self, values: Mapping[str, Any], home: str) -> dict[str, Any]:
        """Values of the table as fields of the model."""
        fields = dict(values)
        if "kind" in fields:
            fields["kind"] = self._kinds[fields["kind"]]
        if "facility" in fields:
            fields["facility"] = self._facilities[fields["facility"]]
        if "building" in fields:
            fields["building"] = self._buildings.get((home, fields["building"].casefold()))
        if "quantity" in fields:
            fields["quantity"] = fields["quantity"] or 1
        if "state" in fields:
            fields["state"] = fields["state"] or Item.State.WORKS
        return fields


class _Asking:
    """What filters need of a request."""

    def __init__(self, user: Any) -> None:
        self.user = user
