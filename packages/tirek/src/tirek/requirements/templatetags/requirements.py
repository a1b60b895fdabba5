"""{% load requirements %}: standings and changes, as pages draw them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tirek.requirements import words
from tirek.requirements.compare import GONE, NEW, Piece
from tirek.requirements.models import Standing

register = template.Library()

# Each state has a shape of its own (12 x 12), a colour by its class, and a word. "Not met" is no alarm: it is not red.
SHAPES = {
    "met": '<path d="m2 6.5 2.7 2.7L10 3.5" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/>',
    "unmet": '<path d="m2.5 2.5 7 7m0-7-7 7" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/>',
    "na": '<path d="M2 6h8" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/>',
    "unknown": '<circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="2 2"/>',
}


@register.simple_tag
def standing_pill(state: str) -> SafeString:
    """Met, not met, does not apply, not known: {% standing_pill line.state %}."""
    shape = mark_safe(SHAPES.get(state, SHAPES["unknown"]))  # noqa: S308 - our own constants
    label = dict(Standing.State.choices).get(state, state)
    return format_html(
        '<span class="standing standing-{}"><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>{}</span>',
        state,
        shape,
        label,
    )


@register.simple_tag
def word_diff(pieces: list[Piece]) -> SafeString:
    """A changed text: what went is struck through, what came is underlined."""
    tags = {GONE: "<del>{}</del>", NEW: "<ins>{}</ins>"}
    return format_html_join("", "{}", ((format_html(tags.get(piece.kind, "{}"), piece.text),) for piece in pieces))


@register.filter
def source_name(name: str) -> str:
    return words.source(name)


@register.filter
def point_name(name: str) -> str:
    return words.point(name)


@register.filter
def field_name(name: str) -> Any:
    return words.FIELDS.get(name, name)
