"""The bench: the simplest sums by hand, an origin that knows only its past, and the same results on Dask."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from distributed import LocalCluster

from tirek_engines.forecast import Panel, scores
from tirek_engines.forecast.baselines import CONFLICTOLOGY, Last, Recent, Zero
from tirek_engines.forecast.bench import METRICS, Task, bench, hits, outcomes, run_task, tail_threshold
from tirek_engines.forecast.mixture import Mixture
from tirek_engines.forecast.models import Counts
from tirek_engines.forecast.spread import mapper


def made(months=60, units=20, seed=0):
    rng = np.random.default_rng(seed)
    return Panel(rng.poisson(np.geomspace(0.05, 20, units) * rng.gamma(4.0, 0.25, (months, units))), 24000)


LIGHT = Mixture("mixture", (Recent("a", 12), Recent("b", 36), Counts("c", 12.0)), origins=2)
RIVALS = (Zero(), Last(), Recent(CONFLICTOLOGY, 12))


@pytest.fixture(scope="module")
def found():
    return bench(made(), horizons=6, most=10, model=LIGHT, rivals=RIVALS)


def test_sums_are_those_of_the_definitions(found):
    panel = made()
    total, cases = np.zeros(2), 0
    for months in found.origins - 24000 + 1:
        draws = panel.counts[months - 12 : months].T
        for step in range(6):
            if months + step < panel.months:
                y = panel.counts[months + step]
                total += scores.crps_draws(draws, y).sum(), scores.ignorance_draws(draws, y).sum()
                cases += len(y)
    for metric, value in zip(("crps", "ign"), total / cases, strict=True):
        assert found.mean(metric)[found.models.index(CONFLICTOLOGY)] == pytest.approx(value)
    zero = found.models.index("zero")
    assert found.mean("mis")[zero] == pytest.approx(20 * found.mean("crps")[zero])


def test_an_origin_knows_what_was_known_then_and_is_scored_by_what_came():
    panel = made(30, 4)
    held = {months: (np.where(np.arange(months)[:, None] == months - 1, 0, panel.counts[:months]), np.zeros((months, 4), bool))
            for months in range(1, 30)}  # fmt: skip
    plain, then = (
        bench(panel, horizons=1, origins=[20, 24], model=LIGHT, rivals=RIVALS, vintages=v) for v in (None, held)
    )
    last, zero = plain.models.index("last"), plain.models.index("zero")
    # of the last month nothing had come in yet: "last" expected hardly anything, and what came was as it was
    assert then.mean("crps")[last] == pytest.approx(then.mean("crps")[zero], rel=0.05)
    assert then.mean("crps")[zero] == plain.mean("crps")[zero]
    assert plain.mean("crps")[last] < 0.8 * plain.mean("crps")[zero]


def test_shapes_and_order(found):
    assert found.models == ("zero", "last", CONFLICTOLOGY, "mixture")
    assert len(found.origins) == len(found.scored) == 10
    assert found.by_horizon().shape == (4, 6)
    assert np.allclose(found.pit().sum(axis=1), 1)
    pai, pei = found.accuracy()
    assert pai[-1] > 3
    assert 0.5 < pei[-1] <= 1
    assert found.mean("inside", active=True)[-1] > 0.85
    assert found.skill("mixture", CONFLICTOLOGY).ratio < 1
    assert found.skill("zero", CONFLICTOLOGY).ratio > 1


def test_what_comes_later_changes_no_forecast():
    whole = made()
    counts = np.array(whole.counts)
    counts[50:] += 7
    early = {"horizons": 6, "origins": [30, 40], "model": LIGHT, "rivals": RIVALS}
    assert np.array_equal(bench(whole, **early).scored[1].total, bench(Panel(counts, 24000), **early).scored[1].total)


def test_dask_and_one_process_agree():
    panel = made(36, 6)
    settings = {"horizons": 3, "most": 3, "model": LIGHT, "rivals": RIVALS}
    alone = bench(panel, **settings)
    with (
        LocalCluster(1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster,
        mapper(cluster.scheduler_address) as each,
    ):
        spread = bench(panel, **settings, mapper=each)
    for one, other in zip(alone.scored, spread.scored, strict=True):
        assert np.array_equal(one.total, other.total)
        assert np.array_equal(one.pit, other.pit)
    assert np.array_equal(alone.origins, spread.origins)


def test_a_piece_of_work_travels():
    """What a worker on another machine gets is what was sent."""
    task = Task(made(36, 6), 30, np.arange(1, 4), (*RIVALS, LIGHT), 5, 0)
    assert np.array_equal(run_task(pickle.loads(pickle.dumps(task))).total, run_task(task).total)


def test_dask_is_not_loaded_unless_asked_for():
    code = (
        "import sys; from tirek_engines.forecast.bench import bench; from tirek_engines.forecast.spread import mapper\n"
        "with mapper() as each: assert list(each(abs, [-1])) == [1]\n"
        "assert not {'dask', 'distributed'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_dask_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "tirek_engines.forecast.on_dask", raising=False)
    with pytest.raises(RuntimeError, match="pip install"), mapper("tcp://127.0.0.1:1"):
        pass


def test_hits_of_the_first_units():
    actual = np.array([[0.0, 5.0, 2.0, np.nan] + [0.0] * 36])
    mean = np.zeros((1, 40))
    mean[0, :2] = 1.0  # two of forty units are named
    assert hits(mean, actual).tolist() == [5, 7, 7]
    assert hits(np.zeros((1, 40)), actual)[0] == pytest.approx(7 * 2 / 40)


def test_units_in_parts_score_as_they_do_together(monkeypatch, found):
    monkeypatch.setattr("tirek_engines.forecast.bench._CHUNK", 7)
    parts = bench(made(), horizons=6, most=10, model=LIGHT, rivals=RIVALS)
    for one, other in zip(found.scored, parts.scored, strict=True):
        assert np.allclose(one.total, other.total)
        assert np.allclose(one.hits, other.hits)


def test_what_is_unknown_is_not_scored():
    counts = np.array(made().counts)
    missing = np.zeros(counts.shape, bool)
    missing[55:, 3:] = True
    panel = Panel(counts, 24000, missing=missing)
    assert np.isnan(outcomes(panel, 55, np.array([1, 2]))[:, 3:]).all()
    scored = bench(panel, horizons=2, origins=[55], model=LIGHT, rivals=RIVALS).scored[0]
    assert scored.cases[0] == 6


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"panel": made(12)}, "too few"),
        ({"origins": [60]}, "too few"),
        ({"rivals": (Zero(), Zero())}, "a name of its own: zero, zero"),
        ({"horizons": 0}, "1 or more"),
    ],
)
def test_what_cannot_be_benched_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        bench(**{"panel": made(), "model": LIGHT, "rivals": RIVALS, **change})


def test_the_threshold_of_the_tail():
    assert tail_threshold(Panel(np.zeros((3, 2), int), 24000)) == 1
    assert tail_threshold(Panel(np.full((3, 2), 500), 24000)) == 64
    assert set(METRICS) >= {"crps", "ign", "mis", "brier", "tail", "inside"}
