"""Ending what sounds: all-clear, cancellation, silence, expiry; and the repeats in between."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import require
from tirek.audit.act import Refused, act, snapshot
from tirek.warning import bulk, commands, numbering, queries, reach, wording
from tirek.warning.actions.deciding import AlreadyDone
from tirek.warning.actions.following import drop_prepared
from tirek.warning.actions.issuing import delivered_spots, issue, repeat
from tirek.warning.actions.presence import NO_FACTOR, Presence, demand_live, refuse_sample
from tirek.warning.actions.rows import locked_alert, tell
from tirek.warning.models import Alert, Endpoint, Mode, Plan
from tirek.warning.plans import ALL_CLEAR, CANCELLED, ENDINGS


def all_clear_alert(user: Any, alert_id: int, presence: Presence = NO_FACTOR, *, note: str = "") -> Alert:
    """Tell everybody who was warned that the danger is over. One act: a CAP update with response type AllClear.

    Also for a day after the warning's time ran out: that ends the warning, not the danger.

    Returns the new message, issued. Live asks for a fresh second factor.
    """
    return _follow(user, alert_id, presence, Alert.Type.ALL_CLEAR, ALL_CLEAR.code, note)


def cancel_alert(user: Any, alert_id: int, presence: Presence = NO_FACTOR, *, note: str = "") -> Alert:
    """Take back an alert that was given by mistake, aloud and as a CAP Cancel. Returns the new message, issued."""
    return _follow(user, alert_id, presence, Alert.Type.CANCEL, CANCELLED.code, note)


def _follow(user: Any, alert_id: int, presence: Presence, kind: str, plan_code: str, note: str) -> Alert:
    with act("warning.end_alert", user, why=note.strip()) as trace:
        old = locked_alert(user, "end", alert_id)
        if old.plan.code in ENDINGS:
            raise Refused(_("This message ends a warning itself; there is nothing to call off."))
        if not queries.can_be_called_off(old):
            raise AlreadyDone(_("This alert has ended already."))
        _refuse_beside_another(old)
        demand_live(old, presence)
        plan = Plan.objects.filter(code=plan_code).first()
        if plan is None:
            raise Refused(
                _("The plan “%(code)s” is missing. An administrator can load the plans again.") % {"code": plan_code}
            )
        new = Alert(
            identifier=numbering.draft_identifier(old.mode), mode=old.mode, type=kind, follows=old, plan=plan,
            **old.alarm_words, area=old.area, area_text_kk=old.area_text_kk,
            area_text_ru=old.area_text_ru, area_text_en=old.area_text_en, geometry=old.geometry, circle=old.circle,
            slots=old.slots, texts=_plan_texts(plan, old), people=old.people, author=user, valid_min=plan.valid_min,
            note=note.strip(), is_sample=old.is_sample,
        )  # fmt: skip
        new.save()
        require(user, "warning.end_alert", new)
        issue(new, timezone.now())
        trace.on(new, after=snapshot(new))
        tell(trace, new)
        tell(trace, old)
    return new


def _refuse_beside_another(old: Alert) -> None:
    """Raise `Refused` when the time of `old` ran out and its loudspeakers give another warning: "safe" would be false."""
    other = queries.given_instead(old) if old.state == Alert.State.ENDED else None
    if other is not None:
        raise Refused(
            _("Another warning is valid in the same place: %(name)s. Give its all-clear first.") % {"name": other}
        )


def _plan_texts(plan: Plan, old: Alert) -> wording.Texts:
    """The plan's words about the place of the old alert, or about its area when no place was named."""
    areas = {"kk": old.area_text_kk, "ru": old.area_text_ru, "en": old.area_text_en}
    slots = {
        language: {"place": old.slots.get(language, {}).get("place") or area, "area": area}
        for language, area in areas.items()
    }
    texts = {text.language: {part: getattr(text, part) for part in wording.PARTS} for text in plan.texts.all()}
    return wording.fill(texts, slots)


def silence_alert(user: Any, alert_id: int) -> Alert:
    """Stop the sound of one alert at once. The alert itself stays valid; it sounds no more.

    What else sounds goes on: an exercise can be stopped beside a live warning, which `silence_all` would stop as well.
    """
    with act("warning.silence_alert", user) as trace:
        alert = locked_alert(user, "silence", alert_id)
        refuse_sample(user, alert)
        if alert.state != Alert.State.ISSUED:
            raise AlreadyDone(_("This alert has ended already."))
        now, before = timezone.now(), snapshot(alert)
        everybody = reach.everybody()
        spots = delivered_spots(alert, everybody)
        _mark_silenced(alert, now)
        if spots:
            commands.store(commands.silence(alert, spots, now, everybody=everybody))
        trace.on(alert, before=before, after=snapshot(alert))
        tell(trace, alert)
    return alert


def silence_all(user: Any, presence: Presence = NO_FACTOR, *, why: str = "") -> int:
    """Stop every sound in the part of the world where `user` may. Returns how many endpoints were told.

    It asks for nothing first: silence must not wait. A sample session can only silence exercises.
    """
    with act("warning.silence_alert", user, why=why) as trace:
        mode = Mode.EXERCISE if presence.sample else Mode.LIVE
        grants = user.grants("warning.silence_alert")
        there = Endpoint.objects.exclude(enrolled_at=None).filter(Endpoint.policy.rows(user, grants))
        spots, now = reach.spots(there.distinct()), timezone.now()
        if not spots:
            raise Refused(_("There is no loudspeaker or siren that you could silence."))
        sounding = Alert.objects.restrict(user, "silence").filter(state=Alert.State.ISSUED, silenced_at=None)
        ids = list(sounding.filter(**({"mode": mode} if mode == Mode.EXERCISE else {})).values_list("pk", flat=True))
        rows = Alert.objects.select_for_update(of=("self",)).select_related("area").filter(pk__in=ids)
        alerts = list(rows.order_by("pk"))
        bulk.hold_deliveries(ids)
        for alert in alerts:
            _mark_silenced(alert, now)
            tell(trace, alert)
        made = commands.silence_all(spots, mode, now, everybody=reach.everybody())
        commands.store(made)
        trace.on(
            made[0], after={"alerts": [alert.identifier for alert in alerts], "endpoints": len(spots), "mode": mode}
        )
    return len(spots)


def hush_restored() -> list[str]:
    """Silence every alert that is still valid in a database that was put back from a backup. Returns their identifiers.

    Nobody knows here what was done since: it may have been ended, and would now sound again. It stays valid, so that officers
    see it and decide.
    """
    now, hushed = timezone.now(), []
    valid = Alert.objects.filter(state=Alert.State.ISSUED, silenced_at=None, expires_at__gt=now)
    for alert_id in list(valid.order_by("pk").values_list("pk", flat=True)):
        with act("warning.silence_alert", system="installation") as trace:
            alert = _locked_by_system(alert_id)
            before = snapshot(alert)
            _mark_silenced(alert, now)
            trace.on(alert, before=before, after=snapshot(alert))
            tell(trace, alert)
            hushed.append(alert.identifier)
    return hushed


def _mark_silenced(alert: Alert, now: datetime) -> None:
    alert.silenced_at, alert.next_repeat_at = now, None
    alert.save(update_fields=["silenced_at", "next_repeat_at"])
    bulk.expire_deliveries(alert.pk, now, "silenced before it answered")


def repeat_alert(alert_id: int, now: datetime, *, system: str) -> None:
    """Sound an alert once more. Raises `AlreadyDone` when it is not due, e.g. because another process was first."""
    with act("warning.repeat_alert", system=system) as trace:
        alert = _locked_by_system(alert_id)
        due = alert.state == Alert.State.ISSUED and alert.next_repeat_at is not None and alert.next_repeat_at <= now
        if not due:
            raise AlreadyDone("not due")
        before = snapshot(alert)
        repeat(alert, now)
        trace.on(alert, before=before, after=snapshot(alert))
        tell(trace, alert)


def expire_alert(alert_id: int, now: datetime, *, system: str) -> None:
    """End an alert whose time ran out. Raises `AlreadyDone` when it has ended or is still valid.

    A correction that waits for the second person goes on waiting: it may be what makes the warning last longer.
    """
    with act("warning.expire_alert", system=system) as trace:
        alert = _locked_by_system(alert_id)
        if alert.state != Alert.State.ISSUED or alert.expires_at is None or alert.expires_at > now:
            raise AlreadyDone("not due")
        before = snapshot(alert)
        alert.state, alert.ending, alert.ended_at = Alert.State.ENDED, Alert.Ending.EXPIRED, alert.expires_at
        alert.next_repeat_at = None
        alert.save(update_fields=["state", "ending", "ended_at", "next_repeat_at"])
        drop_prepared(alert)
        bulk.expire_deliveries(alert.pk, now, "")
        trace.on(alert, before=before, after=snapshot(alert))
        tell(trace, alert)


def _locked_by_system(alert_id: int) -> Alert:
    return Alert.objects.select_for_update(of=("self",)).select_related("area", "plan").get(pk=alert_id)
