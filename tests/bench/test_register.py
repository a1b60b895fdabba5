"""The bench on the register: each origin knows what the register held then."""

from datetime import timedelta

import numpy as np
import pytest

from tests.flashpoints import makers
from tirek.bench import run
from tirek.bench.files import Unreadable
from tirek.bench.register import districts
from tirek.incidents import months

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
    held, _silent = data.vintages[25]
    assert np.array_equal(held[:-1], counts[:24])
    assert np.array_equal(held[-1], counts[24] - counts[24] // 2)
    assert np.array_equal(data.panel.counts[:39], counts[:39])  # scored by all that came
    file = run.on_data(data, "the register", tmp_path, "how", horizons=2, lead=1, origins=3, seed=0, dask="")
    assert "Each knows only what the register held when its last month had ended." in file.read_text()


def test_what_was_brought_in_later_is_said_to_be_known_too_early(tmp_path):
    _region, areas = makers.region_of(2)
    makers.report(areas, np.full((40, 2), 3), known_on=lambda _day: months.last_day(makers.series.month_before() - 5))
    file = run.on_data(districts(), "the register", tmp_path, "how", horizons=2, lead=1, origins=3, seed=0, dask="")
    assert "1 of them know only what the register held" in file.read_text()
    assert "what was entered late is known too early" in file.read_text()


def test_a_register_without_incidents_is_refused():
    makers.region_of(2)
    with pytest.raises(Unreadable, match="no incident"):
        districts()
