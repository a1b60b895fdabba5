"""The files of the VIEWS prediction challenge 2023/24, country by month: what was known before each window, and what came.

A window is a year; what is known ends in October before it, and the twelve months are forecast 3 to 14 months ahead. A month before
a window may stand in several files. The first of these tells it: actuals of earlier windows, draws of the benchmark
"conflictology" (the values of the twelve months t-14 to t-3: so that no forecast knows a newer release than the benchmark),
features (the count, its lags, its sum over 24 months).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet

from tirek.bench.files import Unreadable
from tirek_engines.forecast import Panel, month_number

LEAD = 3
HORIZONS = 12
# The challenge counts months from January 1980 as 1.
FIRST_MONTH = month_number(1980, 1) - 1
VINTAGES = ("cm_actuals", "toboden_cm_actuals")


@dataclass(frozen=True, slots=True)
class Window:
    """One year.

    Attributes
    ----------
    year : int
    panel : Panel
        Counts up to October of the year before.
    actual : array of float, shape (12, units)
    published : dict of str to array of int, shape (12, units, draws)
        Draws of published benchmarks, by name, where they are there.
    """

    year: int
    panel: Panel
    actual: np.ndarray
    published: dict[str, np.ndarray]


class Folder:
    """A folder of the challenge's files.

    Parameters
    ----------
    path : Path
    vintage : "cm_actuals" | "toboden_cm_actuals"
        Which release of the actual counts windows are scored by.
    """

    def __init__(self, path: Path, vintage: str = VINTAGES[0]) -> None:
        self.path = path
        if not path.is_dir():
            raise Unreadable(f"There is no folder {path}.")
        self.actuals = dict(self._numbered(rf"{vintage}_(\d{{4}}).parquet"))
        if not self.actuals:
            raise Unreadable(f"{path} has no file {vintage}_YEAR.parquet: it is not laid out as the VIEWS challenge.")
        self.draws = dict(self._numbered(r"bm_cm_conflictology12_(\d{4}).parquet"))
        self.features = dict(self._numbered(r"cm_features_to_oct(\d{4}).parquet"))

    def _numbered(self, pattern: str) -> Iterator[tuple[int, Path]]:
        for file in sorted(self.path.iterdir()):
            if found := re.fullmatch(pattern, file.name):
                yield int(found[1]), file

    def windows(self) -> Iterator[Window]:
        """Each window of which something is known beforehand, in order of years."""
        known = self._known()
        for year, file in sorted(self.actuals.items()):
            months, units, values = _wide(file)
            last = _october_before(year)
            first = last
            while first in known:
                first -= 1
            if last - first < 12:
                continue  # not even the year that the simplest forecast needs
            rows = [known[month] for month in range(first + 1, last + 1)]
            counts = np.array([[row.get(unit, 0) for unit in units] for row in rows])
            missing = np.array([[unit not in row for unit in units] for row in rows])
            panel = Panel(counts, FIRST_MONTH + first + 1, missing=missing)
            if list(months) != list(range(last + LEAD, last + LEAD + HORIZONS)):
                raise Unreadable(f"{file.name} does not hold the twelve months of {year}.")
            yield Window(year, panel, values, self._published(year, values.shape))

    def _known(self) -> dict[int, dict[int, int]]:
        """Counts by month and country, from the first file that tells them. A window looks at the months before it only."""
        known: dict[int, dict[int, int]] = {}
        for source in (self._from_actuals, self._from_draws, self._from_features):
            for months, units, values in source():
                for month, row in zip(months.tolist(), values, strict=True):
                    if month not in known:
                        known[month] = dict(zip(units.tolist(), row.round().astype(int).tolist(), strict=True))
        return known

    def _from_actuals(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        for vintage in VINTAGES:
            for _, file in self._numbered(rf"{vintage}_(\d{{4}}).parquet"):
                yield _wide(file)

    def _from_draws(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        for year, file in self.draws.items():
            table = pyarrow.parquet.read_table(file)
            country = table["country_id"].to_numpy()
            units = np.unique(country)
            values = table["outcome"].to_numpy().reshape(HORIZONS, len(units), 12)[0]
            last = _october_before(year)
            yield np.arange(last - 11, last + 1), units, values.T

    def _from_features(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        for file in self.features.values():
            months, units, count = _wide(file, "ged_sb")
            yield months, units, count
            for lag in range(1, 7):
                before, _, values = _wide(file, f"ged_sb_tlag_{lag}")
                yield before[:1] - lag, units, values[:1]
            # the sum of 24 months moves by what enters less what leaves
            _, _, total = _wide(file, "ged_sb_tsum_24")
            yield months[1:] - 24, units, count[1:] - np.diff(total, axis=0)

    def _published(self, year: int, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
        found = {}
        for name in ("last_poisson", "bootstrap"):
            file = self.path / f"v1_bm_cm_{name}_{year}.parquet"
            if file.exists():
                draws = pyarrow.parquet.read_table(file, columns=["outcome"])["outcome"].to_numpy()
                found[name] = draws.reshape(*shape, -1)
        if year in self.draws:
            draws = pyarrow.parquet.read_table(self.draws[year], columns=["outcome"])["outcome"].to_numpy()
            found["conflictology"] = draws.reshape(*shape, -1)
        return found


def _october_before(year: int) -> int:
    """October of the year before, as the challenge counts months."""
    return month_number(year - 1, 10) - FIRST_MONTH


def _wide(file: Path, column: str | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Months, countries and a column as months by countries."""
    table = pyarrow.parquet.read_table(file)
    name = column or ("outcome" if "outcome" in table.column_names else "ged_sb")
    try:
        month, country, value = (table[key].to_numpy() for key in ("month_id", "country_id", name))
    except KeyError as error:
        raise Unreadable(f"{file.name} lacks a column: {error}") from error
    months, row = np.unique(month, return_inverse=True)
    units, place = np.unique(country, return_inverse=True)
    if len(months) * len(units) != len(value):
        raise Unreadable(f"{file.name} does not hold every country in every month.")
    out = np.zeros((len(months), len(units)))
    out[row, place] = value
    return months, units, out
