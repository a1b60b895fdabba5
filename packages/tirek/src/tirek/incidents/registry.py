"""What other apps bring to the part "Flash-points", and to the page of an incident.

- `subnav(...)`: an entry of the part's own navigation; pages that extend "incidents/base.html" show it.
- `page_tab(fn)`, with `fn(request, incident) -> Tab | None`: a tab of the page of an incident.
- `panel_section(fn)`, with `fn(request, incident) -> Section | None`: a section of its overview.
- `alarm_source(fn)`, with `fn(user, alarm_id) -> AlarmFacts | None`: what is known of an alarm, for writing it down as an incident
  and for the link back. This app knows no alarms; `config.meeting` joins them.
- `signal_source(SignalSource(...))`: a signal that is computed from a register and not imported (`signals`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.utils.translation import get_language
from numpy.typing import NDArray

from tirek.places.models import Area
from tirek.ui.registry import Text
from tirek.ui.sections import Sections, Tabs
from tirek.ui.subnav import SubNav

NAV = "flashpoints"

places = SubNav(NAV)
subnav = places.add
subnav_for = places.entries
tabs = Tabs()
page_tab = tabs.add
sections = Sections()
panel_section = sections.add


@dataclass(frozen=True, slots=True)
class AlarmFacts:
    """An alarm, as far as somebody may see it: what an incident written down from it begins with."""

    facility_id: int
    at: datetime
    words: Mapping[str, str]  # by language
    url: str

    @property
    def name(self) -> str:
        """The alarm in a few words of the reader's language."""
        return self.words.get((get_language() or "ru")[:2], "")


AlarmSource = Callable[[Any, int], AlarmFacts | None]
_alarms: list[AlarmSource] = []


def alarm_source(source: AlarmSource) -> AlarmSource:
    """Let `source(user, alarm_id)` tell of an alarm; None for one that the person may not see."""
    if source not in _alarms:
        _alarms.append(source)
    return source


def alarm_of(user: Any, alarm_id: int | None) -> AlarmFacts | None:
    return next((found for source in _alarms if alarm_id and (found := source(user, alarm_id))), None)


@dataclass(frozen=True, slots=True)
class Figures:
    """A signal by month and area, float64 of shape (months, areas), nan where nothing is known.

    `low` and `high` bound each value, as far as that is known; None for a count without error.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class SignalSource:
    """A signal that its app computes: `compute(areas, first, last)`, months as integers, both inside."""

    name: str
    label: Text
    source: Text
    compute: Callable[[Sequence[Area], int, int], Figures]


_signals: dict[str, SignalSource] = {}


def signal_source(source: SignalSource) -> SignalSource:
    """Offer a computed signal. Its name is a key of its own; an imported signal of that name stands behind it."""
    _signals[source.name] = source
    return source


def signal_sources() -> list[SignalSource]:
    return [_signals[name] for name in sorted(_signals)]
