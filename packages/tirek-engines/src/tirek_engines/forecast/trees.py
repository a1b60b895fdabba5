"""A hurdle of boosted trees: no incident or some, and if some, how many in proportion to the level.

One multi-class model decides between none and classes of the ratio of outcome to level, cut where equally many outcomes lie; within
a class the outcomes that were seen in it are the distribution. So tails are what was seen, never what a link function makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import lightgbm
import numpy as np

from tirek_engines.forecast.known import Fitted, Known, Windows
from tirek_engines.forecast.panel import Floats, Ints
from tirek_engines.forecast.predictive import Predictive

_WINDOWS = (1, 3, 6, 12, 24)
_MEMORY = 72  # months of origins that are learnt from
_MOST_ROWS = 60_000
_ANEW = 6  # months after which a walk learns again; in between only what is known of the units is new
_QUIET = 24  # months without incidents after which a unit is quiet: of quiet ones a sample stands for all
_FEWEST_ACTIVE = 60  # outcomes with an incident, below which there is nothing to learn


@dataclass(frozen=True, slots=True)
class Trees:
    """A component.

    Attributes
    ----------
    name : str
    covariates : bool
        Whether the panel's covariates are looked at too.
    classes : int
        Of the ratio.
    rounds, leaves, fewest : int
        Of the boosting: trees for each class, leaves of a tree, rows of a leaf.
    rate : float
    threads : int
    """

    name: str
    covariates: bool = False
    classes: int = 12
    rounds: int = 80
    leaves: int = 4
    fewest: int = 100
    rate: float = 0.06
    threads: int = 1

    def walk(self, known: Known, origins: Sequence[int]) -> Iterator[Fitted]:
        """Learn at the first origin, at the last, and in between twice a year."""
        learnt: _Learnt | None = None
        for origin in origins:
            if learnt is None or origin - learnt.origin >= _ANEW or origin == origins[-1]:
                learnt = self._learn(known, origin)
            yield learnt.at(self._features(known, origin), _level(known.windows, origin))

    def _learn(self, known: Known, origin: int) -> _Learnt:
        """Classes from the outcomes of all earlier origins."""
        x, y, level, weight = self._rows(known, origin)
        some = y > 0
        if some.sum() < _FEWEST_ACTIVE or some.all():
            share = float(np.average(some, weights=weight)) if len(y) else 0.0
            return _Learnt(origin, known.values, known.ahead, None, (np.sort(y[some]),), share)
        ratio = np.log(np.maximum(y, 1.0) / level)
        cuts = np.unique(np.quantile(ratio[some], np.arange(1, self.classes) / self.classes))
        label = np.where(some, 1 + np.searchsorted(cuts, ratio), 0)
        settings = {
            "objective": "multiclass",
            "num_class": len(cuts) + 2,
            "learning_rate": self.rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.fewest,
            "lambda_l2": 5.0,
            "feature_fraction": 0.7,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": self.threads,
            "seed": known.seed,
            "verbose": -1,
        }
        booster = lightgbm.train(settings, lightgbm.Dataset(x, label, weight=weight), self.rounds)
        inside = tuple(np.sort(ratio[some & (label == k)]) for k in range(1, len(cuts) + 2))
        return _Learnt(origin, known.values, known.ahead, booster, inside)

    def _features(self, known: Known, origin: int) -> Floats:
        """What is known of each unit at an origin, shape (units, f)."""
        panel, windows = known.panel, known.windows
        parts = [np.log(windows.mean(origin, k) + 0.1) for k in _WINDOWS]
        parts += [windows.active(origin, k) for k in (3, 12, 36)]
        past = known.counts[max(origin - 60, 0) : origin]
        happened = past[::-1] > 0
        parts.append(np.where(happened.any(axis=0), happened.argmax(axis=0), len(past) + 12).astype(np.float64))
        year = np.nan_to_num(past[-12:])
        parts += [np.log(year.max(axis=0) + 0.1), np.log(year + 0.5).std(axis=0)]
        last = windows.mean(origin, 12)
        if panel.groups is not None:
            size = np.bincount(panel.groups)
            parts.append(np.log((np.bincount(panel.groups, last) / size)[panel.groups] + 0.01))
        if panel.neighbours is not None:
            parts.append(np.log(panel.neighbour_mean(last) + 0.01))
        if self.covariates and panel.covariates is not None:
            parts += list(panel.covariates[origin - 1].T)
        return np.stack(parts, axis=1)

    def _rows(self, known: Known, now: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Features with the horizon, outcomes, levels and weights of the rows that are learnt from."""
        counts, ahead, windows = known.counts[:now], known.ahead, known.windows
        rng = np.random.default_rng(known.seed)
        first = max(min(12, now - int(ahead[0])), now - int(ahead[-1]) - _MEMORY, 1)
        origins = [o for o in range(first, now) if o - 1 + ahead[0] < now]
        lively = [np.flatnonzero(windows.active(o, _QUIET) > 0) for o in origins]
        possible = sum(len(u) for u in lively) * len(ahead)
        quiet = counts.shape[1] * len(origins) * len(ahead) - possible
        keep_lively = min(1.0, 0.7 * _MOST_ROWS / max(possible, 1))
        keep_quiet = min(1.0, (_MOST_ROWS - keep_lively * possible) / max(quiet, 1))
        xs: list[Floats] = []
        ys: list[Floats] = []
        levels: list[Floats] = []
        weights: list[Floats] = []
        for origin, alive in zip(origins, lively, strict=True):
            features, level = self._features(known, origin), _level(windows, origin)
            share = np.full(counts.shape[1], keep_quiet)
            share[alive] = keep_lively
            for target in origin - 1 + ahead:
                if target >= len(counts):
                    break
                use = np.flatnonzero(np.isfinite(counts[target]) & (rng.random(len(share)) < share))
                xs.append(np.column_stack((features[use], np.full(len(use), target - origin + 1.0))))
                ys.append(counts[target, use])
                levels.append(level[use])
                weights.append(1.0 / share[use])
        if not xs:
            return np.zeros((0, 1)), np.zeros(0), np.zeros(0), np.zeros(0)
        return np.concatenate(xs), np.concatenate(ys), np.concatenate(levels), np.concatenate(weights)


def _level(windows: Windows, origin: int) -> Floats:
    """What outcomes are compared with: half the mean of a year, half that of four months, at least 1."""
    return np.maximum(0.5 * windows.mean(origin, 12) + 0.5 * windows.mean(origin, 4), 1.0)


@dataclass(frozen=True, slots=True)
class _Learnt:
    """A model and the origin at which it was learnt; without a booster, how often anything happened and what."""

    origin: int
    values: Ints
    ahead: Ints
    booster: lightgbm.Booster | None
    inside: tuple[Floats, ...]
    share: float = 0.0

    def at(self, features: Floats, level: Floats) -> Fitted:
        """The model, with what is known of the units at this or a later origin."""
        if self.booster is None:
            return _Rare(self.values, self.share, self.inside[0], len(level))
        return _Trees(self.values, self.ahead, self.booster, self.inside, features, level)


@dataclass(frozen=True, slots=True)
class _Trees:
    values: Ints
    ahead: Ints
    booster: lightgbm.Booster
    inside: tuple[Floats, ...]
    now: Floats
    level: Floats

    def predict(self, units: Ints) -> Predictive:
        """Chances of the classes, and the outcomes that were seen in each."""
        # many quiet units look the same: each kind is asked once
        kinds, which = np.unique(np.column_stack((self.now[units], self.level[units])), axis=0, return_inverse=True)
        ends = np.log((self.values + 0.5) / kinds[:, -1:])
        shares = np.stack([np.searchsorted(ratios, ends, side="right") / len(ratios) for ratios in self.inside])
        shares[:, :, 0] = 0.0  # what is counted in a class is 1 or more
        rows = np.repeat(kinds[:, :-1], len(self.ahead), axis=0)
        steps = np.tile(self.ahead.astype(np.float64), len(kinds))
        chance = np.asarray(self.booster.predict(np.column_stack((rows, steps)))).reshape(
            len(kinds), len(self.ahead), -1
        )
        cdf = chance[:, :, :1] + np.einsum("nhk,kng->nhg", chance[:, :, 1:], shares)
        cdf[:, :, -1] = 1.0
        return Predictive(self.values, np.minimum(cdf, 1.0).transpose(1, 0, 2)[:, which.ravel()])


@dataclass(frozen=True, slots=True)
class _Rare:
    """Where hardly anything ever happened: the share of months with an incident, and what was seen then."""

    values: Ints
    share: float
    seen: Floats
    units: int

    def predict(self, units: Ints) -> Predictive:
        inside = np.searchsorted(self.seen, self.values, side="right") / max(len(self.seen), 1)
        cdf = 1.0 - self.share + self.share * inside
        cdf[-1] = 1.0
        return Predictive(self.values, np.broadcast_to(cdf, (1, len(units), len(cdf))))
