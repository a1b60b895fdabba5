"""Rules of a requirement in words, for its pages."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.facilities.models import FacilityType
from tirek.requirements import registry
from tirek.requirements.models import Point, Requirement
from tirek.ui.templatetags.tirek import number

FIELDS: dict[str, str | Promise] = {
    "text": gettext_lazy("text"),
    "hint": gettext_lazy("hint"),
    "paragraph": gettext_lazy("paragraph"),
    "point": gettext_lazy("protects"),
    "mandatory": gettext_lazy("mandatory"),
    "weight": gettext_lazy("weight"),
    "severity": gettext_lazy("severity"),
    "verify": gettext_lazy("how it is verified"),
    "live_check": gettext_lazy("check from live data"),
    "evidence": gettext_lazy("evidence"),
    "applies": gettext_lazy("applies to"),
    "deadline_days": gettext_lazy("usual term, days"),
    "measures": gettext_lazy("measures"),
}
EVIDENCE: dict[str, str | Promise] = {
    "photo": gettext_lazy("photo"),
    "document": gettext_lazy("document"),
    "date": gettext_lazy("date"),
}
SOURCES: dict[str, str | Promise] = {
    "inspection": gettext_lazy("inspection"),
    "notice": gettext_lazy("notice"),
    "live": gettext_lazy("live data"),
    "declared": gettext_lazy("declared by the facility"),
}


def source(name: str) -> str:
    """Where a standing comes from, in words."""
    return str(SOURCES.get(name, name))


def type_names() -> dict[str, str]:
    """Names of the types of facilities by their codes."""
    return {row.code: row.name for row in FacilityType.objects.all()}


def applies(rule: dict[str, Any], types: dict[str, str]) -> str:
    """Whom a requirement binds, in one line."""
    parts = []
    if codes := rule.get("types"):
        parts.append(", ".join(types.get(code, code) for code in codes))
    if categories := rule.get("categories"):
        parts.append(_("category %(list)s") % {"list": ", ".join(map(str, categories))})
    parts += _range(rule, "people", _("people"))
    parts += _range(rule, "floor_area_m2", _("m² of floor"))
    wanted = rule.get("vehicle_entrance")
    if wanted is not None:
        parts.append(_("with an entrance for vehicles") if wanted else _("without an entrance for vehicles"))
    return "; ".join(parts) or _("all facilities")


def _range(rule: dict[str, Any], what: str, unit: str) -> list[str]:
    found = []
    if (low := rule.get(f"min_{what}")) is not None:
        found.append(_("from %(n)s %(unit)s") % {"n": number(low), "unit": unit})
    if (high := rule.get(f"max_{what}")) is not None:
        found.append(_("up to %(n)s %(unit)s") % {"n": number(high), "unit": unit})
    return found


def live(check: dict[str, Any]) -> str:
    """A check as its file writes it, so that it can be found there."""
    if not check:
        return ""
    rest = ", ".join(f"{name}: {value}" for name, value in sorted(check.items()) if name != "name")
    return f"{check['name']} ({rest})" if rest else str(check["name"])


def evidence(wanted: list[str]) -> str:
    return ", ".join(str(EVIDENCE.get(name, name)) for name in wanted)


def value(field: str, given: Any, types: dict[str, str]) -> str:
    """The value of a field of a requirement, for a person."""
    if field == "mandatory":
        return _("yes") if given else _("no")
    if field == "applies":
        return applies(given, types)
    if field == "live_check":
        return live(given) or "—"
    if field == "evidence":
        return evidence(given) or "—"
    if field == "measures":
        return ", ".join(given) or "—"
    choices = dict(Requirement._meta.get_field(field).flatchoices)
    return str(choices.get(given, given))


def remarks(requirement: Requirement) -> str:
    """What stands in the way of its live check on this server; empty where nothing does."""
    check = requirement.live_check
    if not check:
        return ""
    if not registry.is_known(check["name"]):
        return _("This server has no check “%(name)s”: what it would say is not known.") % {"name": check["name"]}
    if not registry.fits(check):
        takes = ", ".join(registry.takes(check["name"])) or "—"
        return _("The check “%(name)s” does not take these parameters. It takes: %(takes)s.") % {
            "name": check["name"],
            "takes": takes,
        }
    return ""


def remarks_of(rows: list[Requirement]) -> list[tuple[str, list[Requirement]]]:
    """Each remark once, with the requirements that it concerns."""
    found: dict[str, list[Requirement]] = {}
    for row in rows:
        if text := remarks(row):
            found.setdefault(text, []).append(row)
    return list(found.items())


def point(name: str) -> str:
    return str(Point(name).label)
