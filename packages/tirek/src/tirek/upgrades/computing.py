"""A plan is computed: packages for every facility, the best of them for the money, and what other money or weights would do."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.places.models import Area
from tirek.upgrades import basis as source
from tirek.upgrades import packages
from tirek.upgrades.basis import Basis, Offer
from tirek.upgrades.consequence import tiers_of
from tirek.upgrades.models import PlanLine, UpgradePlan
from tirek.upgrades.quantities import TIYN, tenge, tiyn
from tirek_engines.budget import (
    Frontier,
    Outcome,
    Plan,
    Problem,
    Progress,
    frontier,
    largest_budget,
    least_budget,
    optimise,
    random_weights,
    sensitivity,
)
from tirek_engines.score import Status, gaps

GAP = 1e-4  # 0.01 %: asked of the optimum
TIME_LIMIT_S = 60.0
AROUND_GAP = 1e-3  # 0.1 %: of the plans around it, for other budgets and other weights
FRONTIER_STEPS = 20
FRONTIER_S = 60.0
SAMPLES = 40
SENSITIVITY_S = 60.0
# How far weights are shaken: parameters of the Dirichlet distribution are the weights over this (`random_weights`).
SPREAD = 0.2
NEAR = 30
Watch = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One package at one facility, valued as a whole."""

    facility: int  # its number among the facilities
    kind: str
    offers: tuple[Offer, ...]
    cost: int  # tiyn
    closed: float  # points of gap closed, percent
    gap_after: float
    unmet_after: int
    fulfils: bool


@dataclass
class Work:
    """All that a plan chooses among."""

    basis: Basis
    tiers: list[int]
    weights: list[float]
    gap_before: list[float]
    unmet_before: list[int]
    must: list[bool]
    unreachable: int
    districts: list[int]
    district_of: list[int]
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def gains(self) -> NDArray[np.float64]:
        return np.array([c.closed * self.weights[self.tiers[c.facility] - 1] for c in self.candidates])

    @property
    def by_tier(self) -> NDArray[np.float64]:
        """Points closed by each package, in the column of its facility's tier: weights times this are the gains."""
        found = np.zeros((len(self.candidates), 4))
        for n, candidate in enumerate(self.candidates):
            found[n, self.tiers[candidate.facility] - 1] = candidate.closed
        return found


def facilities_of(plan: UpgradePlan) -> list[int]:
    """The facilities on the register in the plan's area."""
    rows = Facility.objects.filter(state=Facility.State.LISTED, area__path__startswith=plan.area.path)
    return list(rows.order_by("code").values_list("pk", flat=True))


def prepare(plan: UpgradePlan, watch: Watch = lambda _done, _note: None) -> Work:
    """Read what is known and make packages for every facility of the plan. `watch(done, note)` hears how far it is."""
    ids = facilities_of(plan)
    basis = source.read(ids)
    if basis.standard is None:
        raise Refused(_("No standard is in force, so nothing is known to be missing. Put one in force first."))
    if not basis.measures:
        raise Refused(_("The catalogue of measures is empty. Add measures with their prices first."))
    standard = basis.standard
    factors = np.ones(len(standard)) if plan.scenario is None else source.frame_of(plan.scenario, standard).factors
    before = gaps(standard, basis.codes, None if plan.scenario is None else source.frame_of(plan.scenario, standard))
    tiers = tiers_of(basis.ids)
    districts, district_of = _districts(plan, basis.ids)
    hard = [set(np.flatnonzero(row).tolist()) for row in (basis.codes == Status.UNMET) & standard.mandatory]
    work = Work(
        basis,
        [tiers[pk] for pk in basis.ids],
        [float(weight) for weight in plan.tier_weights],
        [0.0 if np.isnan(low) else float(low) for low in before.low],
        [len(flags) for flags in hard],
        [False] * len(basis.ids),
        0,
        districts,
        district_of,
    )
    found: list[tuple[int, list[Offer], list[packages.Step], int]] = []
    for row in range(len(basis.ids)):
        if row % 50 == 0:
            watch(row, _("Making packages"))
        unmet = basis.mask(np.flatnonzero(basis.codes[row] == Status.UNMET).tolist())
        if not unmet:
            continue
        offered = source.offers(basis, row)
        options = source.as_options(offered, unmet)
        able = packages.reachable(options)
        mandatory = basis.mask(hard[row])
        work.unreachable += (mandatory & ~able).bit_count()
        mandatory &= able
        points = source.places(basis, row, factors)
        steps = packages.steps(unmet, mandatory, points, options, start=True)
        if mandatory and not plan.mandatory_first:
            steps = _merged(steps, packages.steps(unmet, mandatory, points, options, start=False))
        work.must[row] = bool(mandatory) and plan.mandatory_first
        found.append((row, offered, steps, mandatory))
    _value(work, found, plan)
    return work


def _merged(one: list[packages.Step], other: list[packages.Step]) -> list[packages.Step]:
    known = {step.chosen for step in one}
    return one + [step for step in other if step.chosen not in known]


def _value(work: Work, found: Sequence[tuple[int, list[Offer], list[packages.Step], int]], plan: UpgradePlan) -> None:
    """Count each step whole, by the engine, in one go; then keep the few that are offered."""
    basis, standard = work.basis, work.basis.standard
    assert standard is not None
    scenario = None if plan.scenario is None else source.frame_of(plan.scenario, standard)
    rows = []
    for row, offered, steps, _mandatory in found:
        for step in steps:
            after = basis.codes[row].copy()
            for n in step.chosen:
                after[list(offered[n].meets)] = Status.MET
            rows.append(after)
    if not rows:
        return
    all_after = gaps(standard, np.stack(rows), scenario)
    hard_after = ((np.stack(rows) == Status.UNMET) & standard.mandatory).sum(axis=1)
    at = 0
    for row, offered, steps, mandatory in found:
        low = np.nan_to_num(all_after.low[at : at + len(steps)])
        flags = hard_after[at : at + len(steps)]
        at += len(steps)
        closed = [max(0.0, 100 * (work.gap_before[row] - float(value))) for value in low]
        for kind, n in packages.choose(steps, closed, mandatory).items():
            step = steps[n]
            work.candidates.append(
                Candidate(
                    row,
                    kind,
                    tuple(offered[m] for m in step.chosen),
                    step.cost,
                    closed[n],
                    float(low[n]),
                    int(flags[n]),
                    not mandatory & ~step.meets,
                )
            )


def _districts(plan: UpgradePlan, ids: Sequence[int]) -> tuple[list[int], list[int]]:
    """The areas right below the plan's, and in which of them (by its number) each facility lies."""
    paths = dict(Facility.objects.filter(pk__in=ids).order_by().values_list("pk", "area__path"))
    found: dict[int, int] = {}
    numbers = []
    for pk in ids:
        below = paths[pk].removeprefix(plan.area.path).split("/")[0]
        numbers.append(found.setdefault(int(below or plan.area_id), len(found)))
    return list(found), numbers


def problem_of(work: Work, plan: UpgradePlan) -> Problem:
    """The choice as the engine takes it. Raises Refused where money adds up to more than can be counted exactly."""
    of = np.array([c.facility for c in work.candidates], dtype=np.int64)
    must = np.array(work.must, dtype=np.bool_)
    fulfils = np.array([c.fulfils for c in work.candidates], dtype=np.bool_)
    banned: list[int] = []
    place = {pk: n for n, pk in enumerate(work.basis.ids)}
    for key, choice in plan.choices.items():
        n = place.get(int(key))
        if n is None or not (of == n).any():
            continue
        if choice == "out":
            must[n] = False
            banned += np.flatnonzero(of == n).tolist()
        elif not must[n]:
            must[n] = True
            fulfils[of == n] = True
    allowed = np.setdiff1d(of, of[banned]) if banned else np.unique(of)
    area = np.array(work.district_of, dtype=np.int64)
    there = (
        np.bincount(area[allowed], minlength=len(work.districts))
        if len(allowed)
        else np.zeros(len(work.districts), int)
    )
    try:
        return Problem(
            of,
            [c.cost for c in work.candidates],
            work.gains,
            facilities=len(work.basis.ids),
            must=must,
            fulfils=fulfils,
            priority=[100.0 * tier + flags for tier, flags in zip(work.tiers, work.unmet_before, strict=True)],
            area=area,
            min_count=np.minimum(plan.least_per_district, there),
            banned=banned,
        )
    except ValueError as error:
        if "2^53" not in str(error):
            raise
        raise Refused(
            _("The packages together cost more than 90 trillion tenge. Look at the prices in the catalogue.")
        ) from None


@dataclass(frozen=True, slots=True)
class Computed:
    """What is written down of a computed plan."""

    lines: list[PlanLine]
    result: dict[str, Any]


def compute(
    plan: UpgradePlan,
    watch: Watch = lambda _done, _note: None,
    check: Callable[[], None] = lambda: None,
    *,
    steps: int = FRONTIER_STEPS,
    samples: int = SAMPLES,
) -> Computed:
    """Compute a plan; nothing is stored. `watch(percent, note)` hears how far it is, `check()` may raise to stop it.

    `steps`: other budgets that are tried; `samples`: other weights.
    """
    started = time.monotonic()

    def making(row: int, note: str) -> None:
        watch(2 + row * 38 // max(len(ids), 1), note)

    ids = facilities_of(plan)
    if not ids:
        raise Refused(_("No facility on the register lies in this area."))
    watch(1, _("Reading where facilities stand"))
    work = prepare(plan, making)
    problem = problem_of(work, plan)
    budget = tiyn(plan.budget)
    told = _Watcher(check)
    watch(40, _("Looking for the best plan"))
    best = optimise(problem, budget, gap=GAP, time_limit=TIME_LIMIT_S, watcher=told)
    watch(55, _("Trying other budgets"))
    budgets = _budgets(problem, budget, steps)
    curve = frontier(problem, budgets, gap=AROUND_GAP, time_limit=FRONTIER_S, watcher=told)
    check()
    watch(75, _("Trying other weights"))
    stays = np.full(problem.facilities, np.nan)
    tries = 0
    if len(work.candidates) and best.chosen.size:
        # Means of other weights are the plan's own: gains keep their scale, only proportions are shaken.
        shaken = random_weights(work.weights, samples, spread=SPREAD) * sum(work.weights) @ work.by_tier.T
        tried = sensitivity(problem, budget, shaken, gap=AROUND_GAP, time_limit=SENSITIVITY_S, watcher=told)
        stays, tries = tried.facility, len(tried.plans)
    check()
    watch(95, _("Writing"))
    result = _result(work, plan, best, budget) | {
        "frontier": _curve(curve, best, budget),
        "samples": tries,
        "near": _near(work, best, stays) if tries else [],
        "core": int(sum(stays[row] >= 1 for row in _chosen(best))) if tries else 0,
        "whole_seconds": round(time.monotonic() - started, 3),
    }
    return Computed(_lines(work, plan, best, stays), result)


def _curve(curve: Frontier, best: Plan, budget: int) -> list[dict[str, Any]]:
    """The points of the curve; the plan itself stands on it, and more money never gains less: it could buy the same."""
    rows: list[dict[str, Any]] = []
    last = int(curve.budget[-1]) if len(curve.budget) else 0
    for one in curve.plans:
        plan = best if one.budget == min(budget, last) and best.outcome is not Outcome.INFEASIBLE else one
        if plan.outcome is Outcome.INFEASIBLE:
            continue
        row = {"budget": one.budget, "cost": plan.cost, "gain": plan.gain}
        if rows and row["gain"] < rows[-1]["gain"]:
            row |= {"cost": rows[-1]["cost"], "gain": rows[-1]["gain"]}
        rows.append(row)
    return rows


class _Watcher:
    """Asks now and then whether to stop. The engine raises what it raises."""

    def __init__(self, check: Callable[[], None]) -> None:
        self.check = check
        self.asked = time.monotonic()

    def __call__(self, progress: Progress) -> bool:
        if time.monotonic() - self.asked > 0.5:
            self.asked = time.monotonic()
            self.check()
        return False


def _budgets(problem: Problem, budget: int, steps: int) -> list[int]:
    """From the least that keeps all demands to what buys everything that gains, and the plan's own."""
    first = least_budget(problem) or 0
    last = max(largest_budget(problem), first)
    even = np.linspace(first, last, steps).round().astype(np.int64).tolist()
    return sorted({*even, min(max(budget, first), last)})


def _chosen(best: Plan) -> list[int]:
    return np.flatnonzero(best.package >= 0).tolist()


def _near(work: Work, best: Plan, stays: NDArray[np.float64]) -> list[list[float]]:
    """Facilities outside the plan that other weights would take in: [id, share], the likeliest first."""
    outside = [row for row in np.flatnonzero(best.package < 0).tolist() if stays[row] > 0]
    outside.sort(key=lambda row: (-stays[row], row))
    return [[work.basis.ids[row], round(float(stays[row]), 4)] for row in outside[:NEAR]]


def _result(work: Work, plan: UpgradePlan, best: Plan, budget: int) -> dict[str, Any]:
    def number(value: float) -> float | None:
        return None if math.isnan(value) or math.isinf(value) else float(value)

    return {
        "outcome": best.outcome.value,
        "budget": budget,
        "cost": best.cost,
        "gain": best.gain,
        "bound": number(best.bound),
        "gap": number(best.gap),
        "per_million": number(best.shadow_price * 1e6 * TIYN),
        "missing": best.missing,
        "unmet": [work.basis.ids[row] for row in best.unmet.tolist()],
        "short": [[work.districts[n], int(count)] for n, count in enumerate(best.short_count.tolist()) if count],
        "seconds": round(best.seconds, 3),
        "facilities": len(work.basis.ids),
        "needing": len({c.facility for c in work.candidates}),
        "packages": len(work.candidates),
        "unreachable": work.unreachable,
        "requirements": len(work.basis.requirements),
        "tiers": {str(tier): sum(1 for one in work.tiers if one == tier) for tier in (1, 2, 3, 4)},
        "choices": dict(plan.choices),
    }


def _lines(work: Work, plan: UpgradePlan, best: Plan, stays: NDArray[np.float64]) -> list[PlanLine]:
    lines = []
    for n in best.chosen.tolist():
        one = work.candidates[n]
        row = one.facility
        pk = work.basis.ids[row]
        lines.append(
            PlanLine(
                plan=plan,
                facility_id=pk,
                package=one.kind,
                tier=work.tiers[row],
                measures=source.as_lines(one.offers, work.basis),
                cost=tenge(one.cost),
                gain=one.closed * work.weights[work.tiers[row] - 1],
                gap_before=work.gap_before[row],
                gap_after=one.gap_after,
                unmet_before=work.unmet_before[row],
                unmet_after=one.unmet_after,
                mandatory=one.unmet_after < work.unmet_before[row],
                stays=None if np.isnan(stays[row]) else float(stays[row]),
                choice=plan.choices.get(str(pk), ""),
            )
        )
    return lines


def district_names(ids: Sequence[int]) -> dict[int, str]:
    """Names of areas, for sentences."""
    return {area.pk: area.name for area in Area.objects.filter(pk__in=ids).defer("boundary")}
