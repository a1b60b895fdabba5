"""Signals: figures by area and month with their uncertainty, imported or computed by others."""

from datetime import date

import numpy as np
import pytest
from django.urls import reverse

from tests.incidents.makers import moment
from tirek.incidents import registry, signals
from tirek.incidents.models import Signal
from tirek.incidents.sheet_signals import Month
from tirek.sheets.cells import CellError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MARCH = 2026 * 12 + 2
HEAD = "name of the signal;month;area;value;from;to;kind of uncertainty;source"


def test_by_import_twice_and_with_errors(bring, write, small_province):
    lines = [
        HEAD,
        "trust, %;2026-03;North;61,5;57,2;65,8;95 % interval;poll",
        "trust, %;03.2026;South;55;;;;poll",
        "trust, %;2026-03;North;60;;;;poll",
        "trust, %;2026-13;North;60;;;;poll",
        "trust, %;2026-04;North;60;62;70;;poll",
        "trust, %;2199-04;North;60;;;;poll",
        "trust, %;2026-04;Nowhere;60;;;;poll",
    ]
    found = bring("\n".join(lines), key="incident_signals")
    assert found.counts == {"add": 2, "error": 5}
    said = {column: sentence for column, sentence, _n in found.problems}
    assert said.keys() == {"", "month", "low", "area"}
    write(found, leave_out_errors=True)
    north = Signal.objects.get(area=small_province.districts[0])
    assert (north.value, north.low, north.high, north.uncertainty, north.month) == (
        61.5,
        57.2,
        65.8,
        "interval95",
        MARCH,
    )
    assert bring("\n".join(lines[:3]), key="incident_signals").counts == {"same": 2}


def test_what_was_taken_comes_back(bring, client_for, analyst, small_province):
    Signal.objects.create(area=small_province.districts[0], month=MARCH, name="trust", value=61.25, low=50, high=70)
    answer = client_for(analyst).get(reverse("sheets:export", args=["incident_signals", "csv"]))
    assert bring(b"".join(answer.streaming_content), key="incident_signals").counts == {"same": 1}


def test_months_in_tables():
    assert [Month().read(text) for text in ("2026-03", "03.2026", "3/2026", "2026-03-15", "15.03.2026")] == [MARCH] * 5
    for text in ("2026", "13.2026", "March", "2026-00"):
        with pytest.raises(CellError):
            Month().read(text)
    assert Month().write(MARCH) == "2026-03"


def test_as_arrays_and_as_known_then(small_province, monkeypatch):
    monkeypatch.setattr(registry, "_signals", {})
    north, south = small_province.districts
    Signal.objects.create(area=north, month=MARCH, name="trust", value=60, low=55, known_at=moment("2026-04-02 10:00"))
    Signal.objects.create(area=south, month=MARCH + 1, name="trust", value=50, known_at=moment("2026-05-02 10:00"))
    found = signals.table([north, south], MARCH, MARCH + 1)["trust"]
    assert np.array_equal(found.value, [[60, np.nan], [np.nan, 50]], equal_nan=True)
    assert found.low is not None
    assert found.low[0, 0] == 55
    then = signals.table([north, south], MARCH, MARCH + 1, known_on=date(2026, 4, 30))["trust"]
    assert np.isnan(then.value).sum() == 3
    assert signals.table([north], MARCH, MARCH, known_on=date(2026, 4, 1)) == {}
    with pytest.raises(ValueError, match="before the first"):
        signals.table([north], MARCH, MARCH - 1)


def test_a_computed_one_stands_beside_and_before_an_imported_of_its_name(
    small_province, monkeypatch, client_for, analyst
):
    monkeypatch.setattr(registry, "_signals", {})
    registry.signal_source(
        registry.SignalSource("late", "notices overdue", "register of notices", lambda areas, first, last: registry.Figures(
            np.full((last - first + 1, len(areas)), 7.0)
        ))
    )  # fmt: skip
    Signal.objects.create(area=small_province.districts[0], month=MARCH, name="late", value=1)
    assert signals.names() == ["late"]
    assert signals.table(small_province.districts, MARCH, MARCH)["late"].value.tolist() == [[7.0, 7.0]]
    assert "Notices overdue" in client_for(analyst).get(reverse("incidents:signals")).content.decode()


def test_the_newest_value_that_was_known_when_a_month_had_ended(small_province):
    """Told late it is not there before; told out of order the newer month's stands; and it stands until another comes."""
    north, south = small_province.districts
    told = (
        (MARCH, 3.0, "2026-04-20 10:00"),
        (MARCH + 1, 4.0, "2026-07-02 10:00"),
        (MARCH + 2, 5.0, "2026-06-30 23:00"),
    )
    for month, value, known in told:
        Signal.objects.create(name="poll", area=north, month=month, value=value, known_at=moment(known))
    Signal.objects.create(name="poll", area=south, month=MARCH - 9, value=1.0, known_at=moment("2025-07-01 10:00"))
    found = signals.known_then([north, south], MARCH, MARCH + 5)["poll"]
    assert found[:, 1].tolist() == [1.0] * 6
    assert np.isnan(found[0, 0])
    assert found[1:, 0].tolist() == [3.0, 3.0, 5.0, 5.0, 5.0]
