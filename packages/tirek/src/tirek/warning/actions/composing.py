"""Composing an alert: a draft, and sending it to the second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import require
from tirek.audit.act import Refused, act, snapshot
from tirek.places.models import LANGUAGES
from tirek.warning import numbering, reach, rules, sound, wording
from tirek.warning.actions.following import demand_open, demand_the_only_one, is_open, refuse_while_one_waits, set_aside
from tirek.warning.actions.issuing import prepare_correction
from tirek.warning.actions.presence import NO_FACTOR, Presence, demand_live, refuse_sample
from tirek.warning.actions.rows import locked_alert, tell
from tirek.warning.models import Alert, Mode, Plan
from tirek.warning.reasons import TOO_LATE
from tirek.warning.shapes import Shape


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer has put together. `slots` and `texts` are by language, see `wording`."""

    mode: str
    plan: Plan
    shape: Shape
    texts: wording.Texts
    slots: wording.Texts = field(default_factory=dict)
    place: dict[str, str] = field(default_factory=dict)
    valid_min: int | None = None
    alarm_id: int | None = None
    #: The alarm in a few words, by language; empty when the author may not see it.
    alarm_words: Mapping[str, str] = field(default_factory=dict)
    #: Says that two requests are the same press of a button; empty when that cannot be.
    key: str = ""


def compose_alert(user: Any, draft: Draft, presence: Presence = NO_FACTOR) -> Alert:
    """Keep a new draft. Its mode is fixed from here on. A draft with the `key` of an own alert is that alert, as it is now.

    Raises `Refused` when there is no area, nobody in it to sound the alert, or the session may not warn live.
    """
    try:
        return _composed(user, draft.key) or _compose(user, draft, presence)
    except IntegrityError:
        # The other request with the same key was a moment faster.
        first = _composed(user, draft.key)
        if first is None:
            raise
        return first


def _composed(user: Any, key: str) -> Alert | None:
    return Alert.objects.filter(author=user, draft_key=key).first() if key else None


def _compose(user: Any, draft: Draft, presence: Presence) -> Alert:
    with act("warning.compose_alert", user) as trace:
        if draft.mode not in Mode.values:
            raise Refused(_("Choose first: live or exercise."))
        alert = Alert(mode=draft.mode, identifier=numbering.draft_identifier(draft.mode), author=user)
        alert.is_sample, alert.draft_key = presence.sample, draft.key or None
        _refuse_sample_live(alert, presence)
        _put(alert, draft)
        alert.save()
        require(user, "warning.compose_alert", alert)
        trace.on(alert, after=snapshot(alert))
        tell(trace, alert)
    return alert


def revise_alert(user: Any, alert_id: int, draft: Draft) -> Alert:
    """Put new content into an own draft. The mode cannot change: that would be another alert."""
    with act("warning.compose_alert", user) as trace:
        alert = locked_alert(user, "compose", alert_id)
        _own_draft(user, alert)
        if draft.mode != alert.mode:
            raise Refused(_("The mode of an alert is fixed. Begin a new alert for the other mode."))
        before = snapshot(alert)
        _put(alert, draft)
        alert.save()
        require(user, "warning.compose_alert", alert)
        trace.on(alert, before=before, after=snapshot(alert))
        tell(trace, alert)
    return alert


def correct_alert(user: Any, alert_id: int) -> Alert:
    """Take over the correction that was prepared when the alert was issued, to change it and send it.

    Returns the draft. Raises `Refused` when the alert has ended, and while another correction waits.
    """
    with act("warning.correct_alert", user) as trace:
        old = locked_alert(user, "correct", alert_id)
        refuse_sample(user, old)
        if not is_open(old):
            raise Refused(_("This alert has ended. Compose a new one."))
        now = timezone.now()
        too_late = refuse_while_one_waits(old, now)
        drafts = Alert.objects.filter(follows=old, state=Alert.State.DRAFT, type=Alert.Type.UPDATE)
        draft = drafts.first() or prepare_correction(old)
        before = snapshot(draft)
        draft.author = user
        draft.save(update_fields=["author"])
        set_aside(too_late, now, TOO_LATE)
        trace.on(draft, before=before, after=snapshot(draft))
        tell(trace, draft)
    return draft


def send_for_confirmation(user: Any, alert_id: int, presence: Presence = NO_FACTOR) -> Alert:
    """Show an own draft to the second person. Live asks for the author's fresh second factor."""
    with act("warning.send_alert", user) as trace:
        alert = locked_alert(user, "send", alert_id)
        if alert.state == Alert.State.WAITING:
            raise Refused(_("This alert is with the second person already."))
        _own_draft(user, alert)
        demand_open(alert)
        demand_the_only_one(alert)
        demand_live(alert, presence)
        refuse_faulty(alert)
        before = snapshot(alert)
        alert.state, alert.sent_at = Alert.State.WAITING, timezone.now()
        sound.freeze(alert)
        alert.save(update_fields=["state", "sent_at", "sound"])
        trace.on(alert, before=before, after=snapshot(alert))
        tell(trace, alert)
    return alert


def withdraw_alert(user: Any, alert_id: int) -> Alert:
    """Take an own alert back from the second person, to change it."""
    with act("warning.compose_alert", user) as trace:
        alert = locked_alert(user, "compose", alert_id)
        if alert.author_id != user.pk or alert.state != Alert.State.WAITING:
            raise Refused(_("Only the author can take back an alert, and only while it waits."))
        demand_the_only_one(alert)
        before = snapshot(alert)
        alert.state, alert.sent_at, alert.sound = Alert.State.DRAFT, None, {}
        alert.save(update_fields=["state", "sent_at", "sound"])
        trace.on(alert, before=before, after=snapshot(alert))
        tell(trace, alert)
    return alert


def discard_alert(user: Any, alert_id: int) -> None:
    """Delete an own draft. The log keeps what it was."""
    with act("warning.compose_alert", user) as trace:
        alert = locked_alert(user, "compose", alert_id)
        _own_draft(user, alert)
        trace.on(alert, before=snapshot(alert), after={})
        tell(trace, alert)
        alert.delete()


def refuse_faulty(alert: Alert) -> None:
    """Raise `Refused` when the texts or their timing cannot be issued."""
    found = wording.problems(alert.texts) or sound.problems_of(alert)
    if found:
        raise Refused(" ".join(found))


def _refuse_sample_live(alert: Alert, presence: Presence) -> None:
    if alert.is_live and presence.sample:
        demand_live(alert, presence)


def _own_draft(user: Any, alert: Alert) -> None:
    if alert.state != Alert.State.DRAFT:
        raise Refused(_("This alert is no draft any more."))
    if alert.author_id != user.pk:
        raise Refused(_("This is the draft of another person."))


def _put(alert: Alert, draft: Draft) -> None:
    found = reach.read(draft.shape.geometry, sample=alert.is_sample)
    if found.area is None:
        raise Refused(_("The shape goes beyond the map of areas. Draw it inside the province."))
    if not found.endpoints:
        raise Refused(
            _("No loudspeaker or siren stands in this area, so nobody would hear. Enlarge the area or choose another.")
        )
    words = reach.words_for(draft.shape, draft.place)
    alert.plan, alert.area = draft.plan, found.area
    alert.geometry = draft.shape.geometry
    alert.circle = list(draft.shape.circle) if draft.shape.circle else None
    alert.area_text_kk, alert.area_text_ru, alert.area_text_en = words["kk"], words["ru"], words["en"]
    alert.texts, alert.slots = draft.texts, draft.slots
    alert.people, alert.endpoint_count = found.people, len(found.endpoints)
    alert.valid_min = min(draft.valid_min or draft.plan.valid_min, rules.LONGEST_VALID_MIN)
    _name_alarm(alert, draft)


def _name_alarm(alert: Alert, draft: Draft) -> None:
    """Say which alarm is answered. One that is named already stays, also for an author who may not see it."""
    if draft.alarm_id == alert.alarm_id and not draft.alarm_words:
        return
    alert.alarm_id = draft.alarm_id if draft.alarm_words else None
    for language in LANGUAGES:
        setattr(alert, f"alarm_text_{language}", draft.alarm_words.get(language, "")[:300])
