"""The self-exciting point process: fitted with contagion and without, side by side.

lambda(t, s) = density(t, s) exp(beta' z(t, s)) + sum over earlier incidents i within reach of exp(gamma0 + gamma' m_i) g(t - t_i)
f(|s - s_i|)

S. Meyer, J. Elias, M. Hoehle, "A space-time conditional intensity model for invasive meningococcal disease occurrence", Biometrics
68 (2012) 607-616. The reproduction number R is the number of further incidents that one incident sets off by itself, on average.
It is never given without its interval and without the same model that has no contagion: what is left out of the first sum, a place
that is worse than its neighbours or a bad year, reads as contagion in the second.
"""

from __future__ import annotations

from copy import copy

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from tirek_engines.contagion.kernels import Gaussian, Space, Steps, Time
from tirek_engines.contagion.maximise import Likelihood
from tirek_engines.contagion.points import Events, Expected, pairs
from tirek_engines.contagion.region import Wedges, whole, within

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RUN = 6.0  # how far the logarithm of a kernel's parameter may run from its beginning: 400 times more or less


class PointModel:
    """The likelihood of a point process with and without contagion.

    Parameters
    ----------
    events : Events
    expected : Expected
        What is expected without contagion.
    end : float
        End of the observation; it begins at 0.
    region : shapely polygon or multipolygon, optional
        The part of the plane that is observed, in the unit of the events' places; without it nothing is cut off.
    space, time : kernels
        `Gaussian()`, `PowerLaw()` or `Steps(knots)`; `Steps(knots)` or `Exponential()`.
    triggers : array of bool, shape (kinds, kinds), optional
        Whether a kind (row) can set off a kind (column); without it each kind sets off each kind.

    Raises
    ------
    ValueError
        If events lie outside the time observed or `triggers` does not fit the kinds.
    """

    def __init__(
        self,
        events: Events,
        expected: Expected,
        end: float,
        *,
        region: shapely.Polygon | shapely.MultiPolygon | None = None,
        space: Space | None = None,
        time: Time | None = None,
        triggers: ArrayLike | None = None,
    ) -> None:
        self.events, self.expected, self.end = events, expected, float(end)
        self.space: Space = Gaussian() if space is None else space
        self.time: Time = Steps() if time is None else time
        if len(events) != len(expected.cell):
            raise ValueError("the expected rate must know the cell of each event")
        if len(events) and not 0 <= events.time.min() <= events.time.max() <= self.end:
            raise ValueError("events lie outside the time that is observed")
        self.kinds = int(events.kind.max(initial=0)) + 1 if triggers is None else len(np.asarray(triggers))
        self.triggers: Bools = (
            np.ones((self.kinds, self.kinds), bool) if triggers is None else np.asarray(triggers, bool)
        )
        if self.triggers.shape != (self.kinds, self.kinds) or events.kind.max(initial=0) >= self.kinds:
            raise ValueError("triggers must be a table of kinds by kinds that knows the kind of each event")
        self.pairs = pairs(events, self.triggers)
        self.open = whole(events.reach_space)
        self.cut: Wedges = self.open if region is None else within(region, events.xy, events.reach_space)
        # A source counts once for each kind that it can set off.
        self.fan: Floats = self.triggers.sum(axis=1).astype(np.float64)[events.kind]
        self.left: Floats = np.minimum(self.end - events.time, events.reach_time)
        # Coefficients: design, gamma0, gamma of the marks, kernel of space, kernel of time.
        reach = float(np.median(events.reach_space)) if len(events) else 1.0
        long = float(np.median(events.reach_time)) if len(events) else 1.0
        self.start_space, self.start_time = self.space.start(reach), self.time.start(long)
        p, k = expected.design.shape[1], events.marks.shape[1]
        self.base = p
        self.places = np.cumsum([p, 1, k, len(self.start_space), len(self.start_time)])

    # --- the parts ------------------------------------------------------------------------------------------------------

    def endemic(self, beta: Floats) -> tuple[Floats, Floats, float, Floats]:
        """Rate at the events and its logarithm's derivatives, the integral of the rate and its derivatives."""
        e = self.expected
        rate = e.density * np.exp(np.clip(e.design @ beta, -700, 700))
        mass = self.kinds * rate * e.volume
        return rate[e.cell], e.design[e.cell], float(mass.sum()), mass @ e.design

    def pull(self, theta: Floats) -> tuple[Floats, list[Floats], Floats, list[Floats]]:
        """Rate at the events that earlier ones cause, its derivatives; how many each event causes, its derivatives.

        Derivatives are by gamma0, gamma, the parameters of space and those of time.
        """
        _, gamma, marks, _, _ = self.places
        events, found = self.events, self.pairs
        weight = np.exp(np.clip(theta[self.base] + events.marks @ theta[gamma:marks], -300, 300))
        of_space, of_time = self.kernels(theta)
        f, f_slopes = self.space.value(found.distance, of_space)
        g, g_slopes = self.time.value(found.delay, of_time)
        at_pair = weight[found.source]
        n = len(events)

        def gather(values: Floats) -> Floats:
            return np.bincount(found.target, values, n).astype(np.float64)

        both = at_pair * f * g
        rate = gather(both)
        slopes = [rate, *(gather(both * column[found.source]) for column in events.marks.T)]
        slopes += [gather(at_pair * g * slope) for slope in f_slopes] + [
            gather(at_pair * f * slope) for slope in g_slopes
        ]
        caused, caused_slopes = self._caused(theta, self.cut, self.left)
        return rate, slopes, caused, caused_slopes

    def _caused(self, theta: Floats, wedges: Wedges, lasting: Floats) -> tuple[Floats, list[Floats]]:
        """How many each event causes in some part of space (by its wedges) and some time, and its derivatives."""
        _, gamma, marks, _, _ = self.places
        events = self.events
        weight = self.fan * np.exp(np.clip(theta[self.base] + events.marks @ theta[gamma:marks], -300, 300))
        of_space, of_time = self.kernels(theta)
        wedge, wedge_slopes = self.space.wedge(wedges.r, of_space)
        total, total_slopes = self.time.total(lasting, of_time)
        area = wedges.sum(wedge)
        caused = weight * total * area
        slopes = [caused, *(caused * column for column in events.marks.T)]
        slopes += [weight * total * wedges.sum(slope) for slope in wedge_slopes]
        slopes += [weight * area * slope for slope in total_slopes]
        return caused, slopes

    def kernels(self, theta: Floats) -> tuple[Floats, Floats]:
        """Parameters of space and time, held where a kernel is as good as flat or as a spike."""
        _, _, marks, space, _ = self.places
        return (
            np.clip(theta[marks:space], self.start_space - RUN, self.start_space + RUN),
            np.clip(theta[space:], self.start_time - RUN, self.start_time + RUN),
        )

    def reproduction(self, theta: Floats) -> tuple[Floats, list[Floats]]:
        """How many each event causes where nothing is cut off but by the reach, and its derivatives."""
        return self._caused(theta, self.open, self.events.reach_time)

    # --- likelihoods ----------------------------------------------------------------------------------------------------

    def likelihood_without(self, beta: Floats) -> tuple[float, Floats, Floats]:
        """Log-likelihood of the model without contagion, its slope and its information (both of the Poisson process)."""
        e = self.expected
        rate, columns, mass, by_beta = self.endemic(beta)
        weighted = self.kinds * e.density * np.exp(np.clip(e.design @ beta, -700, 700)) * e.volume
        information = (e.design * weighted[:, None]).T @ e.design
        return float(np.log(rate).sum() - mass), columns.sum(axis=0) - by_beta, information

    def likelihood(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log-likelihood of the model with contagion, its slope, and its information by the sum of squared scores of the events.

        The sum over events of (d lambda / lambda)(d lambda / lambda)' estimates the expected information of a point process
        without bias (S. L. Rathbun, "Asymptotic properties of the maximum likelihood estimator for spatio-temporal point
        processes", J. Statistical Planning and Inference 51 (1996) 55-74).
        """
        endemic, columns, mass, by_beta = self.endemic(theta[: self.base])
        rate, slopes, caused, caused_slopes = self.pull(theta)
        total = endemic + rate
        score = np.column_stack([columns * endemic[:, None], *slopes]) / total[:, None]
        slope = score.sum(axis=0)
        slope[: self.base] -= by_beta
        slope[self.base :] -= [part.sum() for part in caused_slopes]
        with np.errstate(divide="ignore"):
            value = float(np.log(total).sum() - mass - caused.sum())
        # At its end a kernel can only go back.
        start = np.concatenate([self.start_space, self.start_time])
        run = theta[self.places[2] :] - start
        ends = slope[self.places[2] :]
        slope[self.places[2] :] = np.where(
            run >= RUN, np.minimum(ends, 0), np.where(run <= -RUN, np.maximum(ends, 0), ends)
        )
        return value, slope, score.T @ score

    def begin(self, beta: Floats, reproduction: float = 0.2) -> Floats:
        """Parameters to begin with, such that R is `reproduction`."""
        theta = np.concatenate([beta, [0.0], np.zeros(self.events.marks.shape[1]), self.start_space, self.start_time])
        theta[self.base] = np.log(reproduction) - np.log(self.reproduction(theta)[0].mean())
        return theta

    def given(self, log_r: float) -> Likelihood:
        """The likelihood over all parameters but gamma0, which is set so that the mean of R is exp(log_r)."""
        at = self.base

        def likelihood(rest: Floats) -> tuple[float, Floats, Floats]:
            theta = self.place(rest, log_r)
            value, slope, information = self.likelihood(theta)
            each, slopes = self.reproduction(theta)
            # gamma0 = log R - log mean(rest): where a parameter moves, gamma0 moves against it.
            turn = np.zeros((len(theta), len(rest)))
            turn[np.delete(np.arange(len(theta)), at), np.arange(len(rest))] = 1.0
            turn[at, at:] = [-part.sum() / each.sum() for part in slopes[1:]]
            return value, turn.T @ slope, turn.T @ information @ turn

        return likelihood

    def shuffled(self, time: Floats, cell: Ints) -> PointModel:
        """The same model with other times of its events; places, marks and what hangs on them are kept."""
        old, e = self.events, self.expected
        events = Events(
            time, old.xy, reach_time=old.reach_time, reach_space=old.reach_space, marks=old.marks, kind=old.kind
        )
        new = copy(self)
        new.events, new.expected = events, Expected(e.density, e.volume, e.design, cell)
        new.pairs = pairs(events, self.triggers)
        new.left = np.minimum(self.end - time, old.reach_time)
        return new

    def place(self, rest: Floats, log_r: float) -> Floats:
        """All parameters, from those but gamma0 and the logarithm of R."""
        theta = np.insert(rest, self.base, 0.0)
        theta[self.base] = log_r - np.log(self.reproduction(theta)[0].mean())
        return theta
