"""{% load flashpoints %}: probabilities, intervals and months, as pages draw them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tirek.flashpoints import months, words
from tirek.flashpoints.board import Line
from tirek.flashpoints.models import Flashpoint, Forecast, Measure
from tirek.flashpoints.tables import flashpoint_pill, measure_pill
from tirek.ui.templatetags.tirek import number

register = template.Library()


@register.filter
def month(number: int | None) -> str:
    """ "December 2026"."""
    return "—" if number is None else months.in_words(int(number))


@register.filter
def month_in_text(number: int | None) -> str:
    """The same in the middle of a sentence."""
    return "—" if number is None else months.in_text(int(number))


@register.filter
def month_since(number: int | None) -> str:
    """The same after "since"."""
    return "—" if number is None else months.since(int(number))


@register.filter
def month_short(number: int | None) -> str:
    return "—" if number is None else months.short(int(number))


@register.filter
def probability(value: float | None) -> str:
    return words.probability(value)


@register.filter
def share(value: float | None) -> str:
    return words.share(value)


@register.filter
def amount(value: float | None) -> str:
    return words.amount(value)


@register.filter
def plain(value: float | None) -> str:
    """A number with one decimal where it has any."""
    if value is None:
        return "—"
    return number(round(value)) if value == round(value) else number(value, decimals=1)


@register.filter
def p_value(value: float) -> str:
    return words.p_value(value)


@register.filter
def component(key: str) -> str:
    return words.component(key)


@register.filter
def reason(key: str) -> str:
    return words.reason(key)


@register.filter
def cluster(found: Any) -> str:
    return words.cluster(found)


@register.filter
def half(forecast: Forecast) -> str:
    return words.half(forecast)


@register.simple_tag
def between(forecast: Forecast) -> str:
    """The 90 % interval in numbers."""
    return words.interval(forecast.q05, forecast.q95)


@register.simple_tag
def interval_drawing(forecast: Forecast, most: float) -> SafeString:
    """The 90 % interval as a line, the expected as a dot on it, the simplest forecast as a tick below. Numbers beside say
    the same."""

    def x(value: float) -> str:
        return f"{10 + 980 * min(value, most) / most:.1f}"

    return format_html(
        '<svg class="spread" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="spread-ground" d="M10 50H990"/><path class="spread-line" d="M{} 50H{}"/>'
        '<path class="spread-base" d="M{} 22V78"/><path class="spread-dot" d="M{} 50h.01"/></svg>',
        x(forecast.q05),
        x(forecast.q95),
        x(forecast.baseline_mean),
        x(forecast.mean),
    )


@register.simple_tag
def move(line: Line) -> SafeString | str:
    """How the place changed since the run before: a shape, and words for whoever does not see it."""
    if not line.move:
        return ""
    said = words.moved(line.move, line.earlier, line.earlier_month, is_month_ago=line.is_month_ago)
    mark = {"up": "▲", "down": "▼", "same": "=", "new": "+"}[line.move]
    return format_html(
        '<span class="move move-{}" title="{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
        line.move,
        said,
        mark,
        said,
    )


@register.filter
def compared_with(line: Line) -> str:
    return words.compared_with(line.earlier_month, is_month_ago=line.is_month_ago)


@register.filter
def signed(value: float | None) -> str:
    """A change with its sign: "+0.4", "−1.2", "0"."""
    if value is None:
        return "—"
    rounded = round(value, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{number(abs(rounded), decimals=1)}"


@register.filter
def percent_change(value: float) -> str:
    """A share of change with its sign: "−11 %" is less error."""
    sign = "" if round(100 * value) == 0 else "+" if value > 0 else "−"
    return f"{sign}{number(abs(round(100 * value)), '%', 0)}"


@register.filter
def thousandths(share: float) -> int:
    """A share of 0 to 1 on a scale of 1000, for drawings."""
    return round(1000 * share)


@register.simple_tag
def flashpoint_state(found: Flashpoint) -> str:
    return flashpoint_pill(found)


@register.simple_tag
def measure_state(found: Measure) -> str:
    return measure_pill(found)
