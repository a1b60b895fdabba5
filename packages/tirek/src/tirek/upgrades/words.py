"""Measures and outcomes of plans in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tirek.ui.templatetags.tirek import number
from tirek.upgrades.models import Measure
from tirek.upgrades.quantities import tenge

TENGE = "₸"


def money(amount: Any) -> str:
    """Tenge as the language writes them, without tiyn where there are none."""
    if amount is None:
        return "—"
    whole = int(amount)
    return number(whole if whole == amount else amount, TENGE)


def coins(amount: int | None) -> str:
    """The same for whole tiyn."""
    return "—" if amount is None else money(tenge(amount))


def name_in(names: dict[str, str], language: str | None = None) -> str:
    """A name that was written down in three languages."""
    order = ((language or get_language() or "ru")[:2], "ru", "kk", "en")
    return next((text for code in order if (text := names.get(code))), "")


def unit(code: str) -> str:
    return str(dict(Measure.Unit.choices).get(code, code))


def measures_in_words(lines: list[dict[str, Any]]) -> str:
    """Measures as one line: name, quantity, cost."""
    return "; ".join(
        f"{name_in(one['name'])}, {number(one['quantity'])} {unit(one['unit'])}, {money(float(one['cost']))}"
        for one in lines
    )


def outcome(result: dict[str, Any]) -> str:
    """How sure the plan is the best one, in a sentence."""
    kind = result.get("outcome", "")
    if kind == "optimal":
        return _("Proven: no other plan of these packages gains more for this money.")
    gap = number(100 * result["gap"], "%", 4) if result.get("gap") is not None else "—"
    if kind == "within gap":
        return _("Proven: no other plan gains more than %(gap)s above this one.") % {"gap": gap}
    if kind == "stopped":
        return _("The time was up. The best plan gains at most %(gap)s more.") % {"gap": gap}
    return _(
        "Not all demands can be kept with this money. What is shown is as far as it goes, the most important first."
    )


def shortage(result: dict[str, Any], districts: dict[int, str]) -> list[str]:
    """What an infeasible plan lacks, in sentences."""
    said = []
    if result.get("missing"):
        said.append(
            _("For all demands %(sum)s are missing: the least budget is %(least)s.")
            % {"sum": coins(result["missing"]), "least": coins(result["budget"] + result["missing"])}
        )
    if unmet := len(result.get("unmet", [])):
        said.append(
            ngettext(
                "At %(n)s facility mandatory requirements stay unmet.",
                "At %(n)s facilities mandatory requirements stay unmet.",
                unmet,
            )
            % {"n": number(unmet)}
        )
    said += [
        _("%(district)s: %(n)s fewer than the minimum.") % {"district": districts.get(pk, pk), "n": number(n)}
        for pk, n in result.get("short", [])
    ]
    return said
