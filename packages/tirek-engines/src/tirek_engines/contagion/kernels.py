"""How the pull of an incident fades with distance and with time.

A kernel is a function of distance or of time since the incident, with its integral and the derivatives of both by the logarithms
of its parameters. Kernels are not scaled to an integral of one but are 1 at nought, as in published fits. All are cut off at a
reach that the model sets.

S. Meyer, L. Held, "Power-law models for infectious disease spread", Annals of Applied Statistics 8 (2014) 1612-1639.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slopes = list[Floats]


class Space(Protocol):
    """A kernel of distance r >= 0: f(r; p), and what a wedge holds of it per radian, F(r; p) = int_0^r u f(u; p) du."""

    def start(self, reach: float) -> Floats:
        """Parameters (logarithms) to begin a fit with, for a reach in the unit of distances."""

    def value(self, r: Floats, p: Floats) -> tuple[Floats, Slopes]:
        """f and its derivative by each parameter."""

    def wedge(self, r: Floats, p: Floats) -> tuple[Floats, Slopes]:
        """F and its derivative by each parameter."""


class Time(Protocol):
    """A kernel of time t > 0 since the incident: g(t; p) and G(t; p) = int_0^t g(u; p) du."""

    def start(self, reach: float) -> Floats:
        """Parameters (logarithms) to begin a fit with, for a reach in the unit of time."""

    def value(self, t: Floats, p: Floats) -> tuple[Floats, Slopes]:
        """g and its derivative by each parameter."""

    def total(self, t: Floats, p: Floats) -> tuple[Floats, Slopes]:
        """G and its derivative by each parameter."""


@dataclass(frozen=True, slots=True)
class Gaussian:
    """f(r) = exp(-r^2 / 2 sigma^2); the parameter is log sigma."""

    def start(self, reach: float) -> Floats:
        return np.array([np.log(reach / 8)])

    def value(self, r: Floats, p: Floats) -> tuple[Floats, Slopes]:
        square = (r / np.exp(p[0])) ** 2
        f = np.exp(-square / 2)
        return f, [f * square]

    def wedge(self, r: Floats, p: Floats) -> tuple[Floats, Slopes]:
        variance = np.exp(2 * p[0])
        x = r**2 / (2 * variance)
        whole = -variance * np.expm1(-x)
        return whole, [2 * whole - r**2 * np.exp(-x)]


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """f(r) = (1 + r / sigma)^-d; the parameters are log sigma and log d. Some write it sigma^-d times as large."""

    def start(self, reach: float) -> Floats:
        return np.array([np.log(reach / 50), np.log(2.0)])

    def value(self, r: Floats, p: Floats) -> tuple[Floats, Slopes]:
        sigma, d = np.exp(p)
        near = np.log1p(r / sigma)
        f = np.exp(-d * near)
        return f, [d * f * r / (r + sigma), -d * near * f]

    def wedge(self, r: Floats, p: Floats) -> tuple[Floats, Slopes]:
        sigma, d = np.exp(p)
        length = np.log1p(r / sigma)
        outer, outer_slope = _power(length, 2 - d)
        inner, inner_slope = _power(length, 1 - d)
        whole = sigma**2 * (outer - inner)
        return whole, [2 * whole - r**2 * np.exp(-d * length), -d * sigma**2 * (outer_slope - inner_slope)]


@dataclass(frozen=True, slots=True)
class Steps:
    """Constant between knots, for distances and for times: 1 before the first knot, then a height for each; log heights.

    Without knots the kernel is constant up to the reach. A distance or time at a knot belongs to what lies beyond it.
    """

    knots: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if any(b <= a for a, b in zip((0.0, *self.knots), self.knots, strict=False)):
            raise ValueError("knots must be more than 0 and in ascending order")

    def start(self, reach: float) -> Floats:
        if self.knots and self.knots[-1] >= reach:
            raise ValueError(f"the last knot, {self.knots[-1]:g}, lies beyond the reach of {reach:g}")
        return np.full(len(self.knots), -1.0)

    def value(self, r: Floats, p: Floats) -> tuple[Floats, Slopes]:
        step = np.searchsorted(np.array(self.knots), r, side="right")
        height = np.exp(np.concatenate([[0.0], p]))[step]
        return height, [np.where(step == k + 1, height, 0.0) for k in range(len(p))]

    def wedge(self, r: Floats, p: Floats) -> tuple[Floats, Slopes]:
        return self._sum(r, p, 2)

    def total(self, t: Floats, p: Floats) -> tuple[Floats, Slopes]:
        return self._sum(t, p, 1)

    def _sum(self, r: Floats, p: Floats, power: int) -> tuple[Floats, Slopes]:
        """Integral from 0 to r of height x u^(power - 1)."""
        ends = (0.0, *self.knots, np.inf)
        parts = [
            height * (np.minimum(r, b) ** power - np.minimum(r, a) ** power) / power
            for height, a, b in zip(np.exp(np.concatenate([[0.0], p])), ends, ends[1:], strict=False)
        ]
        return np.sum(parts, axis=0), parts[1:]


@dataclass(frozen=True, slots=True)
class Exponential:
    """g(t) = exp(-t / m), for times; the parameter is log m, the mean delay where the reach is long."""

    def start(self, reach: float) -> Floats:
        return np.array([np.log(reach / 4)])

    def value(self, t: Floats, p: Floats) -> tuple[Floats, Slopes]:
        x = t / np.exp(p[0])
        g = np.exp(-x)
        return g, [g * x]

    def total(self, t: Floats, p: Floats) -> tuple[Floats, Slopes]:
        mean = np.exp(p[0])
        whole = -mean * np.expm1(-t / mean)
        return whole, [whole - t * np.exp(-t / mean)]


def _power(length: Floats, a: float) -> tuple[Floats, Floats]:
    """(e^(a length) - 1) / a, also where a is nought, and its derivative by a."""
    x = a * length
    small = np.abs(x) < 1e-4
    safe = np.where(small, 1.0, x)
    # phi(x) = (e^x - 1) / x and its derivative; near nought by their series.
    phi = np.where(small, 1 + x / 2 + x**2 / 6, np.expm1(safe) / safe)
    slope = np.where(small, 0.5 + x / 3 + x**2 / 8, (safe * np.exp(safe) - np.expm1(safe)) / safe**2)
    return length * phi, length**2 * slope
