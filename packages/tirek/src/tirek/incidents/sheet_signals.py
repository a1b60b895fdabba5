"""Signals as a table: one row for each area, month and name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tirek.accounts.access import can_at
from tirek.audit.act import snapshot
from tirek.audit.bulk import many_acts
from tirek.incidents import queries
from tirek.incidents.filters import SignalFilter
from tirek.incidents.models import Signal
from tirek.incidents.placing import Tree
from tirek.incidents.sheet import REACH, area_codes
from tirek.sheets.cells import CellError, Choice, Number, Parser, Reference
from tirek.sheets.registry import Column, Existing, Key, Row, Sheet

IMPORT = "incidents.import_signal"
PLAIN = ("month", "name", "source", "value", "low", "high", "uncertainty")


class Month(Parser):
    """A month: 2026-03, 03.2026 or 03/2026; any date stands for its month."""

    empty = None

    def read(self, text: str) -> int:
        for pattern, order in (
            (r"(\d{4})-(\d{1,2})(?:-\d{1,2})?.*", (0, 1)),
            (r"(?:\d{1,2}[./])?(\d{1,2})[./](\d{4})", (1, 0)),
        ):
            if found := re.fullmatch(pattern, text):
                year, month = int(found[order[0] + 1]), int(found[order[1] + 1])
                if 1 <= month <= 12 and 1900 <= year <= 2200:
                    return year * 12 + month - 1
        raise CellError(_("“%(text)s” is not a month such as 2026-03 or 03.2026.") % {"text": text[:60]})

    def write(self, value: Any) -> str:
        return "" if value is None else f"{value // 12}-{value % 12 + 1:02d}"


class SignalSheet(Sheet):
    """The table of signals."""

    key = "incident_signals"
    title = gettext_lazy("signals")
    permission = IMPORT
    view_permission = "incidents.view_signal"
    list_url = "incidents:signals"
    natural_key = ("name", "month", "area")
    columns = (
        Column("name", gettext_lazy("name of the signal"), Parser(80), required=True, example="доверие к полиции, %"),
        Column("month", gettext_lazy("month"), Month(), required=True, example="2026-03"),
        Column(
            "area", gettext_lazy("area"), Reference(area_codes), required=True, example="Мугалжарский район",
            help=gettext_lazy("code or name"),
        ),
        Column("value", gettext_lazy("value"), Number(), required=True, example="61.5"),
        Column("low", pgettext_lazy("interval", "from"), Number(), example="57.2"),
        Column("high", pgettext_lazy("interval", "to"), Number(), example="65.8"),
        Column(
            "uncertainty", gettext_lazy("kind of uncertainty"),
            Choice(Signal.Uncertainty.choices, empty=Signal.Uncertainty.UNKNOWN.value),
            example="interval95",
        ),
        Column("source", gettext_lazy("source"), Parser(200), example="опрос, I квартал"),
    )  # fmt: skip

    @cached_property
    def tree(self) -> Tree:
        return Tree()

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        codes = {area: self.tree.by_code[area].pk for _name, _month, area in keys if area in self.tree.by_code}
        rows = Signal.objects.filter(
            name__in={name for name, _month, _area in keys},
            month__in={month for _name, month, _area in keys},
            area__in=codes.values(),
        )
        found = list(rows.select_related("area").defer("area__boundary"))
        allowed = Signal.objects.restrict(user, "import").filter(pk__in=[row.pk for row in found])
        reachable = set(allowed.values_list("pk", flat=True))
        return {
            (row.name, row.month, row.area.code): Existing(row.pk, {**_values(row), REACH: row.pk in reachable})
            for row in found
        }

    def check(self, user: Any, row: Row) -> None:
        now = {**(row.existing.values if row.existing else {}), **row.values}
        low, value, high = now.get("low"), now["value"], now.get("high")
        if low is not None and low > value:
            row.error("low", _("The lower bound lies above the value."))
        if high is not None and high < value:
            row.error("high", _("The upper bound lies below the value."))
        if now["month"] > timezone.localdate().year * 12 + timezone.localdate().month - 1:
            row.error("month", _("This month has not begun yet."))
        there = row.existing
        if not (there.values[REACH] if there else can_at(user, IMPORT, self.tree.by_code[now["area"]].path)):
            row.error("area", _("This area lies outside what you may change."))

    def write(self, user: Any, rows: Sequence[Row]) -> None:
        with many_acts(user) as traces:
            kept = Signal.objects.select_for_update().in_bulk([row.pk for row in rows if row.existing])
            before = {pk: snapshot(signal) for pk, signal in kept.items()}
            now = timezone.now()
            added = [_filled(Signal(), row, self.tree) for row in rows if row.existing is None]
            changed = [_filled(kept[row.pk], row, self.tree) for row in rows if row.pk in kept]
            for signal in (*added, *changed):
                signal.known_at = now
            Signal.objects.bulk_create(added)
            Signal.objects.bulk_update(changed, [*PLAIN, "known_at"], batch_size=100)
            for signal in (*added, *changed):
                traces.on(IMPORT, signal, before=before.get(signal.pk), after=snapshot(signal))

    def records(self, user: Any, query: QueryDict) -> Iterable[Any]:
        found = SignalFilter(query, queryset=queries.signals(user), request=SimpleNamespace(user=user))
        return found.qs.order_by("name", "month", "area__code")

    def values_of(self, record: Any) -> dict[str, Any]:
        return _values(record)


def _values(signal: Signal) -> dict[str, Any]:
    return {name: getattr(signal, name) for name in PLAIN} | {"area": signal.area.code}


def _filled(signal: Signal, row: Row, tree: Tree) -> Signal:
    for name in PLAIN:
        if name in row.values:
            setattr(signal, name, row.values[name])
    signal.area = tree.by_code[row.values["area"]]
    return signal
