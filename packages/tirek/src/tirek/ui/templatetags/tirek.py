"""Tags of the house. Built in: templates need no {% load %}."""

from __future__ import annotations

import logging
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CharField, Field, Form
from django.http import QueryDict
from django.template.loader import get_template
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can
from tirek.ui import assets
from tirek.ui.messages import relative
from tirek.ui.rounding import about

register = template.Library()
logger = logging.getLogger(__name__)

NONE = "—"
NBSP = "\u00a0"

# Each state of proof has a shape of its own (12 x 12), a colour (by class) and a word.
SHAPES = {
    "heard": '<circle cx="6" cy="6" r="5" fill="currentColor"/>',
    "accepted": '<rect x="1.5" y="1.5" width="9" height="9" fill="currentColor"/>',
    "unknown": '<path d="M6 1 11.5 11H.5z" fill="currentColor"/>',
    "failed": '<path d="m2 2 8 8m0-8-8 8" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/>',
    "expired": '<circle cx="6" cy="6" r="4" fill="currentColor"/>',
    "pending": '<circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="2 2"/>',
    "ready": '<circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="2"/>',
    "off": '<path d="M1 6h10" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/>',
}
WORDS: dict[str, Promise] = {
    "heard": _("heard"),
    "accepted": _("accepted"),
    "unknown": _("unknown"),
    "failed": _("failed"),
    "expired": _("expired"),
    "pending": _("pending"),
    "ready": _("ready"),
    "off": _("not in service"),
}


@register.simple_tag
def vite(entry: str) -> SafeString:
    """Style sheets and script of an entry of the front end: {% vite 'main' %}."""
    try:
        styles, scripts = assets.files(entry)
    except assets.NotBuilt:
        if settings.DEBUG:
            raise
        # The server goes on without looks: an alarm on a bare page beats an error page.
        logger.exception("The front end is missing")
        return mark_safe("")
    links = format_html_join("", '<link rel="stylesheet" href="{}">', ((s,) for s in styles))
    preloads = format_html_join("", '<link rel="modulepreload" href="{}">', ((s,) for s in scripts[:-1]))
    return links + preloads + format_html('<script type="module" src="{}"></script>', scripts[-1])


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A Tabler icon by name: {% icon 'bell' %}. With a label it speaks to screen readers, otherwise it is decoration."""
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {}><use href="{}#{}"></use></svg>', css, voice, assets.asset("icons.svg"), name
    )


@register.simple_tag
def state_pill(state: str, word: str = "", plain: bool = False) -> SafeString:
    """A state of proof: {% state_pill delivery.state %}. Another word may stand for it; `plain` leaves the ground out."""
    shape = mark_safe(SHAPES.get(state, SHAPES["pending"]))  # noqa: S308 - our own constants
    return format_html(
        '<span class="state state-{}{}"><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>{}</span>',
        state,
        " state-plain" if plain else "",
        shape,
        word or WORDS.get(state, state),
    )


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """A moment in words relative to now, kept true by the page; the exact time stands in the tip."""
    if moment is None:
        return NONE
    local = timezone.localtime(moment)
    exact = formats.date_format(local, "DATETIME_FORMAT")
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        moment.isoformat(timespec="seconds"),
        f"{exact}:{local:%S}",
        relative((moment - timezone.now()).total_seconds()),
    )


@register.simple_tag
def timer(moment: datetime | None, down: str = "") -> SafeString | str:
    """A running clock from a moment on ("00:38"), or towards it: {% timer alert.expires 'down' %}."""
    if moment is None:
        return NONE
    passed = (timezone.now() - moment).total_seconds()
    seconds = max(0, int(-passed if down else passed))
    hours, rest = divmod(seconds, 3600)
    text = f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"
    return format_html(
        '<time datetime="{}" data-timer="{}">{}</time>', moment.isoformat(), "down" if down else "up", text
    )


@register.simple_tag
def number(value: Decimal | float | int | None, unit: str = "", decimals: int | None = None) -> str:
    """A number as the language writes it, with its unit on the same line; nothing known is a dash."""
    if value is None or value == "":
        return NONE
    if decimals is not None and isinstance(value, float):
        value = round(value, decimals)  # Django cuts the rest off
    text = formats.number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return f"{text}{NBSP}{unit}" if unit else text


@register.filter
def rough(value: float | None) -> str:
    """What is said with "about"."""
    return number(value if value is None else about(value))


@register.filter
def may(user: Any, permission: str) -> bool:
    """Whether a link leads somewhere for this person: {% if user|may:'warning.view_plan' %}."""
    return bool(can(user, permission))


@register.simple_tag
def tag(text: str, tone: str = "") -> SafeString:
    """A small label. Tones: accent, warn, live, exercise."""
    return format_html('<span class="tag{}">{}</span>', f" tag-{tone}" if tone else "", text)


@register.simple_tag
def progress(value: float, maximum: float = 100, label: str = "") -> SafeString:
    """A bar with its number."""
    share = round(100 * value / maximum) if maximum else 0
    return format_html(
        '<span class="meter-cell"><progress value="{}" max="{}" aria-label="{}"></progress>{}{}%</span>',
        value,
        maximum,
        label,
        share,
        NBSP,
    )


@register.inclusion_tag("ui/parts/stat.html")
def stat(value: Any, label: str, note: str = "", url: str = "", tone: str = "") -> dict[str, Any]:
    """One number of a strip: {% stat 214 _("on the register") %} inside <div class="panel stats">."""
    shown = number(value) if isinstance(value, (int, float, Decimal)) else value
    return {"value": shown, "label": label, "note": note, "url": url, "tone": tone}


@register.inclusion_tag("ui/parts/empty.html")
def empty(icon_name: str, title: str, text: str = "", url: str = "", act: str = "") -> dict[str, Any]:
    """Nothing here yet: what will stand here, and the one act that starts it."""
    return {"icon_name": icon_name, "title": title, "text": text, "url": url, "act": act}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: list[dict[str, Any]], current: str) -> dict[str, Any]:
    """Tabs that are pages: items are {"key", "label", "url", "count"}."""
    return {"items": items, "current": current}


@register.simple_tag(takes_context=True)
def section(context: Any, part: Any) -> SafeString:
    """A section or tab that another app gave (ui.sections): its context is there by name, and as a whole as `section`."""
    found = part.context() if callable(part.context) else part.context
    with context.push(**{**found, "section": found}):
        return mark_safe(get_template(part.template).template.render(context))  # noqa: S308 - a template of ours


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(items: list[dict[str, Any]]) -> dict[str, Any]:
    """What happened, in order: items are {"at", "text", "by", "key"}."""
    return {"items": items}


@register.inclusion_tag("ui/parts/proofbar.html")
def proofbar(counts: dict[str, int]) -> dict[str, Any]:
    """Shares of the states of proof as one bar: {"heard": 127, "accepted": 7, ...}."""
    total = sum(counts.values()) or 1
    parts, x = [], 0.0
    for state in ("heard", "accepted", "unknown", "failed", "expired", "pending"):
        if count := counts.get(state, 0):
            width = 1000 * count / total
            parts.append(
                {"state": state, "x": round(x, 2), "width": round(width, 2), "count": count, "word": WORDS[state]}
            )
            x += width
    return {"parts": parts}


@register.inclusion_tag("ui/parts/chips.html", takes_context=True)
def filter_chips(
    context: dict[str, Any], form: Form, total: int | None = None, rare: tuple[str, ...] = (), clear: str = ""
) -> dict[str, Any]:
    """Filters of a register as chips; the address bar keeps them. `form` is the filter's form (GET).

    Filters named in `rare` stand behind "More filters" until they are used. `clear` is where "Show all" leads. A field of the form
    may say in `when_empty` what holds while nothing is chosen.
    """
    query: QueryDict = context["request"].GET
    chips, searches = [], []
    for field in form:
        if field.is_hidden:
            continue
        if hasattr(field.field, "choices"):
            chips.append(_chip(field, query))
        elif isinstance(field.field, (CharField, Field)):
            searches.append(field)
    kept = [(key, value) for key in query if key not in form.fields and key != "page" for value in query.getlist(key)]
    return {
        "chips": [chip for chip in chips if chip["name"] not in rare or chip["chosen"]],
        "rare": [chip for chip in chips if chip["name"] in rare and not chip["chosen"]],
        "searches": searches,
        "kept": kept,
        "total": total,
        "filtered": any(query.get(name) for name in form.fields),
        "path": context["request"].path,
        "clear": clear or context["request"].path,
    }


def _chip(field: BoundField, query: QueryDict) -> dict[str, Any]:
    chosen = [value for value in query.getlist(field.html_name) if value]
    options = [
        {"value": str(value), "label": label, "on": str(value) in chosen}
        for value, label in field.field.choices
        if str(value) != ""
    ]
    rest = query.copy()
    rest.pop(field.html_name, None)
    rest.pop("page", None)
    return {
        "name": field.html_name,
        "label": field.label,
        "options": options,
        "chosen": ", ".join(str(o["label"]) for o in options if o["on"]),
        "empty": getattr(field.field, "when_empty", "") or _("any"),
        "multiple": getattr(field.field.widget, "allow_multiple_selected", False),
        "clear": f"?{rest.urlencode()}" if rest else "?",
    }


@register.filter
def tel(phone: str) -> str:
    """A phone number as an address to call."""
    return f"tel:{re.sub(r'[^+0-9]', '', str(phone))}"
