"""Contagion: the honest form of "violence spreads".

A self-exciting model whose reproduction number R is given with its interval, beside the same model without contagion. `fit_points`
for places and times of incidents, `fit_areas` for monthly counts of areas. Where both models describe the data about as well the
verdict is that they cannot be told apart. Contagion is between incidents at places; nothing here knows a person.
"""

from tirek_engines.contagion.areas import AreaFit, Lacking, fit_areas
from tirek_engines.contagion.kernels import Exponential, Gaussian, PowerLaw, Space, Steps, Time
from tirek_engines.contagion.plant import plant
from tirek_engines.contagion.point_fit import Likeness, PointFit, fit_points, permutation
from tirek_engines.contagion.points import Events, Expected, seasons
from tirek_engines.contagion.process import PointModel
from tirek_engines.contagion.verdict import Verdict

__all__ = [
    "AreaFit",
    "Events",
    "Expected",
    "Exponential",
    "Gaussian",
    "Lacking",
    "Likeness",
    "PointFit",
    "PointModel",
    "PowerLaw",
    "Space",
    "Steps",
    "Time",
    "Verdict",
    "fit_areas",
    "fit_points",
    "permutation",
    "plant",
    "seasons",
]
