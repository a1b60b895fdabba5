"""The second person's decision, and the emergency path without one."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, Trace, act, snapshot
from tirek.warning import reach, rules, sound
from tirek.warning.actions.composing import refuse_faulty
from tirek.warning.actions.issuing import issue
from tirek.warning.actions.presence import NO_FACTOR, Presence, demand_live, refuse_sample
from tirek.warning.actions.rows import locked_alert, tell
from tirek.warning.models import Alert, SeenOverride
from tirek_protocols.command import audio_to_body

LEAST_REASON = 10


class AlreadyDone(Refused):
    """Somebody decided this a moment ago: nothing is wrong, and nothing is done twice."""


def confirm_alert(user: Any, alert_id: int, presence: Presence = NO_FACTOR, *, seen: str) -> Alert:
    """Issue an alert that another person composed.

    `seen` is the `fingerprint` of what the confirmer had before their eyes: what changed since then must be read again.
    Raises `Refused` for the author, for what waited too long, and without a fresh second factor when live;
    `AlreadyDone` when the alert is issued or rejected already.
    """
    with act("warning.confirm_alert", user) as trace:
        alert = locked_alert(user, "confirm", alert_id)
        now = timezone.now()
        _demand_waiting(alert, now)
        if alert.author_id == user.pk:
            raise Refused(_("You wrote this alert. Another person must confirm it."))
        demand_live(alert, presence)
        if seen != fingerprint(alert):
            raise Refused(_("Something changed since you opened this page. Read the alert again, then decide."))
        refuse_faulty(alert)
        _issue(trace, alert, now, confirmed_by=user)
    return alert


def override_alert(user: Any, alert_id: int, why: str, presence: Presence = NO_FACTOR) -> Alert:
    """Emergency: the author issues an own alert alone. Every chief is told at once, with the reason.

    Live asks for a fresh second factor all the same.
    """
    with act("warning.override_alert", user, why=why.strip()) as trace:
        alert = locked_alert(user, "override", alert_id)
        now = timezone.now()
        if alert.state not in (Alert.State.DRAFT, Alert.State.WAITING):
            raise AlreadyDone(_("This alert was decided already."))
        if alert.author_id != user.pk:
            raise Refused(_("Only its author can issue an alert alone. You can confirm it."))
        if len(why.strip()) < LEAST_REASON:
            raise Refused(_("Say in a few words why it cannot wait for the second person."))
        demand_live(alert, presence)
        refuse_faulty(alert)
        alert.override_reason = why.strip()
        _issue(trace, alert, now, confirmed_by=None, override=True)
    return alert


def acknowledge_override(user: Any, alert_id: int) -> Alert:
    """A chief says to have seen that an alert was issued by one person alone. It is not shown to that chief any more."""
    with act("warning.acknowledge_alert", user) as trace:
        alert = locked_alert(user, "acknowledge", alert_id)
        if not alert.is_override or alert.issued_at is None:
            raise Refused(_("This alert was not issued by one person alone."))
        _row, is_new = SeenOverride.objects.get_or_create(alert=alert, person=user)
        if not is_new:
            raise AlreadyDone(_("You have said already that you saw it."))
        trace.on(alert)
        tell(trace, alert)
    return alert


def reject_alert(user: Any, alert_id: int, why: str) -> Alert:
    """The second person says no. The author sees why and can compose anew."""
    with act("warning.reject_alert", user, why=why.strip()) as trace:
        alert = locked_alert(user, "reject", alert_id)
        refuse_sample(user, alert)
        if alert.state != Alert.State.WAITING:
            raise AlreadyDone(_("This alert was decided already."))
        if alert.author_id == user.pk:
            raise Refused(_("You wrote this alert. Take it back instead of rejecting it."))
        if not why.strip():
            raise Refused(_("Say why, so that the author can put it right."))
        before = snapshot(alert)
        alert.state, alert.note = Alert.State.REJECTED, why.strip()
        alert.ended_at, alert.ended_by = timezone.now(), user
        alert.save(update_fields=["state", "note", "ended_at", "ended_by"])
        trace.on(alert, before=before, after=snapshot(alert))
        tell(trace, alert)
    return alert


def fingerprint(alert: Alert) -> str:
    """A hash of all that a confirmer is shown: mode, shape, words, what sounds how often, who sounds now."""
    spots = reach.endpoints_inside(alert.geometry, sample=alert.is_sample)
    shown = [
        alert.pk, alert.mode, alert.type, alert.plan_id, alert.geometry, alert.texts, alert.valid_min, alert.people,
        alert.author_id, alert.sent_at.isoformat() if alert.sent_at else "", [spot.pk for spot in spots],
        audio_to_body(sound.parts_of(alert)), sound.repeats_of(alert),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def _demand_waiting(alert: Alert, now: datetime) -> None:
    if alert.state in (Alert.State.ISSUED, Alert.State.ENDED):
        raise AlreadyDone(_("This alert is issued already."))
    if alert.state != Alert.State.WAITING or alert.sent_at is None:
        raise AlreadyDone(_("This alert does not wait for confirmation any more."))
    if now - alert.sent_at > rules.CONFIRM_WITHIN:
        raise Refused(_("This alert has waited too long: things may have changed. Its author must send it again."))


def _issue(trace: Trace, alert: Alert, now: datetime, *, confirmed_by: Any, override: bool = False) -> None:
    before = snapshot(alert)
    alert.confirmed_by = confirmed_by
    alert.confirmed_at = now if confirmed_by else None
    issue(alert, now)
    trace.on(alert, before=before, after=snapshot(alert))
    tell(trace, alert, **({"override": True} if override else {}))
    if alert.follows is not None:
        tell(trace, alert.follows)
