"""Tags of the pages of warning."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override, pgettext

from tirek.warning.cap_words import in_words
from tirek.warning.reasons import heard_by, noted, said

register = template.Library()

SLOT = re.compile(r"\{(\w+)\}")


@register.simple_tag
def reason(text: str) -> str:
    """Why an endpoint did not sound, in the reader's language: {% reason delivery.reason %}."""
    return said(text)


@register.simple_tag
def note(text: str) -> str:
    """Why an alert was rejected or ended, in the reader's language when Tirek wrote it: {% note alert.note %}."""
    return noted(text)


@register.simple_tag
def probe(name: str) -> str:
    """What heard the sound, in the reader's language: {% probe delivery.proof.probe %}."""
    return heard_by(name)


@register.filter
def cap(value: str) -> str:
    """A value of CAP in the reader's language: {{ plan.urgency|cap }}."""
    return in_words(value)


@register.filter
def slots(text: str, language: str) -> SafeString:
    """A plan's words with their gaps marked, so that "{place}" reads as the place that will stand there."""
    with override(language):
        names = {"place": pgettext("gap", "place"), "area": pgettext("gap", "district")}
    marked = SLOT.sub(lambda found: f"<mark>{escape(names.get(found[1], found[1]))}</mark>", escape(text))
    return mark_safe(marked)  # noqa: S308 (escaped above)
