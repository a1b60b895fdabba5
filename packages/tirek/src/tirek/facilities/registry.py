"""What other apps bring to the part "Facilities".

- `subnav(...)`: an entry of the part's own navigation; pages that extend "facilities/base.html" show it.
- `panel_section(fn)`, with `fn(request, facility) -> Section | None`: a section of the overview of a facility.
- `page_tab(fn)`, with `fn(request, facility) -> Tab | None`: a tab of its own, e.g. equipment or notices.
- `bulk_act(BulkAct(...))`: an act on many facilities at once, offered above the register's table.
- `passport_state("in_force", _("in force"))`: a state that the register filters by and shows in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.translation import pgettext_lazy

from tirek.ui.registry import Text
from tirek.ui.sections import Sections, Tabs
from tirek.ui.subnav import SubNav

NAV = "facilities"

sections = Sections()
panel_section = sections.add
tabs = Tabs()
page_tab = tabs.add


places = SubNav(NAV)
# Orders in use: register 10, inspections 20, notices 30, equipment 40, requirements 50, upgrade plan 60, what was done 70.
subnav = places.add
subnav_for = places.entries


@dataclass(frozen=True, slots=True)
class BulkAct:
    """An act on many facilities.

    `each(user, pk, data)` does it to one, in a transaction of its own, and leaves an entry of the log; it raises `Refused` or
    `DoesNotExist` for one that it cannot be done to, and the others go on. `form(data, user=user)` makes the form that asks for
    what all have in common, e.g. the new agency; its cleaned data becomes `data` by `plain(cleaned)` (JSON, since it
    may travel to a background job). `action` is the verb of `Facility.objects.restrict(user, action)`: others are left out.

    An act with `leads_to` (the name of an address) is not done here: that page takes over, with `?facilities=1,2,3`.
    """

    key: str
    label: Text
    icon: str
    permission: str
    each: Callable[[Any, int, dict[str, Any]], object] | None = None
    leads_to: str = ""
    form: Callable[..., Form] | None = None
    plain: Callable[[dict[str, Any]], dict[str, Any]] = dict
    action: str = "view"
    note: Text = ""
    order: int = 50


_bulk: dict[str, BulkAct] = {}


def bulk_act(deed: BulkAct) -> BulkAct:
    """Offer an act on the facilities that are chosen on the register."""
    _bulk[deed.key] = deed
    return deed


def bulk_acts_for(user: Any) -> list[BulkAct]:
    """The acts on many that `user` may do, in order."""
    return sorted((d for d in _bulk.values() if user.grants(d.permission)), key=lambda d: (d.order, d.key))


def find_bulk_act(key: str) -> BulkAct | None:
    return _bulk.get(key)


_passport_states: dict[str, Text] = {}


def passport_state(key: str, label: Text) -> None:
    """Name a value of `Figures.passport_state`."""
    _passport_states[key] = label


def passport_states() -> Iterable[tuple[str, Text]]:
    """The choices of the filter; "none" is a facility without a passport."""
    return [*_passport_states.items(), ("none", pgettext_lazy("passport", "none"))]
