"""Computations: by hand with a job, by the worker once a month, kept as they were, and on paper."""

import sys
from datetime import timedelta

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation
from numba.core.registry import CPUDispatcher

from tests.flashpoints import makers
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.flashpoints import actions, computing, gathering, paper
from tirek.flashpoints import board as boards
from tirek.flashpoints.models import Cluster, Forecast, Outlook, Run
from tirek.incidents import months, series
from tirek.jobs.models import Job
from tirek.jobs.running import run_waiting
from tirek_engines.warm import warm

pytestmark = pytest.mark.django_db
RATES = (4.0, 2.0, 1.0, 0.6)


@pytest.fixture
def world():
    region, districts = makers.region_of(4)
    makers.report(districts, np.random.default_rng(4).poisson(RATES, (60, 4)))
    return region, districts


def test_what_a_run_keeps(world):
    region, districts = world
    run = makers.computed(region)
    assert run.state == Run.State.DONE
    assert run.origin == series.month_before() + 1
    assert (run.months, run.settings["top"]) == (60, 1)
    assert run.seconds > 0
    rows = Forecast.objects.filter(run=run)
    assert rows.count() == 4 * 12
    for row in rows:
        assert 0 <= row.q05 <= row.q25 <= row.q50 <= row.q75 <= row.q95
        assert len(row.draws) == 99
        assert row.draws == sorted(row.draws)
    first = {row.area: row for row in rows.filter(horizon=1)}
    assert sorted(row.rank for row in first.values()) == [1, 2, 3, 4]
    assert first[districts[0]].rank == 1
    assert first[districts[0]].half["mean"] == pytest.approx(2 * first[districts[0]].mean, rel=0.01)
    outlook = Outlook.objects.get(run=run, area=districts[0])
    last = series.monthly([districts[0]], run.origin - 12, run.origin - 1)[:, 0]
    assert outlook.recent == last.tolist()
    assert outlook.past
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.actor) == ("flashpoints.compute_run", "system:test")
    assert entry.after["input_sha256"] == run.input_sha256


@pytest.mark.timeout(900)  # half a minute of an idle machine where nothing is compiled yet
def test_what_is_compiled_beforehand_is_all_that_a_run_calls(world):
    """Otherwise the first start waits half a minute for machine code although it was made beside other work."""
    warm()
    before = machine_code()
    assert sum(before.values()) > 5
    makers.computed(world[0])
    assert machine_code() == before


def machine_code() -> dict[str, int]:
    """How many kinds of arguments each function of the engines was compiled for."""
    modules = [module for name, module in sys.modules.items() if name.startswith("tirek_engines.")]
    functions = {f"{value.py_func.__module__}.{name}": value for module in modules for name, value in vars(module).items()
                 if isinstance(value, CPUDispatcher)}  # fmt: skip
    return {name: len(function.signatures) for name, function in functions.items()}


def test_the_same_input_gives_the_same_numbers(world):
    region, _districts = world
    one, two = makers.computed(region), makers.computed(region)
    assert one.input_sha256 == two.input_sha256
    values = [
        list(Forecast.objects.filter(run=run).order_by("area", "horizon").values_list("mean", "p_top"))
        for run in (one, two)
    ]
    assert values[0] == values[1]
    makers.report(world[1], [[1, 0, 0, 0]])
    assert makers.computed(region).input_sha256 != one.input_sha256


def test_a_planted_cluster_is_found_where_it_is(world):
    region, districts = world
    makers.report([districts[3]], [[6], [8], [9]], shift=0.2)
    run = makers.computed(region, replicates=99)
    best = Cluster.objects.filter(run=run).first()
    assert best.area == districts[3]
    assert best.observed > 3 * best.expected
    assert best.last_month == run.origin - 1


def test_half_reported_lifts_one_district_alone():
    means, enough = np.array([4.0, 3.0, 1.0]), np.array([True, True, False])
    rng = np.random.default_rng(0)
    draws = np.random.default_rng(1).poisson(3.0, 4000)
    top = np.array([0.9, 0.8, 0.1])
    half = computing._half(1, means, top, enough, draws, rng)
    assert half["mean"] == 6.0
    assert half["rank"] == 1
    assert half["low"] >= np.quantile(draws, 0.05)
    assert half["high"] > np.quantile(draws, 0.95)
    assert computing._half(2, means, top, enough, draws, rng) == {}


def test_places_follow_what_is_shown_and_then_the_probability():
    means, top = np.array([1.04, 1.5, 0.98, 0.2, 7.0]), np.array([0.49, 0.79, 0.58, 0.19, np.nan])
    assert computing._places(means, top, np.array([True, True, True, True, False])) == {1: 1, 2: 2, 0: 3, 3: 4}


def test_neighbours_touch(world):
    region, _districts = world
    known = gathering.gather(region, months.last_day(series.month_before()))
    assert [row.tolist() for row in known.neighbours] == [[1], [0, 2], [1, 3], [2]]


# --- By hand ------------------------------------------------------------------------------------------------------


def test_started_by_hand_with_progress(world, person, client_for, monkeypatch):
    monkeypatch.setattr(computing, "REPLICATES", 19)
    region, _districts = world
    analyst = person("analyst")
    client = client_for(analyst)
    response = client.post(reverse("flashpoints:compute"), {"area": region.pk})
    run = Run.objects.get()
    assert response.url == run.get_absolute_url()
    assert run.state == Run.State.WAITING
    with pytest.raises(Refused, match="being computed already"):
        actions.start_computing(analyst, region.pk)
    assert "job" in client.get(run.get_absolute_url()).content.decode()
    run_waiting()
    run.refresh_from_db()
    assert (run.state, run.made_by) == (Run.State.DONE, analyst)
    job = Job.objects.get()
    assert (job.state, job.result["url"]) == (Job.State.DONE, run.get_absolute_url())
    assert "What it rests on" in client.get(run.get_absolute_url()).content.decode()
    assert "Compute now" in client.get(reverse("flashpoints:board")).content.decode()


def test_a_run_that_is_done_is_not_computed_over(world):
    region, _districts = world
    run = makers.computed(region)
    with pytest.raises(Refused, match="is computed"):
        actions.runs.carry_out(run, None, system="test", **makers.QUICK)


@pytest.mark.parametrize("role", ["overseer", "administrator", "secretary", "inspector"])
def test_who_may_not_compute(world, person, role):
    region, _districts = world
    if role == "secretary":
        assert actions.start_computing(person(role), region.pk)
        return
    with pytest.raises(PermissionDenied):
        actions.start_computing(person(role), region.pk)


def test_not_for_another_province(world, person, client_for, small_province):
    region, _districts = world
    stranger = person("analyst", small_province.region)
    with pytest.raises(PermissionDenied):
        actions.start_computing(stranger, region.pk)
    client = client_for(stranger)
    assert client.post(reverse("flashpoints:compute"), {"area": "x"}).status_code == 404
    assert client.get(makers.computed(region).get_absolute_url()).status_code == 404


# --- By the worker ------------------------------------------------------------------------------------------------


def test_the_worker_computes_once_a_month(world, monkeypatch):
    monkeypatch.setattr(computing, "REPLICATES", 19)
    region, _districts = world
    today = timezone.localdate()
    made = actions.compute_due(today)
    assert [run.area for run in made] == [region]
    assert actions.compute_due(today) == []
    following = months.last_day(months.month_of(today) + 1)
    assert [run.origin for run in actions.compute_due(following)] == [series.month_before(following) + 1]
    assert Run.objects.filter(state=Run.State.DONE).count() == 2  # the earlier one stays


def test_one_province_that_cannot_be_computed_does_not_stop_the_worker(world, small_province, monkeypatch):
    monkeypatch.setattr(computing, "REPLICATES", 19)
    region, _districts = world
    makers.report(small_province.districts, np.full((30, 2), 1))
    right = computing.compute

    def broken(known, *args, **kwargs):
        if known.region == small_province.region:
            raise ValueError("a shape does not fit")
        return right(known, *args, **kwargs)

    monkeypatch.setattr(computing, "compute", broken)
    assert [run.area for run in actions.compute_due()] == [region]
    assert not Run.objects.filter(area=small_province.region).exists()


def test_house_keeping_computes(world, monkeypatch):
    from tirek.commands.worker import keep_house

    monkeypatch.setattr(computing, "REPLICATES", 19)
    keep_house()
    assert Run.objects.get().state == Run.State.DONE


# --- On paper -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_brief(world, person, language):
    region, districts = world
    run = makers.made_run(region, {districts[0]: 2.0, districts[1]: 1.0, districts[2]: None, districts[3]: 0.4})
    chief = person("chief")
    makers.flashpoint(run, districts[0], chief)
    surge = {"is": True, "months": 3, "found": 9, "found_usual": 1, "reported": 1, "reported_usual": 1}
    Outlook.objects.filter(run=run, area=districts[1]).update(surge=surge, attention="chance")
    with translation.override(language):
        found = boards.build(chief, run)
        data = paper.content(found)
        assert [row[0] for row in data["rows"]] == ["1", "2", "3"]
        assert [row[0] for row in data["unsaid"]] == [districts[2].name]
        assert data["signed"][0][2] == "Bazaar 7"
        assert data["surges"]
        assert data["attention"]
        assert paper.brief_pdf(found, "https://example.org/").startswith(b"%PDF")


def test_the_brief_of_another_month(world, person, client_for):
    region, districts = world
    run = makers.made_run(region, {districts[0]: 2.0}, horizons=3)
    response = client_for(person("overseer")).get(f"{reverse('flashpoints:brief')}?month=3")
    assert response["Content-Type"] == "application/pdf"
    month = run.origin + 2
    assert f"{month // 12}-{month % 12 + 1:02}" in response["Content-Disposition"]


def test_a_stale_flash_point_of_a_month_ago_is_not_on_paper(world, person):
    region, districts = world
    run = makers.made_run(region, {districts[0]: 2.0})
    chief = person("chief")
    makers.flashpoint(run, districts[0], chief, timezone.localdate() - timedelta(days=40), 30)
    assert paper.content(boards.build(chief, run))["signed"] == []
