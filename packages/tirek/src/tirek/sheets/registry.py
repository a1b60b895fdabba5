"""Tables that people bring and take: one `Sheet` for each register, declared by its app and registered in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tirek.sheets.cells import Parser, Text, in_every_language, plain


class Deed(models.TextChoices):
    """What an import does with a row."""

    ADD = "add", _("will be added")
    CHANGE = "change", _("will be changed")
    SAME = "same", _("stays as it is")
    ERROR = "error", _("has an error")


@dataclass(frozen=True)
class Column:
    """One column. `title` is its heading in the reader's language; those of all languages, the key and `also` are recognised."""

    key: str
    title: Text
    parser: Parser = field(default_factory=Parser)
    required: bool = False
    help: Text = ""
    example: str = ""
    also: tuple[str, ...] = ()

    def names(self) -> set[str]:
        """Headings that mean this column, for comparison."""
        return {plain(self.key), *in_every_language(self.title), *map(plain, self.also)}


@dataclass(slots=True)
class Existing:
    """A row that is there: its pk and its values by column."""

    pk: Any
    values: Mapping[str, Any]


@dataclass(slots=True)
class Row:
    """One row of a file. `values` holds only columns that the file has; `changes` is {column: (before, after)}."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    existing: Existing | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    deed: Deed = Deed.ERROR

    def error(self, column: str, sentence: str) -> None:
        """Keep the row out, and say why. `column` "" means the whole row."""
        self.errors.append((column, sentence))

    @property
    def pk(self) -> Any:
        return self.existing.pk if self.existing else None


Key = tuple[Any, ...]


class Sheet:
    """What an app says about one table. Subclasses fill in the attributes and the methods below them."""

    key: ClassVar[str]
    title: ClassVar[Text]
    permission: ClassVar[str]  # to bring a table
    view_permission: ClassVar[str]  # to take one
    columns: ClassVar[Sequence[Column]]
    natural_key: ClassVar[tuple[str, ...]]  # columns that say which row it is; all of them are required
    list_url: ClassVar[str] = ""  # name of the register's address
    batch: ClassVar[int] = 200
    most_rows: ClassVar[int] = 100_000  # of a CSV file; a sheet of XLSX ends at 1,048,576

    def begin(self, user: Any) -> Sheet:
        """A copy for one piece of work: what it looks up it may keep (`cached_property`), nobody else sees it."""
        return copy(self)

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        """Rows that are there, by natural key, wherever they lie: also those that `user` may not change (`check` says so)."""
        raise NotImplementedError

    def prepare(self, user: Any, rows: Sequence[Row]) -> None:
        """Fill in values that follow from others, for many rows at once, before what changes is worked out."""

    def check(self, user: Any, row: Row) -> None:
        """Look at a row whose cells are right: `row.error(column, sentence)` for what does not go together or may not be."""

    def write(self, user: Any, rows: Sequence[Row]) -> None:
        """Add and change `rows` (`row.deed`) in one transaction, by `audit.bulk.many_acts`: an entry for each."""
        raise NotImplementedError

    def after(self, user: Any) -> None:
        """Called once when all rows of a file are written, outside any transaction: for what follows from many at once."""

    def told(self) -> Sequence[Column]:
        """The columns in which changes are told to readers: those that `existing` and `prepare` speak of. Mostly the file's own."""
        return self.columns

    def records(self, user: Any, query: QueryDict) -> Iterable[Any]:
        """What `user` may see and `query` asks for (the register's own filters), to be written down. Read it in pieces."""
        raise NotImplementedError

    def values_of(self, record: Any) -> dict[str, Any]:
        """The values of a record by column, such as the parsers give."""
        raise NotImplementedError

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def required(self) -> list[Column]:
        return [column for column in self.columns if column.required or column.key in self.natural_key]

    def guess(self, headings: Sequence[str]) -> dict[str, int]:
        """Which heading (by its position) fills which column. Of two headings with one name the first counts."""
        given: dict[str, int] = {}
        for position, heading in enumerate(headings):
            given.setdefault(plain(heading), position)
        found: dict[str, int] = {}
        for column in self.columns:
            hits = [given[name] for name in column.names() if name in given]
            if hits and (position := min(hits)) not in found.values():
                found[column.key] = position
        return found

    def header(self) -> list[str]:
        return [str(column.title) for column in self.columns]

    def table(self, records: Iterable[Any]) -> Iterator[list[Any]]:
        """Records as rows of cells, in the order of the columns."""
        for record in records:
            values = self.values_of(record)
            yield [column.parser.write(values.get(column.key, column.parser.empty)) for column in self.columns]


_sheets: dict[str, Sheet] = {}


def register(sheet: Sheet) -> Sheet:
    _sheets[sheet.key] = sheet
    return sheet


def sheet_of(key: str) -> Sheet | None:
    return _sheets.get(key)


def sheets() -> list[Sheet]:
    return list(_sheets.values())


def fitting(headings: Sequence[str]) -> list[Sheet]:
    """The tables of which a file has every column that must be there."""
    return [sheet for sheet in sheets() if {column.key for column in sheet.required()} <= sheet.guess(headings).keys()]
