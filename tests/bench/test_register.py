"""The bench on the register: each origin knows what the register held then."""

from datetime import datetime, time, timedelta

import numpy as np
import pytest
from django.utils import timezone

from tests.flashpoints import makers
from tirek.bench import run
from tirek.bench.files import Unreadable
from tirek.bench.register import districts
from tirek.incidents import months, series
from tirek.incidents.models import Signal

pytestmark = pytest.mark.django_db


def late(areas, counts):
    """Half of each month's incidents are entered three weeks after its end."""
    half = counts // 2
    makers.report(areas, counts - half)
    makers.report(areas, half, known_on=lambda day: months.last_day(months.month_of(day)) + timedelta(days=21))


def test_each_origin_knows_what_the_register_held_then(tmp_path):
    _region, areas = makers.region_of(3)
    counts = np.random.default_rng(0).poisson(5.0, (40, 3))
    late(areas, counts)
    data = districts()
    column = [data.units.index(area.name) for area in areas]
    held = data.vintages[25][0][:, column]
    assert np.array_equal(held[:-1], counts[:24])
    assert np.array_equal(held[-1], counts[24] - counts[24] // 2)
    assert np.array_equal(data.panel.counts[:39, column], counts[:39])  # scored by all that came
    file = run.on_data(data, "the register", tmp_path, "how", horizons=2, lead=1, origins=3, seed=0, dask="")
    assert "Each knows only what the register held when its last month had ended." in file.read_text()


def test_what_was_brought_in_later_is_said_to_be_known_too_early(tmp_path):
    _region, areas = makers.region_of(2)
    makers.report(areas, np.full((40, 2), 3), known_on=lambda _day: months.last_day(series.month_before() - 5))
    file = run.on_data(districts(), "the register", tmp_path, "how", horizons=2, lead=1, origins=3, seed=0, dask="")
    assert "1 of them know only what the register held" in file.read_text()
    assert "what was entered late is known too early" in file.read_text()


def tell(areas, values, later):
    """A signal of each area and month to the last one, known on the last day of the month or `later` days after."""
    first = series.month_before() - len(values) + 1
    Signal.objects.bulk_create(
        Signal(name="poll", area=area, month=first + row, value=values[row, n], known_at=noon(first + row, later))
        for n, area in enumerate(areas)
        for row in range(len(values))
    )


def noon(month, later):
    return timezone.make_aware(datetime.combine(months.last_day(month), time(12))) + timedelta(days=later)


def test_signals_are_tried_as_they_were_known_then(tmp_path):
    _region, areas = makers.region_of(3)
    makers.report(areas, np.random.default_rng(0).poisson(5.0, (60, 3)))
    noise = np.random.default_rng(1).normal(size=(60, 3))
    tell(areas, noise, later=15)
    data = districts()
    assert data.signals == ("poll",)
    told = data.panel.covariates[:, [data.units.index(area.name) for area in areas], 0]
    assert np.isnan(told[0]).all()
    assert np.allclose(told[1:], noise[:-1])
    file = run.on_data(data, "the register", tmp_path, "how", horizons=2, lead=1, origins=24, seed=0, dask="")
    (said,) = [line for line in file.read_text().splitlines() if "The CRPS of the trees with signals" in line]
    assert said.startswith("**No better** than trees, as far as 24 origins can tell.")
    assert "Signals as they were known at each origin: poll." in file.read_text()


def test_signals_that_tell_of_the_next_month_are_found_to_help(tmp_path):
    """Otherwise a signal could prove nothing, however good."""
    _region, areas = makers.region_of(8)
    rng = np.random.default_rng(2)
    bad = rng.random((121, 8)) < 0.3
    makers.report(areas, rng.poisson(np.where(bad[:-1], 9.0, 1.0)))
    tell(areas, bad[1:].astype(float), later=0)
    file = run.on_data(districts(), "the register", tmp_path, "how", horizons=1, lead=1, origins=24, seed=0, dask="")
    assert "**Better.** The CRPS of the trees with signals" in file.read_text()


def test_without_signals_nothing_was_tried(tmp_path):
    _region, areas = makers.region_of(2)
    makers.report(areas, np.full((40, 2), 3))
    file = run.on_data(districts(), "the register", tmp_path, "how", horizons=2, lead=1, origins=2, seed=0, dask="")
    assert "Not tried: there is none." in file.read_text()
    assert "trees with signals" not in file.read_text()


def test_a_register_without_incidents_is_refused():
    makers.region_of(2)
    with pytest.raises(Unreadable, match="no incident"):
        districts()
