"""What the chart of a district draws."""

from __future__ import annotations

import re

import pytest

from tirek.flashpoints import charts
from tirek.flashpoints.models import Forecast

LAST = 2026 * 12 + 9  # October 2026


def ahead(n: int) -> list[Forecast]:
    return [Forecast(horizon=h, mean=1.5, q05=0, q25=1, q75=2, q95=4, baseline_mean=1.7) for h in range(1, n + 1)]


def test_bars_and_bands_share_one_axis_of_months() -> None:
    drawn = charts.history([3] * 120, [False] * 120, LAST, ahead(12), [(LAST, 1.5, 0, 4, 3)])
    assert len(drawn.bars) == charts.HISTORY
    assert drawn.now == 75
    assert drawn.bars[-1].x + drawn.bars[-1].width < drawn.now
    places = [float(x) for x in re.findall(r"[ML]([\d.]+) ", drawn.wide)]
    assert (min(places), max(places)) == (750, 1000)
    back = [float(x) for x in re.findall(r"[ML]([\d.]+) ", drawn.back_band)]
    assert max(back) == 750  # what would have been said ends where the forecast begins


def test_the_axes_are_labelled_from_zero_and_every_half_year() -> None:
    drawn = charts.history([0, 3, 1, 6], [False] * 4, LAST, ahead(6), [])
    assert [tick.text for tick in drawn.up] == ["0", "2", "4", "6"]
    assert [tick.at for tick in drawn.up] == pytest.approx([100, 66.67, 33.33, 0])
    assert [tick.text for tick in drawn.across] == ["07.26", "01.27"]
    assert drawn.bars[3].height == 100


def test_without_a_forecast_there_are_only_bars() -> None:
    drawn = charts.history([1, 0], [False, True], LAST, [], [])
    assert (drawn.wide, drawn.line, drawn.back, drawn.back_band) == ("", "", "", "")
    assert drawn.now == 100


def test_a_table_of_a_whole_country_has_no_more_lines_than_any_other() -> None:
    drawn = charts.history([90_001], [False], LAST, [], [])
    assert len(drawn.up) == 5
    assert drawn.bars[0].height == pytest.approx(100, abs=0.1)
