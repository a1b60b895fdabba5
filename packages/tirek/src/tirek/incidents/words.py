"""When and where an incident was, as people say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tirek.incidents.models import Facts
from tirek.places.models import Area
from tirek.ui.templatetags.tirek import number

When, Where = Facts.When, Facts.Where
VAGUE = (0.6, 0.35)  # likeness of places that are not both points: see `duplicates`


def when_words(facts: Facts) -> str:
    """ "25 November 2026, 21:40", "25 November 2026", "22 to 28 November 2026", "November 2026", "2026" """
    if facts.at is not None:
        return formats.date_format(timezone.localtime(facts.at), "DATETIME_FORMAT")
    if facts.first_day == facts.last_day:
        return formats.date_format(facts.first_day, "DATE_FORMAT")
    if _is_whole_month(facts):
        return formats.date_format(facts.first_day, "YEAR_MONTH_FORMAT")
    if facts.first_day.replace(month=12, day=31) == facts.last_day and facts.first_day.timetuple().tm_yday == 1:
        return str(facts.first_day.year)
    return _("%(first)s to %(last)s") % {
        "first": formats.date_format(facts.first_day, "DATE_FORMAT"),
        "last": formats.date_format(facts.last_day, "DATE_FORMAT"),
    }


def when_short(facts: Facts) -> str:
    """The same for a column of a table: "25.11.2026 21:40", "25.11.2026", "22.–28.11.2026"."""
    if facts.at is not None:
        return formats.date_format(timezone.localtime(facts.at), "SHORT_DATETIME_FORMAT")
    first = formats.date_format(facts.first_day, "SHORT_DATE_FORMAT")
    if facts.first_day == facts.last_day:
        return first
    if _is_whole_month(facts):
        return formats.date_format(facts.first_day, "YEAR_MONTH_FORMAT")
    return f"{first} – {formats.date_format(facts.last_day, 'SHORT_DATE_FORMAT')}"


def _is_whole_month(facts: Facts) -> bool:
    same = (facts.first_day.year, facts.first_day.month) == (facts.last_day.year, facts.last_day.month)
    return same and facts.first_day.day == 1 and facts.when_precision == When.MONTH


def district_of(area: Area) -> Area:
    """The district of a settlement; any other area is its own answer."""
    if area.kind == Area.Kind.SETTLEMENT and area.parent is not None:
        return area.parent
    return area


def where_words(facts: Facts) -> str:
    """ "Market, Kandyagash, Mugalzhar district" """
    area: Any = facts.area
    names = [facts.place, area.name]
    above = district_of(area)
    if above.pk != area.pk:
        names.append(above.name)
    return ", ".join(dict.fromkeys(filter(None, names)))


def alike_words(parts: Mapping[str, Any]) -> str:
    """Why two may be one, from the parts of their likeness: "12 min apart · 60 m apart · the same kind"."""
    minutes, days, metres = parts.get("minutes"), parts.get("days"), parts.get("metres")
    told = []
    if parts.get("same_number"):
        told.append(_("the same number at the source"))
    if minutes is not None and minutes < 600:
        told.append(ngettext("%(n)s minute apart", "%(n)s minutes apart", minutes) % {"n": number(minutes)})
    elif days is not None:
        told.append(
            ngettext("%(n)s day apart", "%(n)s days apart", days) % {"n": number(days)} if days else _("the same day")
        )
    if metres is None or parts.get("place", 0) in VAGUE:
        told.append(_("the place of one is known only roughly"))
    else:
        told.append(_("%(n)s m apart") % {"n": number(metres)})
    told.append({1.0: _("the same kind"), 0.6: _("a similar kind")}.get(parts.get("kind", 0), _("another kind")))
    return " · ".join(str(part) for part in told)
