"""The self-exciting point process: published fits, planted contagion, places that are no contagion, and input without sense."""

import numpy as np
import pytest
import shapely

from tests.engines.imdepi import Cases
from tirek_engines.contagion import (
    Events,
    Expected,
    Exponential,
    Gaussian,
    PointModel,
    PowerLaw,
    Steps,
    Verdict,
    fit_points,
    permutation,
    plant,
    seasons,
)
from tirek_engines.contagion.points import pairs
from tirek_engines.contagion.region import Wedges, whole, within

# --- published fits -----------------------------------------------------------------------------------------------------
# From the example outputs of the R package surveillance 1.17 (help pages glm_epidataCS, twinstim_methods, twinstim_step,
# twinstim_update, twinstim_epitest), and its vignette "twinstim".


@pytest.fixture(scope="module")
def cases():
    return Cases()


@pytest.mark.reference
def test_the_published_fit_with_gaussian_contagion_and_without(cases):
    found = fit_points(cases.model(cases.known, cases.marks(), space=Gaussian()), level=0.95)

    assert found.without.coefficients == pytest.approx([-20.3683, -0.0444, 0.2732, 0.3507], abs=1e-4)
    assert found.without.errors == pytest.approx([0.0419, 0.0200, 0.0576, 0.0581], rel=0.02)
    assert found.without.log_likelihood == pytest.approx(-9579.06, abs=0.01)
    assert found.without.aic == pytest.approx(19166.1, abs=0.05)

    published = [-20.52869, -0.04574, 0.21728, 0.31810, -12.51659, -0.90832, 0.70612, -0.24084, 2.76774]
    errors = [0.04724, 0.02212, 0.06467, 0.06380, 0.32326, 0.26742, 0.32706, 0.46124, 0.08152]
    assert found.contagion.coefficients == pytest.approx(published, abs=0.003)
    assert found.contagion.errors == pytest.approx(errors, rel=0.002)
    assert found.contagion.aic == pytest.approx(18967.84, abs=0.01)
    assert found.contagion.settled
    # Reproduction numbers of the vignette (.216 and .096, with places shifted a little so that no two are equal).
    kind = cases.kind[cases.known]
    assert [found.R_observed[kind == k].mean() for k in (1, 2)] == pytest.approx([0.216, 0.096], abs=0.001)
    assert 0.12 < found.R_low < found.R < found.R_high < 0.24
    assert found.verdict is Verdict.CONTAGION


@pytest.mark.reference
def test_the_published_fit_with_another_mark(cases):
    found = fit_points(cases.model(cases.known, cases.marks(density=True)), interval=False)
    assert found.contagion.log_likelihood == pytest.approx(-9473.3263, abs=1e-3)
    assert found.contagion.coefficients[8] == pytest.approx(0.17674, abs=1e-3)


@pytest.mark.reference
def test_the_published_fit_with_constant_contagion(cases):
    model = cases.model(cases.known, space=Steps())
    # The package draws discs as polygons of 16 corners, 2.6 % smaller; with its own areas the fits agree.
    reach, n = model.events.reach_space, len(model.events)
    model.cut = Wedges(np.arange(n), reach, cases.disc[cases.known] / (reach**2 / 2), n)
    found = fit_points(model, interval=False)
    published = [-20.48097919, -0.04090266, 0.24160901, 0.35049475, -16.89716012]
    assert found.contagion.coefficients == pytest.approx(published, abs=1e-4)
    assert found.contagion.log_likelihood == pytest.approx(-9570.059, abs=1e-3)


@pytest.mark.reference
def test_the_published_fit_of_one_kind_within_50_km(cases):
    found = fit_points(
        cases.model(cases.known & (cases.kind == 1), reach_space=50.0, one_kind=True, space=Steps()), level=0.95
    )
    # Against discs of 16 corners: log-likelihood -4926.29, twice the gain 105.76, R .27.
    assert found.contagion.log_likelihood == pytest.approx(-4926.286, abs=1.0)
    assert found.ratio == pytest.approx(105.76, abs=2)
    assert abs(found.R - 0.27) < 0.01


# --- planted ------------------------------------------------------------------------------------------------------------

SIDE, END, TIMES, TILES = 100.0, 1500.0, 50, 10


def model_of(when, xy, density=None, **kernels):
    """A model on a grid of 50 times and 10 x 10 tiles."""
    block = np.minimum((when / END * TIMES).astype(int), TIMES - 1)
    tile = np.minimum((xy / SIDE * TILES).astype(int), TILES - 1)
    tiles = TILES * TILES
    expected = Expected(
        np.ones(TIMES * tiles) if density is None else np.tile(density, TIMES),
        np.full(TIMES * tiles, END / TIMES * (SIDE / TILES) ** 2),
        seasons(np.repeat(np.arange(TIMES) * END / TIMES, tiles), 365.0),
        block * tiles + tile[:, 0] * TILES + tile[:, 1],
    )
    events = Events(when, xy, reach_time=30.0, reach_space=20.0)
    return PointModel(events, expected, END, region=shapely.box(0, 0, SIDE, SIDE), **kernels)


def planted(seed, reproduction, place=None, expected=250.0):
    time, xy, _ = plant(
        np.random.default_rng(seed),
        SIDE,
        END,
        expected,
        reproduction,
        sigma=2.0,
        reach_space=20.0,
        reach_time=30.0,
        place=place,
    )
    return time, xy


@pytest.mark.parametrize("reproduction", [0.0, 0.3, 0.6])
def test_the_interval_covers_what_was_planted(reproduction):
    fits = [fit_points(model_of(*planted(seed, reproduction))) for seed in range(12)]
    assert np.mean([fit.R for fit in fits]) == pytest.approx(reproduction, abs=0.06)
    assert (
        sum(fit.R_low <= reproduction <= fit.R_high for fit in fits) >= 9
    )  # 90 % intervals; fewer in 1 of 40 such tests
    clear = sum(fit.verdict is Verdict.CONTAGION for fit in fits)
    assert clear == 12 if reproduction else clear <= 2


def test_the_width_of_the_kernel_is_found():
    found = fit_points(model_of(*planted(1, 0.4)))
    assert np.exp(found.contagion.coefficients[5]) == pytest.approx(2.0, rel=0.15)
    assert found.share == pytest.approx(0.4, abs=0.08)


def test_a_bad_place_reads_as_contagion_unless_it_is_known_or_times_are_shuffled():
    def hot(points):  # a third of all incidents falls on a hundredth of the area
        return np.where(np.arange(len(points))[:, None] % 3 == 0, points * 0.1 + 0.4, points)

    time, xy = planted(3, 0.0, hot)
    assert fit_points(model_of(time, xy)).verdict is Verdict.CONTAGION  # wrong: there is none
    density = np.full(100, 2 / 3)
    density[44] += 100 / 3
    known = fit_points(model_of(time, xy, density))
    assert known.verdict is Verdict.CANNOT_TELL
    assert known.R_low == 0
    assert permutation(model_of(time, xy), 100, 19, seed=1) > 0.1
    assert permutation(model_of(*planted(3, 0.3, hot)), 100, 19, seed=1) == 0.05


@pytest.mark.parametrize(
    ("space", "time"), [(Gaussian(), Steps()), (PowerLaw(), Exponential()), (Steps((2.0, 5.0)), Steps((10.0,)))]
)
def test_slopes_are_those_of_the_likelihood(space, time):
    model = model_of(*planted(1, 0.3, expected=60), space=space, time=time)
    theta = model.begin(np.array([-9.0, 0.01, 0.1, 0.1])) + 0.05
    _, slope, _ = model.likelihood(theta)
    moves = 1e-6 * np.eye(len(theta))
    expected = [(model.likelihood(theta + m)[0] - model.likelihood(theta - m)[0]) / 2e-6 for m in moves]
    assert slope == pytest.approx(expected, abs=1e-5 * np.abs(slope).max())
    held, rest = model.given(np.log(0.2)), np.delete(theta, model.base)
    _, slope, _ = held(rest)
    moves = 1e-6 * np.eye(len(rest))
    expected = [(held(rest + m)[0] - held(rest - m)[0]) / 2e-6 for m in moves]
    assert slope == pytest.approx(expected, abs=1e-5 * np.abs(slope).max())
    assert model.reproduction(model.place(rest, np.log(0.2)))[0].mean() == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("kernel", "p"),
    [(Gaussian(), [0.3]), (PowerLaw(), [-0.5, 0.4]), (PowerLaw(), [0.2, np.log(2)]), (Steps((1.0, 3.0)), [0.5, -1.0])],
)
def test_wedges_are_integrals_of_the_kernel(kernel, p):
    r = np.array([0.01, 0.5, 1.0, 2.5, 4.0])
    fine = (np.arange(400_000) + 0.5) / 400_000
    for radius, whole_ in zip(r, kernel.wedge(r, np.array(p))[0], strict=True):
        u = fine * radius
        assert whole_ == pytest.approx((u * kernel.value(u, np.array(p))[0]).mean() * radius, rel=1e-6)
    moves = 1e-6 * np.eye(len(p))
    for of in (kernel.value, kernel.wedge):
        for move, slope in zip(moves, of(r, np.array(p))[1], strict=True):
            up, down = of(r, np.array(p) + move)[0], of(r, np.array(p) - move)[0]
            assert slope == pytest.approx((up - down) / 2e-6, abs=1e-8)


def test_the_exponential_delay():
    t = np.array([0.1, 1.0, 7.0])
    fine = (np.arange(100_000) + 0.5) / 100_000
    for end, total in zip(t, Exponential().total(t, np.array([0.7]))[0], strict=True):
        assert total == pytest.approx(Exponential().value(fine * end, np.array([0.7]))[0].mean() * end)


def test_integrals_over_a_border_with_corners_holes_and_islands():
    border = (
        shapely.box(0, 0, 10, 6).difference(shapely.box(4, 2, 5, 3)).union(shapely.Polygon([(11, 0), (14, 1), (11, 5)]))
    )
    xy = np.array([[5.0, 4.0], [0.0, 0.0], [10.0, 3.0], [3.9999, 2.5], [8.7, 1.1], [1e-9, 5.0]])
    reach = np.full(len(xy), 3.0)
    nodes = within(border, xy, reach)
    fine = (np.arange(-300, 300) + 0.5) / 100
    x, y = np.meshgrid(fine, fine)
    r = np.hypot(x, y)
    inside = [shapely.contains_xy(border, x + px, y + py) & (r < 3) for px, py in xy]
    for kernel, p in ((Gaussian(), np.array([-0.7])), (PowerLaw(), np.log([0.2, 1.5])), (Steps(), np.zeros(0))):
        found = nodes.sum(kernel.wedge(nodes.r, p)[0])
        for seen, value in zip(inside, found, strict=True):
            assert value == pytest.approx((kernel.value(r, p)[0] * seen).sum() / 100**2, rel=5e-3)
        far = within(shapely.box(-50, -50, 50, 50), xy, reach)
        assert far.sum(kernel.wedge(far.r, p)[0]) == pytest.approx(
            whole(reach).sum(kernel.wedge(reach, p)[0]), rel=1e-12
        )


def test_pairs_are_those_within_reach_of_each_other():
    rng = np.random.default_rng(5)
    n = 300
    events = Events(
        rng.integers(0, 50, n),
        rng.random((n, 2)) * 30,
        reach_time=rng.random(n) * 9 + 1,
        reach_space=rng.random(n) * 5 + 1,
        kind=rng.integers(0, 2, n),
    )
    triggers = np.array([[True, False], [True, True]])
    found = pairs(events, triggers)
    expected = {
        (i, j)
        for i in range(n)
        for j in range(n)
        if 0 < events.time[j] - events.time[i] <= events.reach_time[i]
        and np.hypot(*(events.xy[j] - events.xy[i])) <= events.reach_space[i]
        and triggers[events.kind[i], events.kind[j]]
    }
    assert set(zip(found.source.tolist(), found.target.tolist(), strict=True)) == expected
    assert len(expected) > 200


def test_what_is_planted_has_parents_within_reach():
    time, xy, parent = plant(
        np.random.default_rng(0), 50.0, 400.0, 3000, 0.5, sigma=2.0, reach_space=5.0, reach_time=20.0
    )
    children = np.flatnonzero(parent >= 0)
    delay = time[children] - time[parent[children]]
    assert (delay > 0).all()
    assert (delay <= 20).all()
    assert (np.hypot(*(xy[children] - xy[parent[children]]).T) <= 5).all()
    assert len(children) / len(time) == pytest.approx(0.46, abs=0.03)  # some fall outside
    with pytest.raises(ValueError, match="never end"):
        plant(np.random.default_rng(0), 1.0, 1.0, 1, 1.0, sigma=1.0, reach_space=1.0, reach_time=1.0)


# --- little or no sense -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, 1, 19])
def test_with_few_events_nothing_is_said(n):
    rng = np.random.default_rng(0)
    found = fit_points(model_of(rng.random(n) * END, rng.random((n, 2)) * SIDE))
    assert found.verdict is Verdict.NOT_ENOUGH
    assert np.isnan([found.R, found.R_low, found.R_high, found.share]).all()


def test_events_that_never_meet_and_events_in_one_place():
    time = np.arange(30) * 50.0
    assert fit_points(model_of(time, np.full((30, 2), 50.0))).verdict is Verdict.NOT_ENOUGH
    found = fit_points(model_of(np.linspace(0, END, 60), np.full((60, 2), 50.0)))
    assert found.R_low <= found.R <= found.R_high


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"time": [np.nan]}, "must be known"),
        ({"xy": [[1.0, 2.0, 3.0]]}, "two coordinates"),
        ({"reach_time": 0.0}, "finite number above 0"),
        ({"reach_space": np.inf}, "finite number above 0"),
        ({"kind": [-1]}, "kinds are"),
    ],
)
def test_events_without_sense_are_refused(change, message):
    given = {"time": [1.0], "xy": [[1.0, 2.0]], "reach_time": 1.0, "reach_space": 1.0} | change
    with pytest.raises(ValueError, match=message):
        Events(given.pop("time"), given.pop("xy"), **given)


def test_expectations_without_sense_are_refused():
    with pytest.raises(ValueError, match="density 0"):
        Expected([0.0, 1.0], [1.0, 1.0], np.ones((2, 1)), [0])
    with pytest.raises(ValueError, match="one of the cells"):
        Expected([1.0], [1.0], np.ones((1, 1)), [1])
    with pytest.raises(ValueError, match="must not be negative"):
        Expected([-1.0], [1.0], np.ones((1, 1)), [])
    with pytest.raises(ValueError, match="one row of the design"):
        Expected([1.0], [1.0], np.ones((2, 1)), [])
    with pytest.raises(ValueError, match="outside the time"):
        model_of(np.array([END + 1]), np.array([[1.0, 1.0]]))
    with pytest.raises(ValueError, match="beyond the reach"):
        model_of(*planted(1, 0.3), space=Steps((25.0,)))
    with pytest.raises(ValueError, match="ascending"):
        Steps((3.0, 2.0))
    with pytest.raises(ValueError, match="between 0 and 1"):
        fit_points(model_of(*planted(1, 0.3)), level=1.0)
