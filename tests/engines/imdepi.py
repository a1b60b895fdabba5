"""The published example of a self-exciting process: cases of a disease in Germany, read from R's file. Not a test."""

import warnings

import numpy as np
import shapely

from tests.reference import reference_path
from tirek_engines.contagion import Events, Expected, PointModel, seasons

MISSING = -(2**31)  # R's NA of whole numbers


def attributes(thing):
    """The attributes of an R object, by name."""
    found, one = {}, thing.attributes
    while one is not None and one.info.type.name == "LIST":
        tag = one.tag.referenced_object if one.tag.info.type.name == "REF" else one.tag
        found[tag.value.value.decode()] = one.value[0]
        one = one.value[1]
    return found


def named(thing):
    """The elements of an R list, by name."""
    return dict(zip((name.value.decode() for name in attributes(thing)["names"].value), thing.value, strict=True))


class Cases:
    """Events, grid and border as arrays."""

    def __init__(self):
        import rdata

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = rdata.parser.parse_file(str(reference_path("flashpoints", "imdepi", "surveillance_imdepi.RData")))
        root = named(file.object.value[0])
        events = attributes(root["events"])
        table = named(events["data"])
        self.xy = np.asarray(events["coords"].value).reshape(2, -1).T
        self.time, self.reach_time, self.reach_space, self.density = (
            np.asarray(table[name].value) for name in ("time", "eps.t", "eps.s", "popdensity")
        )
        self.kind, self.age = (np.asarray(table[name].value) for name in ("type", "agegrp"))
        # What the package itself has for the part of each event's disc that lies within the border: discs of 16 corners.
        self.disc = np.array([float(attributes(one)["area"].value[0]) for one in table[".influenceRegion"].value])
        grid = {name: np.asarray(column.value) for name, column in named(root["stgrid"]).items()}
        cells = {key: i for i, key in enumerate(zip(grid["BLOCK"], grid["tile"], strict=True))}
        blocks, tiles = np.asarray(table["BLOCK"].value), np.asarray(table["tile"].value)
        self.cell = np.array([cells[key] for key in zip(blocks, tiles, strict=True)])
        self.grid_density, self.volume = grid["popdensity"], grid["area"] * (grid["stop"] - grid["start"])
        self.design = seasons(grid["start"], 365, centre=3.5)
        rings = attributes(attributes(root["W"])["polygons"].value[0])["Polygons"].value
        self.border = shapely.MultiPolygon(
            [shapely.Polygon(np.asarray(attributes(ring)["coords"].value).reshape(2, -1).T) for ring in rings]
        )
        self.known = self.age != MISSING

    def marks(self, density=False):
        """What the published model lets the pull of a case depend on: its type, two age groups, and the density of people."""
        columns = [self.kind == 2, self.age == 2, self.age == 3] + ([np.log(self.density)] if density else [])
        return np.column_stack(columns).astype(float)

    def model(self, chosen, marks=None, reach_space=None, one_kind=False, **kernels):
        """A model of the chosen cases; kinds pull only their own."""
        events = Events(
            self.time[chosen],
            self.xy[chosen],
            reach_time=self.reach_time[chosen],
            reach_space=self.reach_space[chosen] if reach_space is None else reach_space,
            marks=None if marks is None else marks[chosen],
            kind=None if one_kind else self.kind[chosen] - 1,
        )
        expected = Expected(self.grid_density, self.volume, self.design, self.cell[chosen])
        triggers = np.eye(1 if one_kind else 2)
        return PointModel(events, expected, 2557.0, region=self.border, triggers=triggers, **kernels)
