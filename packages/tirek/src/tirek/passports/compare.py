"""What differs between two versions of the facts, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tirek.passports import words
from tirek.passports.content import Facts, lasting
from tirek.passports.words import DAY, NOTHING, PARTS, Field, PartWords, Rows


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is another now. `part` is the number of the part, 0 for how things stood on the day."""

    part: int
    title: str
    field: str
    before: str
    now: str


def is_stale(before: Facts, now: Facts) -> bool:
    """Whether something that lasts has changed."""
    return lasting(before) != lasting(now)


def differences(before: Facts, now: Facts) -> list[Difference]:
    """What lasts and has changed, part by part, in the active language. Empty exactly when `is_stale` says no."""
    found: list[Difference] = []
    for number, part in enumerate(PARTS, start=1):
        found += _of_part(part, number, before, now)
    return found


def of_the_day(before: Facts, now: Facts) -> list[Difference]:
    """What else is not as it was on the day; it makes no passport out of date."""
    if not before.get("day") or not now.get("day"):
        return []
    return list(_of_part(DAY, 0, before, now))


def _of_part(part: PartWords, number: int, before: Facts, now: Facts) -> Iterator[Difference]:
    was, has = before[part.key], now[part.key]
    for one in part.fields:
        if was.get(one.key) != has.get(one.key):
            yield Difference(number, str(part.title), str(one.label), *_pair(one, was.get(one.key), has.get(one.key)))
    for rows in part.tables:
        for field, old, new in _of_rows(rows, was.get(rows.key) or [], has.get(rows.key) or []):
            yield Difference(number, str(part.title), field, old, new)


def _of_rows(rows: Rows, was: list[Facts], has: list[Facts]) -> Iterator[tuple[str, str, str]]:
    old, new = {row["id"]: row for row in was}, {row["id"]: row for row in has}
    shown = {column.key for column in rows.columns}
    for key in [*old, *(key for key in new if key not in old)]:
        before, now = old.get(key), new.get(key)
        if before is None or now is None:
            row = before or now or {}
            name = f"{rows.label}: {rows.columns[0].show(row.get(rows.columns[0].key))}"
            yield name, _summary(rows, before), _summary(rows, now)
            continue
        name = f"{rows.label}: {rows.columns[0].show(now.get(rows.columns[0].key))}"
        changed = [column for column in rows.columns if before.get(column.key) != now.get(column.key)]
        for column in changed:
            yield f"{name}, {column.label}", *_pair(column, before.get(column.key), now.get(column.key))
        hidden = [k for k in before if k not in shown and k != "id" and before.get(k) != now.get(k)]
        if hidden and not changed:
            yield name, _summary(rows, before), _summary(rows, now)
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old]:
        first = rows.columns[0]
        yield (
            str(rows.label),
            ", ".join(first.show(old[key].get(first.key)) for key in kept),
            ", ".join(first.show(new[key].get(first.key)) for key in new if key in old),
        )


def _summary(rows: Rows, row: Facts | None) -> str:
    if row is None:
        return NOTHING
    values = [column.show(row.get(column.key)) for column in rows.columns]
    return ", ".join(value for value in values if value != NOTHING) or NOTHING


def _pair(one: Field, before: Any, now: Any) -> tuple[str, str]:
    """Both values in words. Where the words are the same, what differs is added."""
    old, new = one.show(before), one.show(now)
    if old != new:
        return old, new
    if isinstance(before, dict) and isinstance(now, dict):
        return " / ".join(before.values()), " / ".join(now.values())
    if isinstance(before, list) or isinstance(now, list):
        return old, f"{new} ({words.hours_differ(before, now)})"
    return str(before), str(now)
