"""What people do with an alarm."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.alarms.actions.guard import refuse_sample
from tirek.alarms.models import Alarm, AlarmNote, AlarmStep, ResponseStep
from tirek.alarms.queries.plans import plan_for
from tirek.audit.act import Refused, Trace, act, snapshot

NOTE_SIZE = 4000
#: What `_accept` writes.
ACCEPTANCE = ("acknowledged_at", "acknowledged_by", "again_acknowledged_at", "again_acknowledged_by")


def acknowledge_alarm(user: Any, alarm_id: int) -> Alarm:
    """Say "I have seen it": the sound stops everywhere, the time is kept. Doing it twice changes nothing; the first counts.

    An alarm that has rung again since then is accepted again, and that time is kept beside the first.
    """
    with act("alarms.acknowledge_alarm", user) as trace:
        alarm = _locked(user, "acknowledge", alarm_id)
        before = snapshot(alarm)
        if alarm.state == Alarm.State.NEW:
            alarm.state = Alarm.State.ACKNOWLEDGED
            _accept(alarm, user, timezone.now())
            alarm.save(update_fields=["state", *ACCEPTANCE])
            _line(alarm, "acknowledged", user)
        _leave(trace, alarm, before)
    return alarm


def take_alarm(user: Any, alarm_id: int) -> Alarm:
    """Take an alarm in hand: from now on this person deals with it. A colleague may take it over. Accepts it as well."""
    with act("alarms.take_alarm", user) as trace:
        alarm = _locked(user, "take", alarm_id)
        before = snapshot(alarm)
        _refuse_closed(alarm)
        now = timezone.now()
        _accept(alarm, user, now)
        if alarm.state != Alarm.State.IN_HAND or alarm.taken_by_id != user.pk:
            alarm.state, alarm.taken_at, alarm.taken_by = Alarm.State.IN_HAND, now, user
            _line(alarm, "taken", user)
        alarm.save(update_fields=["state", *ACCEPTANCE, "taken_at", "taken_by"])
        _leave(trace, alarm, before)
    return alarm


def close_alarm(user: Any, alarm_id: int, outcome: str, note: str = "") -> Alarm:
    """Close an alarm as real, false or test. A false alarm needs a word on what caused it. Raises Refused."""
    outcomes = {Alarm.Outcome.REAL, Alarm.Outcome.FALSE, Alarm.Outcome.TEST}
    with act("alarms.close_alarm", user, why=note.strip()[:NOTE_SIZE]) as trace:
        alarm = _locked(user, "close", alarm_id)
        before = snapshot(alarm)
        _refuse_closed(alarm)
        if outcome not in outcomes:
            raise Refused(_("Say whether the alarm was real, false or a test."))
        if outcome == Alarm.Outcome.FALSE and not note.strip():
            raise Refused(_("Write in a few words what caused the false alarm."))
        now = timezone.now()
        _accept(alarm, user, now)
        alarm.state, alarm.outcome, alarm.close_note = Alarm.State.CLOSED, outcome, note.strip()[:NOTE_SIZE]
        alarm.closed_at, alarm.closed_by = now, user
        alarm.save()
        _line(alarm, "closed", user, alarm.close_note, outcome=outcome)
        _leave(trace, alarm, before)
    return alarm


def reopen_alarm(user: Any, alarm_id: int, why: str) -> Alarm:
    """Take up a closed alarm again, for example one that was closed by mistake. Raises Refused."""
    with act("alarms.reopen_alarm", user, why=why.strip()[:NOTE_SIZE]) as trace:
        alarm = _locked(user, "reopen", alarm_id)
        before = snapshot(alarm)
        if alarm.state != Alarm.State.CLOSED:
            raise Refused(_("This alarm is open already."))
        if not why.strip():
            raise Refused(_("Write why the alarm is taken up again."))
        alarm.state, alarm.outcome, alarm.close_note = Alarm.State.IN_HAND, "", ""
        alarm.closed_at = alarm.closed_by = None
        alarm.taken_at, alarm.taken_by = timezone.now(), user
        try:
            with transaction.atomic():
                alarm.save()
        except IntegrityError:
            raise Refused(_("Another alarm of this kind is open at the facility. Work on that one.")) from None
        _line(alarm, "reopened", user, why.strip()[:NOTE_SIZE])
        _leave(trace, alarm, before)
    return alarm


def note_alarm(user: Any, alarm_id: int, text: str) -> AlarmNote:
    """Write a line into the time line. Raises Refused when it is empty."""
    with act("alarms.note_alarm", user) as trace:
        alarm = _locked(user, "note", alarm_id)
        if not text.strip():
            raise Refused(_("Write something first."))
        note = _line(alarm, "note", user, text.strip()[:NOTE_SIZE])
        trace.on(alarm, after={"note": note.text})
        _tell(trace, alarm)
    return note


def check_step(user: Any, alarm_id: int, step_id: int, done: bool = True) -> Alarm:
    """Tick a step of the response plan, or take the tick away. Doing it twice changes nothing. Raises Refused."""
    with act("alarms.check_step", user) as trace:
        alarm = _locked(user, "note", alarm_id)
        _refuse_closed(alarm)
        plan = plan_for(alarm)
        step = ResponseStep.objects.filter(pk=step_id, plan=plan).first() if plan else None
        if step is None:
            raise Refused(_("This step is not part of the plan any more. Load the page again."))
        now = timezone.now()
        if done:
            _row, changed = AlarmStep.objects.get_or_create(
                alarm=alarm, step=step, defaults={"done_at": now, "done_by": user}
            )
        else:
            changed = bool(AlarmStep.objects.filter(alarm=alarm, step=step).delete()[0])
        if changed:
            _line(alarm, "step" if done else "unstep", user, step=step.pk, texts=_texts(step))
        trace.on(alarm, before={"step": step.text_en, "done": not done}, after={"step": step.text_en, "done": done})
        _tell(trace, alarm)
    return alarm


def mark_shown(user: Any, alarm_ids: Iterable[int]) -> int:
    """Keep the moment at which a desk first showed new alarms. Only people who may accept an alarm count as a desk.

    Not an act: nobody decides anything. Returns how many were shown for the first time.
    """
    now = timezone.now()
    with transaction.atomic():
        rows = Alarm.objects.restrict(user, "acknowledge").filter(pk__in=list(alarm_ids)[:200], shown_at=None)
        if user.is_sample:
            rows = rows.filter(is_sample=True)
        shown = [
            alarm
            for alarm in rows.only("pk", "opened_at")
            if Alarm.objects.filter(pk=alarm.pk, shown_at=None).update(shown_at=now)
        ]
        AlarmNote.objects.bulk_create(
            AlarmNote(
                alarm=alarm,
                at=now,
                kind="shown",
                data={"ms": max(0, round((now - alarm.opened_at).total_seconds() * 1000))},
            )
            for alarm in shown
        )
    return len(shown)


def _locked(user: Any, action: str, alarm_id: int) -> Alarm:
    """The alarm, locked, if the person may act on it. Raises Alarm.DoesNotExist, or Refused to sample people."""
    allowed = Alarm.objects.restrict(user, action).filter(pk=alarm_id).values("pk")
    alarm: Alarm = (
        Alarm.objects.select_for_update(of=("self",))
        .select_related("facility__area", "facility__type")
        .get(pk__in=allowed)
    )
    refuse_sample(user, alarm)
    return alarm


def _accept(alarm: Alarm, user: Any, now: datetime) -> None:
    """Keep who accepted it when: once for its first call, and anew each time it rang again. What was before stays as it was."""
    if alarm.acknowledged_at is None:
        alarm.acknowledged_at, alarm.acknowledged_by = now, user
    if alarm.again_at and alarm.again_acknowledged_at is None:
        alarm.again_acknowledged_at, alarm.again_acknowledged_by = now, user


def _refuse_closed(alarm: Alarm) -> None:
    if alarm.state == Alarm.State.CLOSED:
        raise Refused(_("This alarm is closed already."))


def _line(alarm: Alarm, kind: str, user: Any, text: str = "", **data: Any) -> AlarmNote:
    return AlarmNote.objects.create(alarm=alarm, at=timezone.now(), person=user, kind=kind, text=text, data=data)


def _texts(step: ResponseStep) -> dict[str, str]:
    """The step's words as they were: a plan may be changed later, the time line may not."""
    return {"kk": step.text_kk, "ru": step.text_ru, "en": step.text_en}


def _leave(trace: Trace, alarm: Alarm, before: dict[str, Any]) -> None:
    trace.on(alarm, before=before, after=snapshot(alarm))
    _tell(trace, alarm)


def _tell(trace: Trace, alarm: Alarm) -> None:
    data = {"id": alarm.pk, "new": False}
    trace.event("alarm.changed", data, permission="alarms.view_alarm", area_path=alarm.area_path)
