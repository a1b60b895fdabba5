"""The table of agencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.accounts.access import can_at
from tirek.accounts.models import Agency, Person
from tirek.audit.act import snapshot
from tirek.audit.bulk import many_acts
from tirek.places.models import Area
from tirek.sheets.cells import Parser, Reference
from tirek.sheets.registry import Column, Deed, Existing, Key, Row, Sheet

ADD, CHANGE = "accounts.add_agency", "accounts.change_agency"


def codes_of_areas(user: Any) -> dict[str, str]:
    return {code: code for code in Area.objects.values_list("code", flat=True)}


class AgencySheet(Sheet):
    """Agencies, by code."""

    key = "agencies"
    title = gettext_lazy("agencies")
    permission = ADD
    view_permission = "accounts.view_agency"
    list_url = "accounts:agencies"
    natural_key = ("code",)
    columns = (
        Column("code", gettext_lazy("code"), Parser(40), help=gettext_lazy("short and unique"), example="police"),
        Column("name_kk", gettext_lazy("name in Kazakh"), Parser(200), example="Полиция департаменті"),
        Column("name_ru", gettext_lazy("name in Russian"), Parser(200), required=True, example="Департамент полиции"),
        Column("name_en", gettext_lazy("name in English"), Parser(200), example="Police department"),
        Column("area", gettext_lazy("code of the area"), Reference(codes_of_areas)),
        Column("phone", gettext_lazy("phone"), Parser(40), example="+7 7132 55 00 00"),
    )

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        rows = Agency.objects.filter(code__in=[code for (code,) in keys]).select_related("area")
        return {(row.code,): Existing(row.pk, self.values_of(row)) for row in rows}

    def check(self, user: Person, row: Row) -> None:
        area = row.values.get("area", "")
        if row.existing is None:
            allowed = can_at(user, ADD, self._path(area))
        else:
            before = row.existing.values["area"]
            allowed = not row.changes or all(can_at(user, CHANGE, self._path(code), row.pk) for code in {area, before})
        if not allowed:
            row.error("area", _("Lies outside the part of the province that you may change."))

    def write(self, user: Person, rows: Sequence[Row]) -> None:
        added = [row for row in rows if row.deed is Deed.ADD]
        changed = {row.pk: row for row in rows if row.deed is Deed.CHANGE}
        with many_acts(user) as traces:
            for agency in Agency.objects.select_for_update().filter(pk__in=changed):
                before = snapshot(agency)
                row = changed[agency.pk]
                for name, value in self._fields({name: row.values[name] for name in row.changes}).items():
                    setattr(agency, name, value)
                agency.save()
                traces.on(CHANGE, agency, before=before, after=snapshot(agency))
            for row in added:
                agency = Agency.objects.create(**self._fields(row.values), is_sample=user.is_sample)
                traces.on(ADD, agency, after=snapshot(agency))

    def records(self, user: Person, query: QueryDict) -> Iterable[Agency]:
        return Agency.objects.restrict(user, "view").select_related("area")

    def values_of(self, record: Agency) -> dict[str, Any]:
        fields = ("code", "name_kk", "name_ru", "name_en", "phone")
        return {name: getattr(record, name) for name in fields} | {"area": record.area.code if record.area else ""}

    @cached_property
    def _areas(self) -> dict[str, tuple[int, str]]:
        return {code: (pk, path) for code, pk, path in Area.objects.values_list("code", "pk", "path")}

    def _path(self, code: str) -> str | None:
        return self._areas[code][1] if code else None

    def _fields(self, values: dict[str, Any]) -> dict[str, Any]:
        """Values of the table as fields of the model."""
        fields = dict(values)
        if "area" in fields:
            code = fields.pop("area")
            fields["area_id"] = self._areas[code][0] if code else None
        return fields
