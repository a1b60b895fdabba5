"""A panel from a table of counts: CSV or Parquet with the columns unit, month, count and, if wanted, group."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from tirek_engines.forecast import Panel, month_number, year_and_month
from tirek_engines.forecast.panel import Vintages

COLUMNS = ("unit", "month", "count")
SHOWN = 3  # examples of what is wrong


class Unreadable(Exception):
    """The file cannot be used. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Data:
    """A panel and the names of its units; and of a register what was known of its first n months when there were n, and the names
    of the signals that are the panel's covariates.
    """

    panel: Panel
    units: tuple[str, ...]
    vintages: Vintages = field(default_factory=dict)
    signals: tuple[str, ...] = ()


def read(path: Path, today: date) -> Data:
    """Read a table into a panel.

    Raises
    ------
    Unreadable
        If there is no such file, a column or a month is missing, a count is negative or no number, a month lies in the future,
        there is one unit only, or no incident at all.
    """
    table = _table(path)
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing:
        raise Unreadable(
            f"{path.name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}. It needs unit, month (2024-05) "
            f"and count, and may have group; it has {', '.join(table.column_names) or 'none'}."
        )
    if not len(table):
        raise Unreadable(f"{path.name} has no rows.")
    months = _months(table["month"], path)
    last = month_number(today.year, today.month)
    if months.max() >= last:
        late = sorted({say(int(m)) for m in months if m >= last})
        raise Unreadable(
            f"{path.name} has months that are not over: {_some(late)}. Leave out this month and what comes after it."
        )
    names, unit = np.unique([str(value) for value in table["unit"].to_pylist()], return_inverse=True)
    if len(names) < 2:
        raise Unreadable(f"{path.name} has one unit, {names[0]}. A bench compares places: bring two or more.")
    counts, known = _counts(table["count"], path)
    return Data(_panel(path, names, unit, months, counts, known, _groups(table, unit)), tuple(names.tolist()))


def _table(path: Path) -> pa.Table:
    if not path.exists():
        raise Unreadable(f"There is no file {path}.")
    try:
        if path.suffix.lower() in {".parquet", ".pq"}:
            return pyarrow.parquet.read_table(path)
        # numbers are read by us, so that "12 " and "" are told apart from what is wrong
        head = pyarrow.csv.open_csv(path).schema.names
        return pyarrow.csv.read_csv(
            path, convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(head, pa.string()))
        )
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        if "Empty CSV" in str(error):
            raise Unreadable(f"{path.name} has no rows.") from error
        raise Unreadable(f"{path.name} cannot be read as a table: {error}") from error


def _months(column: Any, path: Path) -> np.ndarray:
    """Month numbers of 2024-05, 2024-05-01 or dates."""
    found = np.empty(len(column), dtype=np.int64)
    cache: dict[object, int] = {}
    for row, value in enumerate(column.to_pylist()):
        if value not in cache:
            try:
                year, month = (value.year, value.month) if hasattr(value, "year") else str(value).strip().split("-")[:2]
                cache[value] = month_number(int(year), int(month))
            except ValueError as error:
                raise Unreadable(f"Row {row + 1} of {path.name}: {value!r} is no month. Write 2024-05.") from error
        found[row] = cache[value]
    return found


def _counts(column: Any, path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Counts, and whether each is known; an empty cell is not."""
    counts = np.zeros(len(column))
    known = np.ones(len(column), dtype=bool)
    for row, value in enumerate(column.to_pylist()):
        if value is None or (isinstance(value, str) and not value.strip()) or value != value:
            known[row] = False
            continue
        try:
            counts[row] = float(value)
        except ValueError as error:
            raise Unreadable(f"Row {row + 1} of {path.name}: {value!r} is no count.") from error
        if counts[row] < 0 or counts[row] != int(counts[row]):
            raise Unreadable(f"Row {row + 1} of {path.name}: {value} is no count. Counts are whole numbers, 0 or more.")
    return counts, known


def _groups(table: pa.Table, unit: np.ndarray) -> list[str] | None:
    """The group of each unit, the first that is told."""
    if "group" not in table.column_names:
        return None
    groups = [""] * (int(unit.max()) + 1)
    for place, value in zip(unit.tolist(), table["group"].to_pylist(), strict=True):
        groups[place] = groups[place] or str(value or "")
    return groups


def _panel(
    path: Path,
    names: np.ndarray,
    unit: np.ndarray,
    months: np.ndarray,
    counts: np.ndarray,
    known: np.ndarray,
    groups: list[str] | None,
) -> Panel:
    first, last = int(months.min()), int(months.max())
    shape = (last - first + 1, len(names))
    times = np.zeros(shape, dtype=np.int64)
    np.add.at(times, (months - first, unit), 1)
    if (times > 1).any():
        row, place = np.argwhere(times > 1)[0]
        raise Unreadable(
            f"{path.name} has {names[place]} in {say(first + int(row))} more than once. Add the counts up."
        )
    if (times == 0).any():
        gaps = [f"{names[place]} in {say(first + int(row))}" for row, place in np.argwhere(times == 0)[: SHOWN + 1]]
        raise Unreadable(
            f"{path.name} has gaps: no row for {_some(gaps)}. Every unit needs every month from {say(first)} to {say(last)}: "
            "0 where nothing happened, an empty count where nobody reported."
        )
    table, missing = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
    table[months - first, unit] = np.where(known, counts, 0).astype(np.int64)
    missing[months - first, unit] = ~known
    if not table.any():
        raise Unreadable(
            f"{path.name} has no incident in {shape[0]} months of {shape[1]} units: "
            "nothing can be forecast, and no forecast scored."
        )
    return Panel(table, first, groups=None if groups is None else np.array(groups), missing=missing)


def say(month: int) -> str:
    """2024-05."""
    return "{:04d}-{:02d}".format(*year_and_month(month))


def _some(items: list[str]) -> str:
    return ", ".join(items[:SHOWN]) + (" and others" if len(items) > SHOWN else "")
