"""{% load upgrades %}: gaps, tiers and money, as pages draw them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tirek.ui.templatetags.tirek import NBSP, NONE, number
from tirek.upgrades import words
from tirek.upgrades.consequence import ROMAN
from tirek.upgrades.whatif import Interval

register = template.Library()


@register.filter
def roman(tier: int | None) -> str:
    return ROMAN.get(tier or 0, NONE)


@register.filter
def money(amount: Any) -> str:
    return words.money(amount)


@register.filter
def coins(amount: int | None) -> str:
    return words.coins(amount)


@register.filter
def percent(share: float | None) -> str:
    """A share, 0 to 1, in percent."""
    return NONE if share is None else number(100 * share, "%", 1 if 0 < share < 0.1 else 0)


@register.filter
def decimals(value: float | None, places: int = 1) -> str:
    return number(value, decimals=places)


@register.filter
def name_in(names: dict[str, str]) -> str:
    return words.name_in(names)


@register.filter
def unit(code: str) -> str:
    return words.unit(code)


@register.simple_tag
def interval(gap: Interval) -> str:
    """A gap: "32–41 %", or one number where all is known."""
    if gap.low is None or gap.high is None:
        return NONE
    if gap.is_exact:
        return number(gap.low, "%", 0)
    return f"{number(gap.low, decimals=0)}–{number(gap.high, '%', 0)}"


@register.simple_tag
def gap_bar(gap: Interval, weakest: bool = False) -> SafeString:
    """A gap as a bar: what is known to be missing is filled, what is not known is open with a dashed rim. Words say the same."""
    low, high = gap.low or 0.0, gap.high or 0.0
    said = _("%(low)s known to be missing, %(open)s not known") % {
        "low": number(low, "%", 0),
        "open": number(high - low, "%", 0),
    }
    return format_html(
        '<svg class="gap-bar{}" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="gap-ground" width="1000" height="10"/>'
        '<rect class="gap-open" x="{}" width="{}" height="10"/><rect class="gap-low" width="{}" height="10"/></svg>',
        " is-weakest" if weakest else "",
        said,
        f"{10 * low:.1f}",
        f"{10 * (high - low):.1f}",
        f"{10 * low:.1f}",
    )


@register.simple_tag
def dots(points: int) -> SafeString:
    """One to four points as filled and open circles."""
    circles = "".join(
        f'<circle cx="{8 + 16 * n}" cy="8" r="5.5" class="{"dot-on" if n < points else "dot-off"}"/>' for n in range(4)
    )
    return format_html(
        '<svg class="points" viewBox="0 0 64 16" role="img" aria-label="{}">{}</svg>',
        _("%(n)s of 4 points") % {"n": points},
        SafeString(circles),
    )


@register.simple_tag
def share_of(part: Any, whole: Any) -> str:
    """Two amounts as a share in percent."""
    return number(100 * float(part) / float(whole), f"%{NBSP}".strip(), 0) if whole else NONE
