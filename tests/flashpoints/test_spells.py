"""How long flags run without a pause: pure dates."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tirek.flashpoints.spells import days_in, length_with, merged, rests_until, spells

D = date(2026, 1, 1)
REST = 30


def span(first: int, days: int) -> tuple[date, date]:
    return D + timedelta(days=first), D + timedelta(days=first + days - 1)


def test_flags_with_a_short_pause_are_one_spell():
    found = spells([span(0, 30), span(40, 20), span(200, 10)], REST)
    assert [spell.days for spell in found] == [50, 10]


def test_a_real_pause_starts_the_count_anew():
    assert [spell.days for spell in spells([span(0, 30), span(60, 5)], REST)] == [30, 5]  # 30 days between them
    assert [spell.days for spell in spells([span(0, 30), span(59, 5)], REST)] == [35]  # 29


def test_overlapping_flags_count_once():
    assert merged([span(5, 10), span(0, 8)]) == [span(0, 15)]
    assert days_in([span(5, 10), span(0, 8)], *span(0, 100)) == 15
    assert days_in([span(0, 100)], *span(10, 5)) == 5


def test_a_further_flag_lengthens_the_spell_that_it_touches():
    assert length_with([span(0, 60)], *span(70, 30), REST) == 90
    assert length_with([span(0, 60)], *span(100, 30), REST) == 30


def test_rest_begins_when_the_spell_is_as_long_as_it_may_be_and_ends_after_the_pause():
    flags = [span(0, 90)]
    assert rests_until(flags, D + timedelta(days=89), 90, REST) == D + timedelta(days=120)
    assert rests_until(flags, D + timedelta(days=119), 90, REST) == D + timedelta(days=120)
    assert rests_until(flags, D + timedelta(days=120), 90, REST) is None
    assert rests_until([span(0, 89)], D + timedelta(days=89), 90, REST) is None
    assert rests_until([], D, 90, REST) is None


# A busy machine draws slowly; that says nothing of what is tested.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
spans = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60)), max_size=12)


@patient
@given(spans)
def test_spells_hold_every_flagged_day_once(given_spans):
    flags = [span(first, days) for first, days in given_spans]
    days = {first + timedelta(days=n) for first, last in flags for n in range((last - first).days + 1)}
    assert sum(spell.days for spell in spells(flags, REST)) == len(days)
    assert sum((last - first).days + 1 for first, last in merged(flags)) == len(days)


@patient
@given(spans, st.integers(0, 400), st.integers(1, 60))
def test_a_further_flag_never_shortens_a_spell(given_spans, first, days):
    flags = [span(start, length) for start, length in given_spans]
    assert length_with(flags, *span(first, days), REST) >= days
