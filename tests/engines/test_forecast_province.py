"""Forecasts of a province: shapes, skill, what drives them, and above all when nothing is said."""

import numpy as np
import pytest

from tirek_engines.forecast import DriverKind, Panel, Reason, month_number, province
from tirek_engines.forecast.baselines import Recent
from tirek_engines.forecast.drivers import season_of, trend
from tirek_engines.forecast.models import Contagion
from tirek_engines.forecast.province import top_share
from tirek_engines.forecast.silence import reasons
from tirek_engines.forecast.skill import compare


def made(months=84, units=8, seed=0):
    """Districts of very different levels."""
    rng = np.random.default_rng(seed)
    return rng.poisson(np.geomspace(0.3, 12.0, units) * rng.gamma(2.0, 0.5, (months, units)))


@pytest.fixture(scope="module")
def forecast():
    counts = made()
    counts[:, 3] = 0
    panel = Panel(counts, month_number(2018, 1), neighbours=[[(u + 1) % 8] for u in range(8)])
    return province(panel, horizons=6, draws=400)


def test_shapes_and_order(forecast):
    assert forecast.draws.shape == (6, 8, 400)
    assert forecast.mean.shape == forecast.baseline_mean.shape == forecast.quantile(0.9).shape == (6, 8)
    assert forecast.baseline_draws.shape == (6, 8, 12)
    assert np.allclose(forecast.baseline_draws.mean(axis=2), forecast.baseline_mean)
    assert sorted(forecast.rank) == sorted(forecast.baseline_rank) == list(range(8))
    assert sum(forecast.weights.values()) == pytest.approx(1)
    assert forecast.first_month == month_number(2025, 1)
    assert np.allclose(forecast.draws.mean(axis=2), forecast.mean, rtol=0.1, atol=0.05)
    assert forecast.rank[7] == 0
    assert len(forecast.unit_skill) == len(forecast.drivers) == len(forecast.why) == 8


def test_the_same_seed_gives_the_same_draws(forecast):
    panel = Panel(made(40, 4), month_number(2018, 1))
    first, again, other = (province(panel, horizons=2, draws=20, seed=s, rounds=20) for s in (1, 1, 2))
    assert np.array_equal(first.draws, again.draws)
    assert first.skill == again.skill
    assert not np.array_equal(first.draws, other.draws)


def test_looking_back_knows_only_what_was_known(forecast):
    past = forecast.past
    assert (past.target == past.origin + past.horizon + 1).all()
    assert past.origin.min() == month_number(2019, 12)
    assert past.target.max() == month_number(2024, 12)
    assert (past.low <= past.high).all()
    lively = past.unit > 3
    inside = (past.low <= past.actual) & (past.actual <= past.high)
    assert 0.85 < inside[lively].mean() < 0.97
    counts = made()
    counts[:, 3] = 0
    # a shorter panel looks back at the same forecasts
    shorter = province(
        Panel(counts[:60], month_number(2018, 1), neighbours=[[(u + 1) % 8] for u in range(8)]), horizons=6
    )
    both = past.target <= month_number(2022, 12)
    # the grid ends elsewhere, because the largest count is another: hence not bit by bit
    assert np.allclose(shorter.past.mean, past.mean[both], rtol=0.02, atol=0.02)


def late(counts, share=0.5, seed=1):
    """What was held of the first n months at the end of the n-th: of the newest month only a part had been reported."""
    rng = np.random.default_rng(seed)
    held = {}
    for months in range(1, len(counts)):
        then = counts[:months].copy()
        then[-1] = rng.binomial(then[-1], share)
        held[months] = (then, np.zeros(then.shape, bool))
    return held


def test_looking_back_sees_the_newest_month_half_empty_as_it_was():
    counts = made(60, 6)
    panel, held = Panel(counts, month_number(2018, 1)), late(made(60, 6))
    seen = []

    class Spy(Recent):
        def walk(self, known, origins):
            seen.extend((origin, known.counts[:origin].copy()) for origin in origins)
            return super().walk(known, origins)

    parts = ((1.0, Spy("conflictology", 12)), (1.0, Recent("recent 3", 3)), (1.0, Contagion("contagion")))
    found = province(panel, horizons=3, draws=20, rounds=20, parts=parts, vintages=held)
    assert sorted(origin for origin, _ in seen) == list(range(24, 61))
    for origin, told in seen:
        assert np.array_equal(told, counts[:origin] if origin == 60 else held[origin][0])
    past = found.past
    # outcomes are those of today, forecasts those of then: the simplest one's mean has the half-empty month in it
    assert np.array_equal(past.actual, counts[past.target - month_number(2018, 1), past.unit])
    one = (past.origin == month_number(2018, 1) + 39) & (past.horizon == 0)
    assert np.allclose(past.baseline_mean[one], held[40][0][-12:].mean(axis=0))
    assert not np.allclose(past.baseline_mean[one], counts[28:40].mean(axis=0))
    assert np.allclose(found.baseline_mean[0], counts[-12:].mean(axis=0))  # today's forecast knows today's register


def test_vintages_that_hold_everything_change_nothing():
    counts = made(60, 5)
    panel = Panel(counts, month_number(2018, 1))
    held = {months: (counts[:months], np.zeros((months, 5), bool)) for months in range(1, 60)}
    plain, same = (province(panel, horizons=3, draws=20, rounds=20, vintages=v) for v in (None, held))
    assert np.allclose(plain.mean, same.mean)
    assert list(plain.weights.values()) == pytest.approx(list(same.weights.values()))
    assert np.allclose(plain.past.baseline_mean, same.past.baseline_mean)
    assert same.skill.origins == plain.skill.origins


def test_weights_of_the_past_never_learn_from_what_came_in_later():
    """Change what is entered of a month years after: no forecast made before that may move, only what it is held against."""
    counts = made(72, 4)
    held = late(counts)
    changed = counts.copy()
    changed[30, :3] += 8
    assert changed.max() == counts.max()  # the grid of the distributions is the same
    one, other = (
        province(Panel(table, month_number(2018, 1)), horizons=2, draws=20, rounds=20, vintages=held)
        for table in (counts, changed)
    )
    assert np.allclose(one.past.mean, other.past.mean, atol=1e-9)
    assert not np.array_equal(one.past.actual, other.past.actual)


def test_vintages_have_the_shape_of_their_months_and_units():
    panel = Panel(made(30, 3), 24000)
    for wrong in ({25: (made(24, 3), np.zeros((24, 3), bool))}, {25: (made(25, 2), np.zeros((25, 2), bool))}):
        with pytest.raises(ValueError, match=r"the vintage of 25 months has 24|counts have shape"):
            province(panel, draws=5, rounds=5, vintages=wrong)


def test_it_is_better_than_the_last_year_where_levels_stand_still(forecast):
    assert forecast.skill.ratio < 1
    assert forecast.skill.low < forecast.skill.ratio < forecast.skill.high
    assert forecast.skill.better
    assert forecast.skill.origins == 60


def test_an_area_without_incidents_is_left_out(forecast):
    assert not forecast.enough[3]
    assert forecast.why[3] == (Reason.NO_INCIDENTS,)
    assert forecast.rank[3] == 7
    top = forecast.top(3)
    assert np.isnan(top[3])
    assert 2.5 < np.nansum(top) <= 3 + 1e-9
    assert top[7] == np.nanmax(top)


def test_a_country_without_incidents_is_met_with_silence():
    """As in UCDP: no month of 76 with an event. Nothing is said, and nothing is made up."""
    found = province(Panel(np.zeros((76, 20), int), month_number(2018, 1)), draws=50)
    assert not found.enough.any()
    assert all(why == (Reason.NO_INCIDENTS,) for why in found.why)
    assert np.isnan(found.skill.ratio)
    assert not found.skill.better
    assert found.mean.max() == 0
    assert found.draws.max() == 0
    assert np.isnan(found.top(5)).all()


def test_one_incident_is_too_few():
    counts = np.zeros((76, 5), int)
    counts[40, 2] = 1
    found = province(Panel(counts, month_number(2018, 1)), draws=50)
    assert not found.enough.any()
    assert found.why[2] == (Reason.TOO_FEW,)
    assert found.why[0] == (Reason.NO_INCIDENTS,)
    assert found.mean.max() < 0.2


def test_all_in_one_unit():
    counts = np.zeros((76, 5), int)
    counts[:, 2] = made(76, 8)[:, 6]
    found = province(Panel(counts, month_number(2018, 1)), draws=200)
    assert found.enough.tolist() == [False, False, True, False, False]
    assert found.rank[2] == 0
    assert found.top(5)[2] > 0.9


def test_a_single_unit():
    found = province(Panel(made(76, 8)[:, 6:7], month_number(2018, 1)), draws=50)
    assert found.enough.all()
    assert found.mean.shape == (12, 1)


@pytest.mark.parametrize("months", [1, 2, 11, 23])
def test_a_short_past_is_too_short(months):
    found = province(Panel(made(months, 4), month_number(2024, 1)), draws=20)
    assert all(Reason.TOO_SHORT in why for why in found.why)
    assert found.skill.origins == 0
    assert len(found.past.unit) == 0
    assert np.isfinite(found.mean).all()


def test_half_the_districts_stop_reporting():
    counts = made(96, 8)
    missing = np.zeros((96, 8), bool)
    missing[-8:, 4:] = True
    counts[missing] = 0
    told = province(Panel(counts, month_number(2017, 1), missing=missing), draws=100)
    assert told.enough.tolist() == [True] * 4 + [False] * 4
    assert all(why == (Reason.SILENT,) for why in told.why[4:])
    # what is expected there does not sink because nobody reports: no data is not safe
    before = province(Panel(counts[:-8], month_number(2017, 1)), draws=100)
    assert np.allclose(told.mean[0, 6:], before.mean[0, 6:], rtol=0.35)
    # without being told: where every month had incidents, half a year of zeros is silence, not peace
    untold = reasons(np.where(missing, 0.0, counts))
    assert untold[7] == (Reason.SILENT,)
    assert untold[4] == ()  # a district with many zeros may well have some more


def test_one_district_that_never_reports_does_not_switch_off_the_skill_of_the_others():
    counts = made(72, 5)
    missing = np.zeros((72, 5), bool)
    missing[:, 0] = True
    counts[:, 0] = 0
    found = province(Panel(counts, month_number(2018, 1), missing=missing), horizons=2, draws=20)
    assert found.skill.origins == 48
    assert np.isfinite([found.skill.ratio, found.skill.low, found.skill.high]).all()
    assert np.isnan(found.unit_skill[0].ratio)
    missing[30:34] = True  # months of which nobody knows anything: their origins still have the month after
    some = province(Panel(np.where(missing, 0, counts), month_number(2018, 1), missing=missing), horizons=2, draws=20)
    assert some.skill.origins == 48 - 3
    assert np.isfinite(some.skill.ratio)


def test_a_district_that_was_coded_anew():
    counts = made(96, 8)
    counts[60:, 5], counts[:60, 0] = 0, 0
    counts[60:, 0] = made(96, 8, seed=9)[60:, 5]
    why = province(Panel(counts, month_number(2017, 1)), draws=20).why
    assert Reason.RECODED in why[0]
    assert Reason.RECODED in why[5]
    assert sum(Reason.RECODED in w for w in why) == 2
    # a district that only rises is not taken for one
    rising = made(96, 8)
    rising[60:, 6] *= 3
    assert all(Reason.RECODED not in w for w in reasons(rising.astype(float)))


def test_where_nothing_is_better_than_the_last_year_that_is_what_is_given():
    """Levels that jump once a year to a place of their own, in January: only the running year knows anything."""
    rng = np.random.default_rng(7)
    levels = np.repeat(rng.choice([1.0, 60.0], (10, 6)), 12, axis=0)
    found = province(Panel(rng.poisson(levels)[:-1], month_number(2015, 1)), horizons=1, draws=50)
    assert found.skill.worse == (found.weights["conflictology"] == 1.0)
    assert found.skill.high < 1.1


def test_drivers_say_what_was_counted(forecast):
    counts = made()
    counts[:, 3] = 0
    by_kind = {driver.kind: driver for driver in forecast.drivers[6]}
    assert by_kind[DriverKind.RECENT].value == counts[-12:, 6].sum()
    assert by_kind[DriverKind.TREND].value == pytest.approx(counts[-12:, 6].sum() / counts[-24:-12, 6].sum())
    assert by_kind[DriverKind.NEIGHBOURS].value == counts[-12:, 7].sum()
    assert 0 <= by_kind[DriverKind.CONTAGION].value <= 1
    assert DriverKind.SEASON in by_kind
    assert DriverKind.FEW in {driver.kind for driver in forecast.drivers[3]}


def test_a_trend_and_a_season_are_found():
    assert trend(20, 10, 1.0).value == 2
    assert trend(20, 10, 1.0).low > 1
    assert trend(12, 10, 1.0).low < 1 < trend(12, 10, 1.0).high
    assert trend(6, 12, 0.5).value == 1  # six months known against twelve
    months = np.arange(120)
    counts = np.where(months % 12 == 0, 30.0, 3.0)[:, None]  # the last row is a December
    assert season_of(counts, ahead=1).value > 3
    assert season_of(counts, ahead=2).high < 1
    assert season_of(counts[:30], ahead=1) is None


def test_each_month_ahead_has_its_season():
    counts = np.where(np.arange(72) % 12 == 3, 20, 2)[:, None] + made(72, 3) % 2
    found = province(Panel(counts, month_number(2018, 1)), horizons=6, draws=20, rounds=20)  # ahead: January to June
    season = {driver.kind: driver for driver in found.drivers[0]}[DriverKind.SEASON]
    assert len(season.ahead) == 6
    assert season.ahead[0] == season.value
    assert np.argmax(season.ahead) == 3


def test_the_top_of_draws():
    draws = np.array([[5, 0], [3, 0], [3, 0], [0, 0]])
    assert top_share(draws, 2).tolist() == [0.5, 0.25, 0.25, 0]
    assert top_share(draws, 9).tolist() == [0.5, 0.5, 0.5, 0]
    with pytest.raises(ValueError, match="k is 1"):
        province(Panel(made(30, 3), 24000), draws=5, rounds=5).top(0)


def overlapping(rng, origins, cases):
    """Noise of forecasts that share eleven of twelve months with the one before."""
    return np.stack(
        [np.convolve(rng.normal(size=origins + 11), np.ones(12) / 12**0.5, "valid") for _ in range(cases)], 1
    )


def test_skill_is_seldom_claimed_where_there_is_none():
    """Of equal forecasts one in twenty may look better; of much better ones most must."""
    rng = np.random.default_rng(0)
    base = 5 + overlapping(rng, 60, 300)
    equal = base * np.exp(0.2 * overlapping(rng, 60, 300))
    found = compare(equal / equal.mean() * base.mean(), base, rng, rounds=200)
    assert np.mean([skill.better for skill in found]) < 0.09
    assert np.mean([skill.worse for skill in found]) < 0.09
    assert np.mean([skill.better for skill in compare(0.6 * equal, base, rng, rounds=200)]) > 0.9


def test_origins_that_lie_apart_tell_more():
    """Blocks are months: of origins three months apart six make one, so as many of them tell more than neighbours do."""
    rng = np.random.default_rng(0)
    base = 5 + overlapping(rng, 36, 1)
    model = base * np.exp(0.05 * rng.normal(size=base.shape)) * 0.9
    near, apart = (compare(model, base, np.random.default_rng(1), apart=months)[0] for months in (1, 3))
    assert apart.ratio == near.ratio
    assert apart.high - apart.low < near.high - near.low


def test_few_origins_claim_nothing():
    base = np.random.default_rng(0).gamma(2.0, 1.0, (10, 1))
    few = compare(base * 0.5, base, np.random.default_rng(1))[0]
    assert few.ratio == pytest.approx(0.5)
    assert not few.better
    assert np.isnan([few.low, few.high]).all()  # one block is all of them: it would vary with nothing
    assert not compare(base * 2, base, np.random.default_rng(1))[0].worse
    enough = np.random.default_rng(0).gamma(2.0, 1.0, (24, 1))
    assert compare(enough * 0.5, enough, np.random.default_rng(1))[0].better
    assert compare(np.full((10, 1), np.nan), base, np.random.default_rng(1))[0].origins == 0


@pytest.mark.parametrize("wrong", [{"horizons": 0}, {"draws": 0}, {"lead": 0}, {"rounds": 0}])
def test_numbers_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="1 or more"):
        province(Panel(made(30, 3), 24000), **wrong)
