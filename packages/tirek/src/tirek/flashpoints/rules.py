"""The rules that the board keeps, as numbers with their reasons. Tests hold each of them (tests/flashpoints/test_guards.py).

What may be told apart: a district, or a cell of H3 resolution 6 (36 km2), by month. Finer would point at streets and people, and
no forecast of violence has shown skill there.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.places.models import Area

# How an incident became known. Only what residents reported is fitted: what officers find follows where officers are sent
# (Ensign et al. 2018, "Runaway feedback loops in predictive policing"), and a model fitted on it would send them there again.
FITTED_MODES = ("reported",)
FOUND_MODE = "found"

FINEST_RESOLUTION = 6
UNIT_KINDS = (Area.Kind.REGION, Area.Kind.DISTRICT)

HORIZONS = 12
TOP = 5
DRAWS = 1000
MOST_MONTHS = 120  # ten years: what is older says little of next month
LEAST_AREAS = 2
KEPT_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
THINNED = 99  # draws kept of each forecast, as its quantiles: enough to score it later

DEFAULT_DAYS, MOST_DAYS = 30, 90  # how long a flash-point stands when it is signed
MONTH_DAYS = 30  # what a "month" of flags is counted in
REST_DAYS = 30  # flags with a shorter pause between them are one run

ATTENTION_PLACES = 5
CHANCE_SHARE = 0.2  # of the places of attention: drawn by lot, so that what nobody looks at is looked at too

HALF_REPORTED = 0.5

# The FEWEST and BLOCK of the engine's `forecast.skill`, said here because it is slow to import; a test holds them together.
ENOUGH_ORIGINS, SKILL_BLOCK = 24, 18

# Found by officers more than before, in the last so many months against the two years before those.
SURGE_WINDOWS, SURGE_BEFORE = (3, 6, 12), 24
SURGE_RATIO = 1.5


def most_flag_months() -> int:
    """How many months (of 30 days) a district may be a flash-point without a pause."""
    return int(settings.FLASHPOINT_MOST_MONTHS)


def most_flag_days() -> int:
    return most_flag_months() * MONTH_DAYS


@dataclass(frozen=True, slots=True)
class Grain:
    """What a computation tells apart: a kind of area or a resolution of cells, and how long a step of time is."""

    kind: str = Area.Kind.DISTRICT
    resolution: int | None = None
    step: str = "month"


def require_coarse(grain: Grain) -> None:
    """Raises Refused for anything finer than a district or H3 resolution 6, by month."""
    if grain.step != "month":
        raise Refused(_("Forecasts are by month, never finer."))
    if grain.resolution is not None and grain.resolution > FINEST_RESOLUTION:
        raise Refused(
            _("Cells of resolution %(asked)s are too fine: %(finest)s is the finest that Tirek computes.")
            % {"asked": grain.resolution, "finest": FINEST_RESOLUTION}
        )
    if grain.resolution is None and grain.kind not in UNIT_KINDS:
        raise Refused(_("Forecasts are of districts, never of a single settlement."))


def require_reported(modes: tuple[str, ...]) -> None:
    """Raises Refused when anything but what residents reported would be fitted."""
    if set(modes) - set(FITTED_MODES):
        raise Refused(_("Only reported incidents are fitted: what officers find follows where officers are sent."))
