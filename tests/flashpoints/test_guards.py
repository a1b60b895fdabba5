"""The guards: each of these can fail, and would if the rule behind it were taken away."""

import re

import numpy as np
import pytest
from django.apps import apps

from tests.flashpoints import makers
from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.flashpoints import computing, gathering, rules
from tirek.flashpoints.models import Forecast, Measure, Outlook
from tirek.incidents import series
from tirek.places.models import Area

pytestmark = pytest.mark.django_db
RATES = (3.0, 1.5, 0.8, 0.4)
MONTHS = 48


@pytest.fixture
def world():
    region, districts = makers.region_of(4)
    rng = np.random.default_rng(7)
    makers.report(districts, rng.poisson(RATES, (MONTHS, 4)))
    return region, districts


def said(run):
    rows = Forecast.objects.filter(run=run).order_by("area", "horizon")
    return list(rows.values_list("area", "horizon", "mean", "q05", "q95", "rank", "p_top"))


# --- Only what residents report is fitted -------------------------------------------------------------------------


def test_what_officers_find_changes_nothing(world):
    region, districts = world
    before = makers.computed(region)
    makers.report(districts, np.full((12, 4), 9), mode="found", shift=0.01)
    makers.report(districts, np.full((12, 4), 9), mode="third", shift=0.01)
    after = makers.computed(region)
    assert said(after) == said(before)
    assert after.input_sha256 == before.input_sha256
    assert after.figures["found"] == 12 * 4 * 9


def test_asking_for_found_incidents_is_refused(world):
    region, _districts = world
    with pytest.raises(Refused, match="Only reported incidents"):
        gathering.gather(region, makers.months.last_day(series.month_before()), modes=("reported", "found"))


def test_a_surge_of_found_incidents_is_told_and_does_not_move_the_rank(world):
    region, districts = world
    quiet = districts[3]
    before = Forecast.objects.get(run=makers.computed(region), area=quiet, horizon=1)
    makers.report([quiet], np.full((10, 1), 6), mode="found", shift=0.01)
    run = makers.computed(region)
    assert Forecast.objects.get(run=run, area=quiet, horizon=1).rank == before.rank
    assert Outlook.objects.get(run=run, area=quiet).surge["is"] is True
    assert not any(outlook.surge["is"] for outlook in Outlook.objects.filter(run=run).exclude(area=quiet))


def test_more_of_both_is_no_surge_of_found_ones():
    reported, found = np.full(40, 1), np.full(40, 1)
    found[-6:] = 6
    assert computing.surge(reported, found)["is"] is True
    reported[-6:] = 6
    assert computing.surge(reported, found)["is"] is False
    assert computing.surge(np.zeros(40, int), np.zeros(40, int))["is"] is False


# --- Feedback -----------------------------------------------------------------------------------------------------


def test_two_places_of_equal_rate_stay_equal_when_attention_follows_the_forecast():
    """Officers go where attention is drawn and find more there. What they find is not fitted, so it draws nobody back.

    A thousand months through the board's own rule of attention; either of two equal districts gets 45 to 55 % of the visits.
    """
    for seed in range(3):
        visits = _a_thousand_months(seed, fitted="reported")
        assert 0.45 <= visits[0] / visits.sum() <= 0.55


def test_without_the_guards_the_same_simulation_runs_away():
    """Fitted on what was found, and nothing by lot: an urn that fills where it was drawn from (Ensign et al. 2018)."""
    shares = [
        visits[0] / visits.sum()
        for seed in range(6)
        if (visits := _a_thousand_months(seed, fitted="found", lot=0)).any()
    ]
    assert sum(not 0.45 <= share <= 0.55 for share in shares) >= 4
    assert max(shares) - min(shares) > 0.3


def _a_thousand_months(seed: int, *, fitted: str, lot: float = rules.CHANCE_SHARE) -> np.ndarray:
    """Each month one visit, by `computing.draw_attention`, in proportion to what was fitted so far in either place."""
    rng = np.random.default_rng(seed)
    settings = {"attention": 1, "chance": lot}
    seen, visits = np.full(2, 4.0), np.zeros(2)
    for month in range(1000):
        chosen = computing.draw_attention(seen / seen.sum(), settings, np.zeros(2, bool), seed=1000 * seed + month)
        here = np.array([i in chosen for i in range(2)])
        visits += here
        reported, found = rng.poisson(2.0, 2), np.where(here, rng.poisson(4.0, 2), 0)
        seen += reported if fitted == "reported" else found
    return visits


def test_a_share_of_attention_is_drawn_by_lot():
    """Over many months the lot decides its share, and reaches districts of which nothing can be said."""
    settings = {"attention": 5, "chance": rules.CHANCE_SHARE}
    probability = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.3, 0.2, 0.1, 0.05, np.nan, np.nan])
    by_lot, reached = 0, set()
    for seed in range(400):
        found = computing.draw_attention(probability, settings, np.zeros(11, bool), seed=seed)
        lot = {i for i, how in found.items() if how == Outlook.Attention.CHANCE}
        assert not {9, 10} & (set(found) - lot)
        by_lot += len(lot)
        reached |= lot
    assert by_lot / (400 * 5) == pytest.approx(rules.CHANCE_SHARE, abs=0.02)
    assert reached == set(range(11))


def test_a_district_at_rest_is_no_place_of_attention():
    settings = {"attention": 2, "chance": rules.CHANCE_SHARE}
    rested = np.array([True, False, False])
    for seed in range(50):
        assert 0 not in computing.draw_attention(np.array([0.9, 0.5, 0.4]), settings, rested, seed=seed)


# --- Abstaining ---------------------------------------------------------------------------------------------------


def test_no_rank_and_no_probability_where_too_little_is_known(world):
    region, districts = world
    extra = makers.make_area("district", "New", 50.0, 60.0, 0.3, region, population=9_000)
    run = makers.computed(region)
    row = Forecast.objects.get(run=run, area=extra, horizon=1)
    assert (row.enough, row.rank, row.p_top, row.half) == (False, None, None, {})
    assert Outlook.objects.get(run=run, area=extra).reasons
    ranks = Forecast.objects.filter(run=run, horizon=1, enough=True).values_list("rank", flat=True)
    assert sorted(ranks) == list(range(1, len(districts) + 1))


def test_the_simplest_forecast_is_ranked_among_the_same_districts(world):
    """A district of which too little is known takes no place from the others, by either forecast."""
    region, districts = world
    extra = makers.make_area("district", "New", 50.0, 60.0, 0.3, region, population=9_000)
    makers.report([extra], [[40]])  # one month alone: too little, and yet the most by the last 12 months
    rows = Forecast.objects.filter(run=makers.computed(region), horizon=1)
    assert rows.get(area=extra).rank is None
    assert rows.get(area=extra).baseline_mean > rows.get(area=districts[1]).baseline_mean
    ranks = rows.filter(enough=True).values_list("baseline_rank", flat=True)
    assert sorted(ranks) == list(range(1, len(districts) + 1))
    assert rows.get(area=extra).baseline_rank == len(districts) + 1


# --- Resolution ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "grain",
    [
        rules.Grain(resolution=7),
        rules.Grain(resolution=9),
        rules.Grain(step="week"),
        rules.Grain(step="day"),
        rules.Grain(kind=Area.Kind.SETTLEMENT, resolution=None),
    ],
)
def test_nothing_finer_than_a_district_or_cell_6_by_month(world, grain):
    region, _districts = world
    with pytest.raises(Refused):
        gathering.gather(region, makers.months.last_day(series.month_before()), grain=grain)


def test_units_are_districts_and_never_what_lies_in_them(small_province):
    region = small_province.region
    assert small_province.settlements
    assert gathering.units(region) == list(small_province.districts)
    assert {area.kind for area in gathering.units(region)} <= {Area.Kind.DISTRICT}


def test_a_run_counts_no_settlement_whatever_its_units_say(small_province, monkeypatch):
    """The floor is held where counts are read, and not only by who asks for a grain."""
    makers.report(small_province.settlements, np.full((30, len(small_province.settlements)), 1))
    monkeypatch.setattr(gathering, "units", lambda _region: list(small_province.settlements))
    with pytest.raises(Refused, match="never of a single settlement"):
        gathering.gather(small_province.region, makers.months.last_day(series.month_before()))


def test_cells_of_clusters_are_never_finer(world):
    import h3

    region, districts = world
    makers.report([districts[0]], [[9], [9]], shift=0.2)
    known = gathering.gather(region, makers.months.last_day(series.month_before()))
    assert known.cells
    assert {h3.get_resolution(cell) for cell in known.cells} == {rules.FINEST_RESOLUTION}


# --- Tables -------------------------------------------------------------------------------------------------------

PEOPLE = {
    "person",
    "people",
    "suspect",
    "offender",
    "name",
    "phone",
    "iin",
    "list",
    "contact",
    "arrest",
    "arrests",
    "stop",
    "search",
}
SIGNING = {"made_by", "signed_by", "withdrawn_by", "answered_by", "closed_by"}
POLICING = re.compile(r"arrest|detain|search|stop|raid|patrol|surveil|wiretap|watch.?list", re.IGNORECASE)


@pytest.mark.parametrize("model", list(apps.get_app_config("flashpoints").get_models()), ids=lambda m: m.__name__)
def test_no_table_has_a_person_as_its_subject(model):
    for field in model._meta.get_fields():
        if field.is_relation and not field.auto_created and field.related_model is Person:
            assert field.name in SIGNING, f"{model.__name__}.{field.name} names a person who signed nothing"
        assert not set(field.name.split("_")) & PEOPLE, f"{model.__name__}.{field.name}"


def test_measures_are_protection_and_prevention_only():
    assert not [kind for kind in Measure.Kind if POLICING.search(f"{kind.value} {kind.label}")]
