"""Rows of cells out: CSV that Excel opens in the right encoding, and XLSX; piece by piece."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tirek.sheets.cells import ILLEGAL, guarded

BOM = "\ufeff"
LINES = 200
WIDEST, NARROWEST = 60, 10


def csv_lines(header: list[str], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """A CSV file in pieces: UTF-8 with its mark, separated by semicolons (as Excel here expects), safe from formulas."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    target.write(BOM)
    writer.writerow([guarded(title) for title in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([guarded(_plain(cell)) for cell in row])
        if number % LINES == 0:
            yield target.getvalue().encode()
            target.seek(0)
            target.truncate()
    yield target.getvalue().encode()


def write_xlsx(
    target: Any, title: str, header: list[str], rows: Iterable[list[Any]], notes: Iterable[list[Any]] = ()
) -> int:
    """Write an XLSX file with one sheet, and a second one with `notes` if there are any; how many rows went in."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    for position, text in enumerate(header, start=1):
        width = min(WIDEST, max(NARROWEST, len(text) + 4))
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.append([_cell(sheet, text, bold=True) for text in header])
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007  it is the answer
        sheet.append([_cell(sheet, cell) for cell in row])
    lines = list(notes)
    if lines:
        second = book.create_sheet(_sheet_title(_("Columns")))
        for position, width in enumerate((30, 12, 60, 30), start=1):
            second.column_dimensions[get_column_letter(position)].width = width
        for number, line in enumerate(lines):
            second.append([_cell(second, cell, bold=number == 0, wrap=True) for cell in line])
    book.save(target)
    return count


def _cell(sheet: Any, value: Any, *, bold: bool = False, wrap: bool = False) -> Any:
    """A cell that is never a formula. Texts that look like one are stored as texts."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL.sub("", value)
    if not (bold or wrap or text.startswith("=")):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return ILLEGAL.sub("", str(value))


def _sheet_title(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\")[:31] or "1"
