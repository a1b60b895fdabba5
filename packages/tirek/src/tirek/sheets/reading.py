"""Files in, rows of text out: CSV in the usual encodings and with the usual separators, and XLSX. Never the whole file at once."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tirek.audit.act import Refused
from tirek.files.kinds import XLSX
from tirek.sheets.cells import as_text
from tirek.ui.templatetags.tirek import number as grouped

MOST_ROWS = 100_000  # unless the caller says otherwise
MOST_COLUMNS = 200
MOST_EMPTY = 2000  # so many empty rows in a row are the end of a sheet
LONGEST_CELL = 32_767
BLOCK = 1024 * 1024


@dataclass(slots=True)
class Table:
    """An open table: its headings, and an iterator over (number of the row in the file, its cells as text)."""

    headings: list[str]
    rows: Iterator[tuple[int, list[str]]]
    expected: int = 0  # rows, as far as one can tell before reading them
    _guards: list[Any] = field(default_factory=list)


@contextmanager
def opened(path: Path, media_type: str, most_rows: int | None = None) -> Iterator[Table]:
    """Open a table of at most `most_rows` rows. Raises `Refused` here or while rows are read, with a sentence."""
    most = MOST_ROWS if most_rows is None else most_rows
    reader = _xlsx if media_type == XLSX else _csv
    with reader(path, most) as (raw, expected):
        rows = _cleaned(raw)
        _number, headings = next(rows, (0, []))
        if not headings:
            raise Refused(_("The table is empty: it has no row of headings."))
        if len(headings) > MOST_COLUMNS:
            raise Refused(_("The table has more than %(most)d columns.") % {"most": MOST_COLUMNS})
        yield Table(headings, _counted(rows, len(headings), most), max(0, expected - 1))


def _cleaned(raw: Iterator[list[Any]]) -> Iterator[tuple[int, list[str]]]:
    """Rows as text, with their numbers in the file, without empty ones."""
    empty = 0
    for number, cells in enumerate(raw, start=1):
        texts = [as_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            empty += 1
            if empty > MOST_EMPTY:
                return
            continue
        empty = 0
        yield number, texts


def _counted(rows: Iterator[tuple[int, list[str]]], width: int, most: int) -> Iterator[tuple[int, list[str]]]:
    for count, (number, cells) in enumerate(rows, start=1):
        if count > most:
            raise Refused(
                ngettext(
                    "The table has more than %(most)s row. Bring it in parts.",
                    "The table has more than %(most)s rows. Bring it in parts.",
                    most,
                )
                % {"most": grouped(most)}
            )
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise Refused(_("Row %(row)d has a cell that is too long.") % {"row": number})
        yield number, cells[:width] + [""] * (width - len(cells))


@contextmanager
def _xlsx(path: Path, most: int) -> Iterator[tuple[Iterator[list[Any]], int]]:
    _refuse_entities(path)
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # openpyxl lets through whatever its parts raise
            raise Refused(_("The file cannot be read as a table. Save it as XLSX or CSV again.")) from error
        try:
            if not book.worksheets:
                raise Refused(_("The file has no sheet with a table."))
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says about its own size is not believed
            yield _sheet_rows(sheet), _count_rows(path, sheet, most)
        finally:
            book.close()


def _sheet_rows(sheet: Any) -> Iterator[list[Any]]:
    reached = 0
    try:
        for cells in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
            reached += 1
            yield list(cells)
    except Refused:
        raise
    except Exception as error:  # a damaged part in the middle
        raise Refused(
            _("The file is damaged after row %(row)d. Save it as XLSX or CSV again.") % {"row": reached}
        ) from error


def _count_rows(path: Path, sheet: Any, most: int) -> int:
    """How many rows the sheet has, for the progress; 0 when that cannot be seen."""
    count, before = 0, b""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as part:
            while (block := part.read(BLOCK)) and count <= most:
                count += (before + block).count(b"<row ")
                before = block[-4:]
    except (AttributeError, KeyError, OSError, zipfile.BadZipFile):
        return 0
    return min(count, most)


def _refuse_entities(path: Path) -> None:
    """No part of a spreadsheet defines entities of its own; one that does means harm."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if not member.filename.endswith((".xml", ".rels")):
                    continue
                with archive.open(member) as part:
                    if b"<!DOCTYPE" in part.read(4096).upper():
                        raise Refused(_("The file cannot be read as a table. Save it as XLSX or CSV again."))
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError, ValueError) as error:
        raise Refused(_("The file is damaged and cannot be opened.")) from error


@contextmanager
def _csv(path: Path, _most: int) -> Iterator[tuple[Iterator[list[Any]], int]]:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        start = file.read(64 * 1024)
        file.seek(0)
        separator = separator_of(start)
        if start.lower().startswith("sep="):  # Excel's own hint
            separator = start[4:5]
            file.readline()
        lines = _lines(path)
        yield _csv_rows(csv.reader(file, delimiter=separator, strict=True)), lines


def _csv_rows(reader: Any) -> Iterator[list[Any]]:
    csv.field_size_limit(LONGEST_CELL * 4)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = _("The table cannot be read at line %(line)d. Is a quotation mark missing there?")
            raise Refused(message % {"line": reader.line_num}) from error
        yield cells[: MOST_COLUMNS + 1]


def encoding_of(path: Path) -> str:
    """UTF-8 and UTF-16 by their marks, else UTF-8 if the whole file is that, else cp1251."""
    with path.open("rb") as file:
        head = file.read(400)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in head:  # the zeros of Latin letters and separators tell which half of UTF-16 comes first
            return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        decoder = codecs.getincrementaldecoder("utf-8")()
        file.seek(0)
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1251"
    return "utf-8"


def separator_of(start: str) -> str:
    """Comma, semicolon or tab: the one that gives the first lines the same number of cells, more than one."""
    sample = start.splitlines()[:20] if "\n" in start or "\r" in start else [start]
    best, rating = ",", (-1.0, -1)
    for separator in ";,\t":
        try:
            widths = [len(cells) for cells in csv.reader(io.StringIO("\n".join(sample)), delimiter=separator) if cells]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        if (alike, widths[0]) > rating:
            best, rating = separator, (alike, widths[0])
    return best


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b"")) or 1
