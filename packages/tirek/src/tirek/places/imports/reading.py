"""Files in, rows out: GeoJSON and GeoPackage boundaries, CSV settlements."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyproj
import shapely
from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.places.shapes import GRID

WGS84 = "OGC:CRS84"  # longitude, latitude, as in GeoJSON
LARGEST_FILE = 200 * 1024 * 1024
GEOPACKAGE = b"SQLite format 3\0"

# Names of columns that are understood, in the order in which they are looked for; compared without case, "_", ":" and spaces.
BOUNDARY_COLUMNS = {
    "code": (
        "code",
        "kato",
        "pcode",
        "adm2pcode",
        "adm1pcode",
        "hasc",
        "shapeid",
        "wofid",
        "geonamesid",
        "osmid",
        "id",
    ),
    "name_kk": ("namekk", "kk", "namekaz", "kaz", "adm2kk", "adm1kk", "localname"),
    "name_ru": ("nameru", "ru", "namerus", "rus", "adm2ru", "adm1ru"),
    "name_en": ("nameen", "en", "nameeng", "eng", "adm2en", "adm1en", "adm0en", "shapename", "name"),
    "population": ("population", "populationwof", "pop"),
}
SETTLEMENT_COLUMNS = {
    "code": ("code", "kato", "geonamesid", "wofid", "osmid", "id"),
    "name_kk": ("namekk", "kk", "атауы", "kaz"),
    "name_ru": ("nameru", "ru", "название", "наименование", "rus"),
    "name_en": ("nameen", "en", "name", "eng"),
    "lat": ("lat", "latitude", "y", "широта", "ендік"),
    "lon": ("lon", "lng", "long", "longitude", "x", "долгота", "бойлық"),
    "population": ("population", "pop", "население", "халық", "халықсаны"),
}


@dataclass(slots=True)
class Feature:
    """One record of a file: its number (from 1), its columns as text, its shape in degrees if it has one."""

    number: int
    columns: dict[str, str]
    shape: shapely.Geometry | None = None


@dataclass(slots=True)
class Source:
    """A file that was read."""

    file: str
    sha256: str
    columns: list[str]
    features: list[Feature]


def read_boundaries(path: Path, layer: str | None = None) -> Source:
    """Read a GeoJSON or GeoPackage file; shapes are brought to longitude and latitude.

    Raises `Refused` with a sentence for the person when the file cannot be used at all. Only these two formats are opened: GDAL
    knows others that may name further files or addresses.
    """
    content = _content(path)
    if not content.startswith(GEOPACKAGE) and not _is_json(content):
        raise Refused(_("This is neither a GeoJSON nor a GeoPackage file."))
    # It brings pandas along, three seconds of a server's start: only who brings boundaries pays for it.
    import pyogrio  # noqa: PLC0415
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415

    try:
        meta, _ids, shapes, columns = pyogrio.raw.read(path, layer=layer, encoding="utf-8")
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise Refused(_("The file cannot be read: %(error)s") % {"error": error}) from error
    if shapes is None:
        raise Refused(_("The file has no shapes. Choose the layer that holds the boundaries."))
    names = [str(name) for name in meta["fields"]]
    geometries = [shapely.force_2d(shapely.from_wkb(shape)) if shape is not None else None for shape in shapes]
    geometries = _to_degrees(geometries, meta["crs"])
    features = [
        Feature(i + 1, {name: _text(column[i]) for name, column in zip(names, columns, strict=True)}, geometry)
        for i, geometry in enumerate(geometries)
    ]
    return Source(path.name, hashlib.sha256(content).hexdigest(), names, features)


def read_settlements(path: Path) -> Source:
    """Read a CSV file in UTF-8, UTF-16 or cp1251, separated by comma, semicolon or tab. Raises `Refused`."""
    content = _content(path)
    text = _decoded(content)
    head = text.partition("\n")[0]
    separator = max(";,\t", key=head.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        columns = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = columns
        features = [
            Feature(i, {name: (row.get(name) or "").strip() for name in columns})
            for i, row in enumerate(reader, start=1)
        ]
    except csv.Error as error:
        raise Refused(_("The table cannot be read: %(error)s") % {"error": error}) from error
    if len(columns) < 3 or not features:
        raise Refused(_("The file is not a table with at least a name, a latitude and a longitude in each row."))
    return Source(path.name, hashlib.sha256(content).hexdigest(), columns, features)


def guess_fields(columns: list[str], known: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Which column fills which field, by name."""
    plain = {"".join(c for c in column.casefold() if c.isalnum()): column for column in reversed(columns)}
    return {
        field: plain[found] for field, names in known.items() if (found := next((n for n in names if n in plain), None))
    }


def to_number(text: str) -> float | None:
    """A number as people write it: "50,28", "28 196". None for no text; raises ValueError for other text."""
    plain = "".join(text.split()).replace("\u00a0", "").replace("\u202f", "")
    if not plain:
        return None
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    number = float(plain)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def to_code(column: str, text: str) -> str:
    """A code that is unique across sources: a bare number is preceded by the name of its register ("geonames:610611")."""
    register = column.casefold().removesuffix("_id").removesuffix("id").strip("_: ")
    return f"{register}:{text}" if text.isdigit() and register and register not in ("code", "kato") else text


def repaired(shape: shapely.Geometry) -> tuple[shapely.Geometry, str]:
    """The polygons of a shape, valid, on a grid of a metre; and what was wrong with it, or ""."""
    trouble = "" if shapely.is_valid(shape) else str(shapely.is_valid_reason(shape))
    whole = shapely.make_valid(shape) if trouble else shape
    parts = [
        part for part in shapely.get_parts(whole, return_index=False) if part.geom_type in ("Polygon", "MultiPolygon")
    ]
    if not parts:
        return shapely.Polygon(), trouble
    return shapely.set_precision(shapely.union_all(parts), GRID), trouble


def _content(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_FILE:
        raise Refused(_("The file is larger than 200 MB. Simplify the boundaries first."))
    content = path.read_bytes()
    if not content.strip():
        raise Refused(_("The file is empty."))
    return content


def _is_json(content: bytes) -> bool:
    if content[:4].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(content.decode("utf-8-sig"))
    except ValueError:
        return False
    return True


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:200]:  # UTF-16 that does not say so; ASCII letters tell which half is which
        return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


def _to_degrees(shapes: list[shapely.Geometry | None], crs: str | None) -> list[shapely.Geometry | None]:
    if crs is None:
        beyond = any(s is not None and not s.is_empty and max(map(abs, s.bounds)) > 180 for s in shapes)
        if beyond:
            raise Refused(_("The file does not say its coordinate system. Save it with one, for example EPSG:4326."))
        return shapes
    system = pyproj.CRS.from_user_input(crs)
    if system.is_geographic and system.to_2d().equals(pyproj.CRS.from_user_input(WGS84), ignore_axis_order=True):
        return shapes
    transform = pyproj.Transformer.from_crs(system, WGS84, always_xy=True).transform
    return [shape and shapely.transform(shape, transform, interleaved=False) for shape in shapes]


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
