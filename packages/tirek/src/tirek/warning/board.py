"""What the pages of one alert show: numbers, who is silent, what sounds, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from tirek.warning import queries, reach, rules, sound, wording
from tirek.warning.models import Alert, Endpoint
from tirek.warning.queries import Tally
from tirek_protocols.command import Clip, Speech, Tone


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what sounds: a word for it, seconds, and the words that are said."""

    name: str
    seconds: int
    text: str = ""
    language: str = ""


def spoken_parts(alert: Alert) -> list[Part]:
    """What endpoints play, in order."""
    found = []
    for part in sound.parts_of(alert):
        if isinstance(part, Tone):
            found.append(Part(tone_name(part.name), round(part.seconds)))
        elif isinstance(part, Speech):
            name = wording.LANGUAGE_NAMES[part.language]
            found.append(Part(name, round(rules.speech_seconds(part.text)), part.text, part.language))
        elif isinstance(part, Clip):
            name = f"{wording.LANGUAGE_NAMES[part.language]}, {_('recording')}"
            found.append(Part(name, round(part.seconds), wording.spoken(alert.texts[part.language]), part.language))
    return found


def tone_name(tone: str) -> str:
    """The signal in words."""
    return {
        "attention": _("Signal “Attention, everyone!”"),
        "all_clear": _("Signal of the all-clear"),
        "test": _("Test signal"),
    }.get(tone, tone)


def context(user: Any, alert: Alert) -> dict[str, Any]:
    """All that the live side shows to `user`."""
    tally: Tally = queries.tally(alert)
    return {
        "tally": tally,
        "silent": queries.silent(user, alert),
        "running": alert.state == Alert.State.ISSUED,
        "can_end": queries.can_be_called_off(alert),
        "repeats": _repeats(alert),
        "sounding_now": Endpoint.objects.filter(
            playing__in=alert.commands.filter(action="play").values("nonce")
        ).count(),
        "followed_by": alert.followed_by.exclude(state=Alert.State.DRAFT).order_by("issued_at"),
        "now": timezone.now(),
    }


def _repeats(alert: Alert) -> dict[str, Any] | None:
    """Which repeat comes next, and when; None when it sounds no more."""
    if alert.next_repeat_at is None or alert.state != Alert.State.ISSUED:
        return None
    return {"number": alert.soundings, "at": alert.next_repeat_at}


def reach_of(alert: Alert) -> reach.Reach:
    """Whom an alert that is not issued yet would reach now."""
    return reach.read(alert.geometry, sample=alert.is_sample)


def points_to_be(alert: Alert) -> list[dict[str, Any]]:
    """For the map before issue: endpoints inside the shape, by their state now."""
    inside = [spot.pk for spot in reach.endpoints_inside(alert.geometry, sample=alert.is_sample)]
    return queries.endpoint_points(Endpoint.objects.filter(pk__in=inside))


def now(user: Any) -> dict[str, Any]:
    """What every open page tells this person at once."""
    return {
        "waiting": [_line(alert) | {"author": str(alert.author)} for alert in queries.waiting(user)],
        "overridden": [
            _line(alert) | {"author": str(alert.author), "reason": alert.override_reason} | _to_see(alert)
            for alert in queries.overridden(user)
        ],
        "uncommanded": [
            {"name": str(event.endpoint), "url": reverse("warning:endpoint", args=[event.endpoint_id])}
            for event in queries.uncommanded(user)[:5]
        ],
        "called": may_be_called(user),
    }


def may_be_called(user: Any) -> bool:
    """Whether this person may have to decide or to see at once: their pages listen in the background too."""
    return bool(user.grants("warning.confirm_alert") or user.grants("warning.acknowledge_alert"))


def _to_see(alert: Alert) -> dict[str, str]:
    """When it was issued, in words, and where to say that it was seen."""
    assert alert.issued_at is not None
    when = formats.date_format(timezone.localtime(alert.issued_at), "SHORT_DATETIME_FORMAT")
    return {"when": when, "seen": reverse("warning:acknowledge", args=[alert.pk])}


def _line(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.pk,
        "mode": alert.mode,
        "headline": alert.headline,
        "url": reverse("warning:alert", args=[alert.pk]),
    }
