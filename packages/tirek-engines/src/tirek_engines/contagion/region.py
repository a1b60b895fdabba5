"""Integrals of kernels around points over the part of the plane that is observed.

An integral over a polygon of a function of distance from a point is an integral along the polygon's edge: with F(r) = int_0^r u
f(u) du it is the sum over edges of int F(r(theta)) d theta, seen from the point (Green's theorem; S. Meyer, M. Hoehle, L. Held, "A
space-time conditional intensity model for invasive meningococcal disease occurrence", Biometrics 68 (2012) 607-616, supplement).
Where the kernel is cut off at a reach, F is constant beyond it, so that only edges nearer than the reach need to be looked at, and
the nodes of the quadrature do not depend on the kernel's parameters: they are laid once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tirek_engines.jit import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RINGS = 10  # edges are cut where they cross circles of reach, reach / 2, reach / 4, ...
# Gauss-Legendre nodes for pieces of edge: 2, 3 or 6 of them, more where the piece is long for its distance. The error is below
# 1e-6 of the integral, which a test holds against a fine grid.
RULES = tuple(np.polynomial.legendre.leggauss(n) for n in (2, 3, 6))
SIZES = np.array([2, 3, 6])
NODES = np.array([np.pad(x, (0, 6 - len(x))) for x, _ in RULES])
WEIGHTS = np.array([np.pad(w, (0, 6 - len(w))) for _, w in RULES])


@dataclass(frozen=True, slots=True)
class Wedges:
    """Nodes around n points: the integral of f around point i is the sum of weight x F(r) over nodes with `point` i.

    Attributes
    ----------
    point : array of int, shape (nodes,)
    r : array of float, shape (nodes,)
        Distance, at most the reach.
    weight : array of float, shape (nodes,)
        Radians.
    count : int
        Number of points.
    """

    point: Ints
    r: Floats
    weight: Floats
    count: int

    def sum(self, wedge: Floats) -> Floats:
        """Integrals around the points, shape (count,), of what has the wedges F(r) at the nodes."""
        return np.bincount(self.point, self.weight * wedge, self.count).astype(np.float64)


def whole(reach: Floats) -> Wedges:
    """Nodes for discs of `reach` around points, shape (n,), with nothing cut off."""
    n = len(reach)
    return Wedges(np.arange(n), reach.astype(np.float64), np.full(n, 2 * np.pi), n)


def within(region: shapely.Polygon | shapely.MultiPolygon, xy: Floats, reach: Floats) -> Wedges:
    """Nodes for the parts of discs around points that lie in a region.

    Parameters
    ----------
    region : shapely polygon or multipolygon
        In a plane, in the unit of `xy`.
    xy : array of float, shape (n, 2)
    reach : array of float, shape (n,)
        Radius of the disc around each point, more than 0.

    Returns
    -------
    Wedges
    """
    starts, ends = _edges(region)
    counts = _count(starts, ends, xy, reach, SIZES)
    point = np.repeat(np.arange(len(xy)), counts)
    r, weight = np.empty(len(point)), np.empty(len(point))
    _fill(starts, ends, xy, reach, SIZES, NODES, WEIGHTS, np.concatenate([[0], np.cumsum(counts)]), r, weight)
    return Wedges(point, r, weight, len(xy))


def _edges(region: shapely.Polygon | shapely.MultiPolygon) -> tuple[Floats, Floats]:
    """Starts and ends of all edges, outer rings counter-clockwise and holes clockwise."""
    starts, ends = [], []
    for polygon in shapely.get_parts(shapely.force_2d(region)):
        oriented = shapely.geometry.polygon.orient(polygon)
        for ring in (oriented.exterior, *oriented.interiors):
            corners = np.asarray(ring.coords, dtype=np.float64)
            starts.append(corners[:-1])
            ends.append(corners[1:])
    return np.concatenate(starts), np.concatenate(ends)


@compiled
def _crossings(ax: float, ay: float, bx: float, by: float, reach: float, cuts: Floats) -> int:
    """Where an edge, seen from the origin, enters and leaves the rings: ascending lengths along it, into `cuts`; their number."""
    length = np.hypot(bx - ax, by - ay)
    if length == 0.0:
        return 0
    ux, uy = (bx - ax) / length, (by - ay) / length
    foot = -(ax * ux + ay * uy)
    square = max((ax + foot * ux) ** 2 + (ay + foot * uy) ** 2, 0.0)
    cuts[0] = 0.0
    n = 1
    if square < reach**2:
        radius = reach
        for _ in range(RINGS):
            if radius**2 > square:
                half = np.sqrt(radius**2 - square)
                for cut in (foot - half, foot + half):
                    if 0.0 < cut < length:
                        cuts[n] = cut
                        n += 1
            radius /= 2
        if 0.0 < foot < length:
            cuts[n] = foot
            n += 1
    cuts[n] = length
    n += 1
    cuts[:n].sort()
    return n


@compiled
def _rule(length: float, away: float) -> int:
    """Which rule a piece of edge gets, by its length and the distance of its middle."""
    if length < 0.1 * away:
        return 0
    return 1 if length < 0.4 * away else 2


@compiled
def _count(starts: Floats, ends: Floats, xy: Floats, reach: Floats, sizes: Ints) -> Ints:
    """Number of nodes around each point: one for all that lies beyond the reach, a few for each piece of edge within it."""
    found = np.ones(len(xy), dtype=np.int64)
    cuts = np.empty(2 * RINGS + 3)
    for i in range(len(xy)):
        x, y, far = xy[i, 0], xy[i, 1], reach[i]
        for k in range(len(starts)):
            ax, ay, bx, by = starts[k, 0] - x, starts[k, 1] - y, ends[k, 0] - x, ends[k, 1] - y
            if min(ax, bx) >= far or max(ax, bx) <= -far or min(ay, by) >= far or max(ay, by) <= -far:
                continue
            length = np.hypot(bx - ax, by - ay)
            n = _crossings(ax, ay, bx, by, far, cuts)
            for j in range(n - 1):
                at = (cuts[j] + cuts[j + 1]) / 2 / length
                away = np.hypot(ax + at * (bx - ax), ay + at * (by - ay))
                if away < far:
                    found[i] += sizes[_rule(cuts[j + 1] - cuts[j], away)]
    return found


@compiled
def _fill(
    starts: Floats,
    ends: Floats,
    xy: Floats,
    reach: Floats,
    sizes: Ints,
    nodes: Floats,
    weights: Floats,
    offset: Ints,
    r: Floats,
    weight: Floats,
) -> None:
    """Distances and weights of the nodes of each point, into `r` and `weight`."""
    cuts = np.empty(2 * RINGS + 3)
    for i in range(len(xy)):
        x, y, far = xy[i, 0], xy[i, 1], reach[i]
        at, beyond = offset[i], 0.0
        for k in range(len(starts)):
            ax, ay, bx, by = starts[k, 0] - x, starts[k, 1] - y, ends[k, 0] - x, ends[k, 1] - y
            if min(ax, bx) >= far or max(ax, bx) <= -far or min(ay, by) >= far or max(ay, by) <= -far:
                beyond += np.arctan2(ax * by - ay * bx, ax * bx + ay * by)
                continue
            length = np.hypot(bx - ax, by - ay)
            if length == 0.0:
                continue
            ux, uy = (bx - ax) / length, (by - ay) / length
            foot = -(ax * ux + ay * uy)
            # Signed distance of the edge's line: positive where the point lies to its left.
            side = ax * uy - ay * ux
            n = _crossings(ax, ay, bx, by, far, cuts)
            for j in range(n - 1):
                at_middle = (cuts[j] + cuts[j + 1]) / 2 / length
                away = np.hypot(ax + at_middle * (bx - ax), ay + at_middle * (by - ay))
                px, py = ax + cuts[j] * ux, ay + cuts[j] * uy
                qx, qy = ax + cuts[j + 1] * ux, ay + cuts[j + 1] * uy
                angle = np.arctan2(px * qy - py * qx, px * qx + py * qy)
                if away >= far:
                    beyond += angle
                    continue
                first = np.arctan2(cuts[j] - foot, abs(side))
                last = np.arctan2(cuts[j + 1] - foot, abs(side))
                rule = _rule(cuts[j + 1] - cuts[j], away)
                for q in range(sizes[rule]):
                    theta = (first + last) / 2 + (last - first) / 2 * nodes[rule, q]
                    r[at] = min(abs(side) / np.cos(theta), far) if side != 0.0 else away
                    weight[at] = np.sign(side) * (last - first) / 2 * weights[rule, q]
                    at += 1
        r[at] = far
        weight[at] = beyond
