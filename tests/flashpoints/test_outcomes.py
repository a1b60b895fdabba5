"""How forecasts turned out: scores, calibration, and the honest sentence."""

import numpy as np
import pytest
from django.urls import reverse

from tests.flashpoints import makers
from tirek.flashpoints import outcomes
from tirek.flashpoints.models import Forecast, Outlook
from tirek.incidents import series
from tirek.incidents.models import Silence
from tirek_engines.forecast.skill import BLOCK

pytestmark = pytest.mark.django_db


def crps_by_hand(draws, actual):
    """E|X - y| - E|X - X'| / 2 for a distribution that gives each draw the same weight."""
    x = np.array(draws, float)
    return np.abs(x - actual).mean() - np.abs(x[:, None] - x[None, :]).mean() / 2


@pytest.mark.parametrize(("draws", "actual"), [([0, 0, 1, 2], 1), ([3, 5, 9, 40], 0), ([0, 0, 0], 0), ([2, 2], 90)])
def test_the_score_is_the_crps_of_the_kept_draws(draws, actual):
    assert outcomes.crps([draws], np.array([actual]))[0] == pytest.approx(crps_by_hand(draws, actual))


@pytest.fixture
def told(person):
    """A run of two months ago for two districts; what came since: 3 and 0, then 1 and 4."""
    region, (a, b, c) = makers.region_of(3)
    last = series.month_before()
    run = makers.made_run(region, {a: 2.0, b: 1.0, c: None}, origin=last - 1)
    makers.report([a, b, c], [[3, 0, 7], [1, 4, 7]])
    Outlook.objects.filter(run=run).update(recent=[0] * 6 + [2] * 6)
    return person("overseer"), run, (a, b, c)


def test_each_forecast_stands_beside_what_came(told):
    user, run, (a, b, _c) = told
    rows = {(one.forecast.area, one.forecast.horizon): one for one in outcomes.kept(user, run)}
    assert {key: one.actual for key, one in rows.items()} == {(a, 1): 3, (b, 1): 0, (a, 2): 1, (b, 2): 4}
    first = rows[a, 1]
    assert first.crps == pytest.approx(crps_by_hand([2] * 9, 3))
    assert first.baseline_crps == pytest.approx(crps_by_hand([0] * 6 + [2] * 6, 3))
    assert first.inside  # 0 to 4
    assert not rows[b, 2].inside  # 0 to 3


def test_a_month_that_is_not_over_is_not_compared(told):
    user, run, _areas = told
    assert {one.forecast.horizon for one in outcomes.kept(user, run)} == {1, 2}  # of three
    ahead = makers.made_run(run.area, {run.area.children.first(): 1.0})
    assert outcomes.kept(user, ahead) == []


def test_a_run_is_scored_beside_the_simplest_forecast(told):
    user, run, _areas = told
    found = outcomes.outcomes(user, run.area)
    score = found.runs[0]
    assert (score.run, score.months, score.compared) == (run, 2, 4)
    rows = outcomes.kept(user, run)
    assert score.crps == pytest.approx(np.mean([one.crps for one in rows]))
    assert score.change == pytest.approx(score.crps / score.baseline_crps - 1)
    assert score.inside == pytest.approx(3 / 4)
    assert (score.named, score.places) == (1, 1)


def test_where_nothing_could_be_said_nothing_is_scored(told):
    user, run, (_a, _b, c) = told
    assert c not in {one.forecast.area for one in outcomes.kept(user, run)}


def test_what_was_found_out_later_counts(told):
    user, run, (a, _b, _c) = told
    makers.report([a], [[5]], last=run.origin)
    assert {one.actual for one in outcomes.kept(user, run) if one.forecast.area == a and one.forecast.horizon == 1} == {
        8
    }


def test_a_month_without_reports_is_no_outcome(told):
    """District b was silent for both months. What it did report in the second counts; the zero of the first is no calm."""
    user, run, (a, b, _c) = told
    Silence.objects.create(area=b, first_month=run.origin, last_month=run.origin + 1, why="no journal")
    rows = {(one.forecast.area, one.forecast.horizon): one.actual for one in outcomes.kept(user, run)}
    assert rows == {(a, 1): 3, (a, 2): 1, (b, 2): 4}
    Silence.objects.create(area=run.area, first_month=run.origin, last_month=run.origin + 1, why="no journal")
    assert outcomes.outcomes(user, run.area).runs[0].compared == 3
    makers.report([b], [[2]], last=run.origin)
    assert outcomes.outcomes(user, run.area).runs[0].compared == 4


def test_where_nobody_reported_at_all_nothing_is_compared(person):
    region, (a, b) = makers.region_of(2)
    run = makers.made_run(region, {a: 2.0, b: 1.0}, origin=series.month_before())
    Silence.objects.create(area=region, first_month=run.origin - 12, why="no journal")
    assert outcomes.kept(person("overseer"), run) == []


def test_months_without_reports_are_no_draws_of_the_simplest_forecast():
    region, districts = makers.region_of(2)
    counts = np.full((40, 2), 2)
    last = series.month_before()
    counts[-3:, 1] = 0
    makers.report(districts, counts)
    Silence.objects.create(area=districts[1], first_month=last - 2, last_month=last, why="no journal")
    run = makers.computed(region)
    recent = {row.area: row.recent for row in Outlook.objects.filter(run=run)}
    assert recent == {districts[0]: [2] * 12, districts[1]: [2] * 9 + [None] * 3}
    assert outcomes.crps([recent[districts[1]]], np.array([2]))[0] == pytest.approx(0)


def test_probabilities_are_held_against_what_came(told):
    user, run, (a, b, _c) = told
    Forecast.objects.filter(run=run, area=a).update(p_top=0.8)
    Forecast.objects.filter(run=run, area=b).update(p_top=0.2)
    found = outcomes.reliability(outcomes.kept(user, run))
    assert [(row.said, row.came, row.cases) for row in found] == [
        (pytest.approx(0.2), 0.5, 2),
        (pytest.approx(0.8), 0.5, 2),
    ]


def test_equal_districts_share_the_places_and_none_without_incidents_has_one():
    assert outcomes._among([3, 3, 1, 0], 1) == [0.5, 0.5, 0, 0]
    assert outcomes._among([0, 0, 0], 2) == [0, 0, 0]
    assert sum(outcomes._among([5, 4, 4, 4, 1], 3)) == pytest.approx(3)


def test_looking_back_is_told_apart_from_what_was_kept(told):
    user, run, _areas = told
    found = outcomes.outcomes(user, run.area)
    assert [row.level for row in found.kept] == [0.5, 0.9]
    assert (found.back[0].cases, found.back[0].inside) == (2, 1.0)  # one row of `past` each


def test_the_page_says_it_in_one_sentence(told, client_for):
    user, run, _areas = told
    client = client_for(user)
    content = client.get(reverse("flashpoints:outcomes")).content.decode()
    assert "The forecast is 10\xa0% closer than the simplest one" in content
    assert f"drawing blocks of {BLOCK} months anew" in content
    run.figures["skill"] |= {"high": 1.1, "better": False}
    run.save()
    assert (
        "The forecast is no better than the simplest one"
        in client.get(reverse("flashpoints:outcomes")).content.decode()
    )
