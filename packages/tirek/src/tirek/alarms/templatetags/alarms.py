"""Tags of the pages about alarms and panels."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.alarms.models import Panel
from tirek.ui.templatetags.tirek import NONE, state_pill, tag

register = template.Library()


@register.filter
def duration(value: timedelta | float | None) -> str:
    """ "9 s", "2 min 05 s", "1 h 20 min"; of a timedelta or of seconds."""
    if value is None:
        return NONE
    seconds = max(0, round(value.total_seconds() if isinstance(value, timedelta) else value))
    if seconds < 60:
        return _("%(s)d s") % {"s": seconds}
    if seconds < 3600:
        return _("%(m)d min %(s)02d s") % {"m": seconds // 60, "s": seconds % 60}
    return _("%(h)d h %(m)02d min") % {"h": seconds // 3600, "m": seconds // 60 % 60}


@register.filter
def after(later: datetime | None, earlier: datetime) -> str:
    """How long after `earlier`: {{ alarm.acknowledged_at|after:alarm.opened_at }}."""
    return duration(later - earlier if later else None)


@register.filter
def profile_name(profile: str) -> str:
    """How a panel writes its frames: by the standard, or in the manner of a maker, who has a name."""
    return {"auto": _("found by itself"), "standard": _("by the standard")}.get(profile, profile.upper())


@register.simple_tag
def panel_state(panel: Panel) -> str:
    """A panel's state: a shape, a colour and a word."""
    if panel.test_until and panel.test_until > timezone.now():
        return tag(_("under test"), "exercise")
    if panel.silent_since:
        return state_pill("failed", _("does not answer"))
    if panel.last_seen is None:
        return state_pill("unknown", _("never heard"))
    return state_pill("heard", _("answers"))
