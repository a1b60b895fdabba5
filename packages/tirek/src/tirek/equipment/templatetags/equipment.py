"""{% load equipment %}: how states of equipment look."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tirek.equipment.models import Item
from tirek.equipment.registry import Live
from tirek.ui.templatetags.tirek import icon

register = template.Library()

State = Item.State
SHAPES = {
    State.PLANNED: ("clock", "mute"),
    State.WORKS: ("circle-check", "good"),
    State.FAULT: ("alert-triangle", "warn"),
    State.REPAIR: ("tool", "warn"),
    State.MISSING: ("help-circle", "warn"),
    State.RETIRED: ("archive-off", "mute"),
}


@register.simple_tag
def item_state(item: Item, live: Live | None = None) -> SafeString:
    """The state that people wrote down; where a device says itself that it does not work, that too."""
    name, tone = SHAPES[State(item.state)]
    own = format_html('<span class="item-state {}">{} {}</span>', tone, icon(name), item.get_state_display())
    if live is None or item.state in (State.RETIRED, State.PLANNED):
        return own
    if live.works is False:
        heard = format_html('<span class="item-state warn">{} {}</span>', icon("wifi-off"), live.label)
        # What people wrote down matters beside it only where it says more than "works".
        return heard if item.state == State.WORKS else format_html("{}<br>{}", own, heard)
    return format_html('{}<small class="mute d-block">{}</small>', own, live.label)


@register.filter
def get(values: dict[int, Live], key: int) -> Live | None:
    return values.get(key)
