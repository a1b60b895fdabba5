"""Distances, areas and circles on the WGS 84 ellipsoid, and points in shapes."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# WGS 84 (NIMA TR8350.2, table 3.1): half axis in metres, flattening.
A = 6_378_137.0
F = 1 / 298.257223563
B = A * (1 - F)
E2 = F * (2 - F)


def distances(lat: ArrayLike, lon: ArrayLike, to_lat: ArrayLike, to_lon: ArrayLike) -> Floats:
    """Distances in metres between points in degrees; the four arrays broadcast against each other.

    Lambert's formula on reduced latitudes: W. D. Lambert, "The distance between two widely separated points on the surface of
    the earth", J. Washington Academy of Sciences 32 (1942) 125-130. Good to about 10 m over thousands of kilometres; not for
    points on opposite sides of the earth.
    """
    phi1, lam1, phi2, lam2 = (np.radians(np.asarray(v, dtype=np.float64)) for v in (lat, lon, to_lat, to_lon))
    beta1, beta2 = np.arctan((1 - F) * np.tan(phi1)), np.arctan((1 - F) * np.tan(phi2))
    half = np.sin((beta2 - beta1) / 2) ** 2 + np.cos(beta1) * np.cos(beta2) * np.sin((lam2 - lam1) / 2) ** 2
    sigma = 2 * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    p, q = (beta1 + beta2) / 2, (beta2 - beta1) / 2
    sin2, cos2 = np.sin(sigma / 2) ** 2, np.cos(sigma / 2) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        x = (sigma - np.sin(sigma)) * np.sin(p) ** 2 * np.cos(q) ** 2 / cos2
        y = (sigma + np.sin(sigma)) * np.cos(p) ** 2 * np.sin(q) ** 2 / sin2
        length = A * (sigma - F / 2 * (x + y))
    return np.asarray(np.where(sigma == 0, 0.0, length), dtype=np.float64)


def circle(lat: float, lon: float, radius_m: float, points: int = 64) -> shapely.Polygon:
    """A polygon of `points` corners, each exactly `radius_m` metres from the centre along the ellipsoid.

    Vincenty's direct solution: T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid with application of
    nested equations", Survey Review 23 (1975) 88-93. Longitudes are not wrapped at 180 degrees. Raises ValueError for a radius
    that is not positive or exceeds 2,000 km.
    """
    if not 0 < radius_m <= 2_000_000:
        raise ValueError("the radius must be more than 0 and at most 2,000,000 metres")
    bearing = np.linspace(0, 2 * np.pi, points, endpoint=False)
    sin_a1, cos_a1 = np.sin(bearing), np.cos(bearing)
    tan_u1 = (1 - F) * np.tan(np.radians(lat))
    cos_u1 = 1 / np.sqrt(1 + tan_u1**2)
    sin_u1 = tan_u1 * cos_u1
    sigma1 = np.arctan2(tan_u1, cos_a1)
    sin_alpha = cos_u1 * sin_a1
    cos2_alpha = 1 - sin_alpha**2
    u2 = cos2_alpha * (A**2 - B**2) / B**2
    big_a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    big_b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    first = radius_m / (B * big_a)
    sigma = first
    for _ in range(8):  # converges to 1e-12 in 3 or 4 rounds at these lengths
        cos_2m = np.cos(2 * sigma1 + sigma)
        inner = np.cos(sigma) * (2 * cos_2m**2 - 1) - big_b / 6 * cos_2m * (4 * np.sin(sigma) ** 2 - 3) * (
            4 * cos_2m**2 - 3
        )
        sigma = first + big_b * np.sin(sigma) * (cos_2m + big_b / 4 * inner)
    cos_2m = np.cos(2 * sigma1 + sigma)
    sin_s, cos_s = np.sin(sigma), np.cos(sigma)
    across = sin_u1 * sin_s - cos_u1 * cos_s * cos_a1
    lat2 = np.arctan2(sin_u1 * cos_s + cos_u1 * sin_s * cos_a1, (1 - F) * np.sqrt(sin_alpha**2 + across**2))
    lam = np.arctan2(sin_s * sin_a1, cos_u1 * cos_s - sin_u1 * sin_s * cos_a1)
    c = F / 16 * cos2_alpha * (4 + F * (4 - 3 * cos2_alpha))
    lon2 = lam - (1 - c) * F * sin_alpha * (sigma + c * sin_s * (cos_2m + c * cos_s * (2 * cos_2m**2 - 1)))
    corners = np.column_stack([lon + np.degrees(lon2), np.degrees(lat2)])[
        ::-1
    ]  # counter-clockwise, RFC 7946 section 3.1.6
    return shapely.Polygon(corners)


def area_km2(geometry: shapely.Geometry) -> float:
    """Area on the ellipsoid in square kilometres.

    The shape is laid out on the equal-area cylinder through the authalic latitude (J. P. Snyder, "Map projections: a working
    manual", USGS Professional Paper 1395 (1987), equations 3-12 and 10-5) and measured in the plane, edges cut to 0.05 degrees.
    """
    if geometry.is_empty:
        return 0.0
    e = np.sqrt(E2)

    def q(sin_phi: Floats) -> Floats:
        return np.asarray(
            (1 - E2) * (sin_phi / (1 - E2 * sin_phi**2) - np.log((1 - e * sin_phi) / (1 + e * sin_phi)) / (2 * e))
        )

    def lay_out(coordinates: Floats) -> Floats:
        return np.column_stack([A * np.radians(coordinates[:, 0]), A / 2 * q(np.sin(np.radians(coordinates[:, 1])))])

    flat = shapely.transform(shapely.segmentize(shapely.force_2d(geometry), 0.05), lay_out)
    return float(shapely.area(flat)) / 1e6


def point_in(geometry: shapely.Geometry, lat: ArrayLike, lon: ArrayLike) -> NDArray[np.bool_]:
    """Which of the points (degrees, shape (n,)) lie in the shape; a point on its edge does."""
    shapely.prepare(geometry)
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    return np.asarray(shapely.intersects_xy(geometry, x, y), dtype=np.bool_)
