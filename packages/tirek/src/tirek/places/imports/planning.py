"""Says for each row of a file what an import would do with it. Reads the tree, writes nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import h3
import shapely
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.places.imports.plan import Deed, Plan, Row
from tirek.places.imports.reading import (
    BOUNDARY_COLUMNS,
    SETTLEMENT_COLUMNS,
    Feature,
    Source,
    guess_fields,
    repaired,
    to_code,
    to_number,
)
from tirek.places.models import LANGUAGES, Area
from tirek.places.queries import areas_at_each
from tirek.places.shapes import to_geojson
from tirek.places.tree import is_coarser
from tirek_engines.geo import distances

PERMISSION = "places.import_area"
SAME_PLACE_M = 5000  # two settlements of one name and district are the same one when their centres are this near
FARTHEST_LATITUDE = 85
# Words that say what an area is; names are compared without them.
KIND_WORDS = {
    *("city", "town", "village", "district", "region", "rayon", "raion", "oblast"),
    *("район", "области", "область", "город", "г", "га", "село", "с", "аул", "поселок"),
    *("ауданы", "аудан", "облысы", "облыс", "қаласы", "қала", "қ", "ауылы", "ауыл", "а", "кенті"),
}
KAZAKH_LETTERS = re.compile("[әғқңөұүһі]", re.IGNORECASE)
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def plan_boundaries(
    user: Any, source: Source, kind: str, fields: dict[str, str] | None = None, parent: Area | None = None
) -> Plan:
    """Plan the import of boundaries, all of one `kind`. `fields` overrides the guess of columns; `parent` the place in the tree."""
    mapping = guess_fields(source.columns, BOUNDARY_COLUMNS) if fields is None else fields
    plan = _plan(source, mapping)
    for row, feature in zip(plan.rows, source.features, strict=True):
        row.values["kind"] = kind
        _read_names(row, feature, mapping)
        _read_population(row, feature, mapping)
        _read_shape(row, feature)
    _find_parents([row for row in plan.rows if "lat" in row.values], kind, parent)
    existing = _Existing(kind)
    for row in plan.rows:
        row.area = existing.by_code(row) or existing.by_name(row)
    _decide(user, plan)
    return plan


def plan_settlements(user: Any, source: Source, fields: dict[str, str] | None = None) -> Plan:
    """Plan the import of settlements given by their centres; each goes into the district that its centre lies in."""
    mapping = guess_fields(source.columns, SETTLEMENT_COLUMNS) if fields is None else fields
    plan = _plan(source, mapping)
    for row, feature in zip(plan.rows, source.features, strict=True):
        row.values["kind"] = Area.Kind.SETTLEMENT.value
        _read_names(row, feature, mapping)
        _read_population(row, feature, mapping)
        _read_point(row, feature, mapping)
    placed = [row for row in plan.rows if "lat" in row.values]
    _find_parents(placed, Area.Kind.SETTLEMENT, None)
    for row in placed:
        if row.parent is None:
            row.errors.append(_("Lies in no district. Import the boundaries of districts first."))
        row.values.setdefault("code", f"h3:{h3.latlng_to_cell(row.values['lat'], row.values['lon'], 10)}")
    existing = _Existing(Area.Kind.SETTLEMENT)
    for row in plan.rows:
        row.area = existing.by_code(row)
    taken = {row.area.pk for row in plan.rows if row.area is not None}
    for row in plan.rows:
        if row.area is None and (found := existing.near(row, taken)) is not None:
            row.area = found
            taken.add(found.pk)
    _decide(user, plan)
    return plan


def bare_name(name: str) -> str:
    """A name for comparison: small letters, without brackets and without words that say what it is."""
    words = re.findall(r"\w+", re.sub(r"\(.*?\)", " ", name.casefold().replace("ё", "е")))
    return " ".join(word for word in words if word not in KIND_WORDS) or " ".join(words)


class _Existing:
    """The areas of one kind that are there, by code and by name."""

    def __init__(self, kind: str) -> None:
        areas = list(Area.objects.filter(kind=kind).select_related("parent").defer("parent__boundary"))
        self.kind = kind
        self.codes = {area.code: area for area in areas}
        self.foreign = set(Area.objects.exclude(kind=kind).values_list("code", flat=True))
        self.names: dict[str, dict[int, Area]] = defaultdict(dict)
        for area in areas:
            for name in _names_of(area):
                self.names[bare_name(name)][area.pk] = area

    def by_code(self, row: Row) -> Area | None:
        code = row.values.get("code")
        if code in self.foreign:
            row.errors.append(_("The code %(code)s belongs to an area of another kind.") % {"code": code})
        return self.codes.get(code) if code else None

    def by_name(self, row: Row) -> Area | None:
        """The one area of that name that lies where the row would go."""
        found = [area for area in self._named(row) if area.parent_id in (None, getattr(row.parent, "pk", None))]
        if len(found) > 1:
            row.errors.append(_("Several areas have this name. Give the row a code."))
            return None
        return found[0] if found else None

    def near(self, row: Row, taken: set[int]) -> Area | None:
        """The nearest settlement of that name that no other row means, if it is near enough to be the same."""
        if "lat" not in row.values:
            return None
        rated = [
            (float(distances(row.values["lat"], row.values["lon"], area.lat, area.lon)), area)
            for area in self._named(row)
            if area.lat is not None and area.pk not in taken
        ]
        away, area = min(rated, key=lambda pair: pair[0], default=(SAME_PLACE_M, None))
        return area if away < SAME_PLACE_M else None

    def _named(self, row: Row) -> Iterable[Area]:
        found: dict[int, Area] = {}
        for language in LANGUAGES:
            if name := row.values.get(f"name_{language}"):
                found |= self.names.get(bare_name(name), {})
        return found.values()


def _plan(source: Source, mapping: dict[str, str]) -> Plan:
    rows = [Row(feature.number) for feature in source.features]
    return Plan(source.file, source.sha256, source.columns, mapping, rows)


def _names_of(area: Area) -> list[str]:
    return [name for language in LANGUAGES if (name := getattr(area, f"name_{language}"))]


def _read_names(row: Row, feature: Feature, mapping: dict[str, str]) -> None:
    for language in LANGUAGES:
        if name := feature.columns.get(mapping.get(f"name_{language}", ""), ""):
            row.values[f"name_{language}"] = name[:200]
    english = row.values.get("name_en", "")
    if CYRILLIC.search(english):  # a column that is just "name", in Russian or Kazakh
        own = "name_kk" if KAZAKH_LETTERS.search(english) else "name_ru"
        row.values.setdefault(own, english)
        del row.values["name_en"]
    if not any(f"name_{language}" in row.values for language in LANGUAGES):
        row.errors.append(_("The row has no name."))
    column = mapping.get("code", "")
    if code := feature.columns.get(column, ""):
        row.values["code"] = to_code(column, code)[:60]


def _read_population(row: Row, feature: Feature, mapping: dict[str, str]) -> None:
    """Nothing and 0 both mean that the source does not know."""
    text = feature.columns.get(mapping.get("population", ""), "")
    try:
        people = to_number(text)
    except ValueError:
        row.errors.append(_("“%(text)s” is not a number of people.") % {"text": text[:40]})
        return
    if people is not None and people < 0:
        row.errors.append(_("“%(text)s” is not a number of people.") % {"text": text[:40]})
    elif people:
        row.values["population"] = round(people)


def _read_shape(row: Row, feature: Feature) -> None:
    if feature.shape is None or feature.shape.is_empty:
        row.errors.append(_("The row has no shape."))
        return
    shape, trouble = repaired(feature.shape)
    if shape.is_empty:
        row.errors.append(_("The shape is not an area (it is: %(type)s).") % {"type": feature.shape.geom_type})
        return
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -FARTHEST_LATITUDE or north > FARTHEST_LATITUDE:
        row.errors.append(_("The coordinates are not degrees of longitude and latitude."))
        return
    if trouble:
        row.remarks.append(_("The shape was repaired: %(trouble)s") % {"trouble": trouble})
    inner = shapely.point_on_surface(shape)
    row.values |= {"boundary": to_geojson(shape), "lat": round(inner.y, 5), "lon": round(inner.x, 5)}


def _read_point(row: Row, feature: Feature, mapping: dict[str, str]) -> None:
    point: dict[str, float] = {}
    for name, limit in (("lat", FARTHEST_LATITUDE), ("lon", 180)):
        text = feature.columns.get(mapping.get(name, ""), "")
        try:
            number = to_number(text)
        except ValueError:
            number = None
        if number is None or abs(number) > limit:
            label = _("latitude") if name == "lat" else _("longitude")
            row.errors.append(_("“%(text)s” is not a %(name)s.") % {"text": text[:40], "name": label})
        else:
            point[name] = round(number, 6)
    if len(point) == 2:
        row.values |= point


def _find_parents(rows: list[Row], kind: str, parent: Area | None) -> None:
    """The smallest area of a coarser kind that holds the row's point."""
    if parent is not None:
        for row in rows:
            row.parent = parent
        return
    answers = areas_at_each([(row.values["lat"], row.values["lon"]) for row in rows])
    for row, held in zip(rows, answers, strict=True):
        row.parent = next((area for area in reversed(held) if is_coarser(area.kind, kind)), None)


def _decide(user: Any, plan: Plan) -> None:
    """Say what happens to each row: rows with errors are left out, rows that bring nothing new are unchanged."""
    seen_areas: dict[int, int] = {}
    seen_codes: dict[str, int] = {}
    for row in plan.rows:
        code = row.values.get("code", "")
        twin = seen_codes.get(code) if code else None
        if twin is None and row.area is not None:
            twin = seen_areas.get(row.area.pk)
        if twin is not None:
            row.errors.append(_("The same area as row %(row)d.") % {"row": twin})
        _check_reach(user, row)
        if row.errors:
            row.deed = Deed.SKIP
            continue
        if code:
            seen_codes[code] = row.number
        if row.area is None:
            row.deed = Deed.ADD
            row.values.setdefault("code", f"{row.values['kind']}:{bare_name(row.name)}"[:60])
            continue
        seen_areas[row.area.pk] = row.number
        row.changes = _changes(row, row.area)
        row.deed = Deed.CHANGE if row.changes else Deed.SAME


def _check_reach(user: Any, row: Row) -> None:
    """A person may write only where the permission to import reaches; a process (None) may everywhere.

    An area that moves is written in two places: where it is, and where it goes.
    """
    places = [row.area or row.parent]
    if row.area is not None and _moves(row, row.area):
        places.append(row.parent)
    paths = [place.path if isinstance(place, Area) else "" for place in places]
    if user is not None and not all(can_at(user, PERMISSION, path) for path in paths):
        row.errors.append(_("Lies outside the part of the province that you may change."))


def _moves(row: Row, area: Area) -> bool:
    """Whether the row puts an area that is there below another parent."""
    return isinstance(row.parent, Area) and row.parent.pk != area.parent_id


def _changes(row: Row, area: Area) -> dict[str, Any]:
    given = {key: value for key, value in row.values.items() if key not in ("kind", "code", "lat", "lon")}
    changes = {key: value for key, value in given.items() if getattr(area, key) != value}
    if row.values["kind"] == Area.Kind.SETTLEMENT or area.lat is None or "boundary" in changes:
        changes |= {key: row.values[key] for key in ("lat", "lon") if getattr(area, key) != row.values[key]}
    if _moves(row, area):
        changes["parent"] = row.parent
    if area.is_sample:
        changes["is_sample"] = False
        changes |= {"code": row.values["code"]} if "code" in row.values else {}
    return changes
