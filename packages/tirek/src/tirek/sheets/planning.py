"""What a row of a file would do. Reads, writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from tirek.sheets.cells import CellError
from tirek.sheets.registry import Column, Deed, Key, Row, Sheet

T = TypeVar("T")


class Planner:
    """Plans the rows of one file for one person. `columns` says at which position of a row each column stands."""

    def __init__(self, sheet: Sheet, user: Any, columns: Mapping[str, int]) -> None:
        self.sheet = sheet
        self.user = user
        self._readers: list[tuple[Column, int, Callable[[str], Any], bool]] = [
            (column, columns[column.key], column.parser.prepared(user), column in sheet.required())
            for column in sheet.columns
            if column.key in columns
        ]
        self._seen: dict[Key, int] = {}

    def plan(self, raw: Iterable[tuple[int, list[str]]]) -> list[Row]:
        """Plan some rows; the rows of earlier calls count as those above them."""
        rows = [self._read(number, cells) for number, cells in raw]
        keyed = [(row, key) for row in rows if (key := self._key(row)) is not None]
        for row, key in keyed:
            if (first := self._seen.setdefault(key, row.number)) != row.number:
                row.error("", _("The same as row %(row)d of the file.") % {"row": first})
        found = self.sheet.existing(self.user, [key for _row, key in keyed]) if keyed else {}
        for row, key in keyed:
            row.existing = found.get(key)
        self.sheet.prepare(self.user, [row for row, _key in keyed])
        for row, _key in keyed:
            self._decide(row)
        return rows

    def _read(self, number: int, cells: list[str]) -> Row:
        row = Row(number)
        for column, position, read, required in self._readers:
            text = cells[position] if position < len(cells) else ""
            if not text:
                if required:
                    row.error(column.key, _("Must not be empty."))
                else:
                    row.values[column.key] = column.parser.empty
                continue
            try:
                row.values[column.key] = read(text)
            except CellError as error:
                row.error(column.key, str(error))
        return row

    def _key(self, row: Row) -> Key | None:
        if any(name not in row.values for name in self.sheet.natural_key):
            return None
        return tuple(row.values[name] for name in self.sheet.natural_key)

    def _decide(self, row: Row) -> None:
        if row.existing is not None:
            before = row.existing.values
            row.changes = {
                key: (before.get(key), value) for key, value in row.values.items() if before.get(key) != value
            }
        if not row.errors:
            self.sheet.check(self.user, row)
        if row.errors:
            row.deed = Deed.ERROR
        elif row.existing is None:
            row.deed = Deed.ADD
        else:
            row.deed = Deed.CHANGE if row.changes else Deed.SAME


def in_words(sheet: Sheet, row: Row) -> list[list[str]]:
    """What changes, for readers: [[column, before, after], ...]."""
    if row.existing is None:
        return []
    parsers = {column.key: column.parser for column in sheet.told()}
    return [[key, parsers[key].show(old), parsers[key].show(new)] for key, (old, new) in row.changes.items()]


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
