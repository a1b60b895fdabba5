"""Reminders before the term, escalation after it. Each goes once: a row says so, and the database holds the row to be one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tirek.accounts.access import can
from tirek.accounts.models import Person
from tirek.audit.act import act
from tirek.facilities import figures
from tirek.notices import rules
from tirek.notices.models import Notice, Reminder

log = logging.getLogger(__name__)
Kind = Reminder.Kind


def due_kind(days_left: int) -> tuple[Kind, int] | None:
    """Which reminder is due so many days before (negative: after) the term, and the day it is counted for; None for none.

    A day on which nothing ran is made up for: what was due yesterday is still due today, under yesterday's day.
    """
    if days_left > 0:
        passed = [day for day in rules.REMIND_BEFORE_DAYS if day >= days_left]
        return (Kind.BEFORE, min(passed)) if passed else None
    if days_left == 0:
        return Kind.ON_DAY, 0
    late = -days_left
    return Kind.OVERDUE, -(1 + (late - 1) // rules.REMIND_AFTER_DAYS * rules.REMIND_AFTER_DAYS)


def remind_all(today: date | None = None) -> int:
    """Send what is due for every open notice. Run it as often as you like; nothing goes twice. Returns how many went."""
    now = timezone.now()
    day = today or timezone.localdate(now)
    horizon = max(rules.REMIND_BEFORE_DAYS)
    rows = Notice.objects.filter(state__in=(Notice.State.ISSUED, Notice.State.SERVED, Notice.State.ANSWERED))
    near = [pk for pk, due in rows.values_list("pk", "due_on") if (due - day).days <= horizon]
    # What is overdue changes with the day, without any act: the copies beside the register follow here.
    figures.recount(rows.values_list("facility", flat=True))
    return sum(_remind(pk, day, now) for pk in near)


def _remind(pk: int, day: date, now: datetime) -> int:
    rows = Notice.objects.select_related("facility__area", "facility__agency", "issued_by")
    notice = rows.get(pk=pk)
    left = (notice.due_on - day).days
    due = due_kind(left)
    if due is None or not notice.is_open:
        return 0
    kind, counted = due
    escalate = -left >= rules.ESCALATE_AFTER_DAYS and notice.escalated_at is None
    if not escalate and notice.reminders.filter(kind=kind, for_due=notice.due_on, days=counted).exists():
        return 0
    people = recipients(notice)
    if notice.issued_by and kind == Kind.OVERDUE:
        people.append(notice.issued_by)
    with transaction.atomic():
        sent = tell(notice, kind, people, now, days=counted)
        if escalate:
            sent += tell(notice, Kind.ESCALATED, superiors(notice), now, days=counted)
            Notice.objects.filter(pk=pk).update(escalated_at=now)
        if sent or escalate:
            verb = "notices.escalate_notice" if escalate else "notices.remind_notice"
            with act(verb, system="worker") as trace:
                trace.on(
                    notice, after={"kind": str(kind), "days": counted, "people": [str(row.person) for row in sent]}
                )
                trace.event(
                    "notice.changed", {"id": pk}, permission="notices.view_notice", area_path=notice.facility.area.path
                )
    _mail(sent)
    return len(sent)


def tell(notice: Notice, kind: str, people: Iterable[Person], at: datetime, *, days: int = 0) -> list[Reminder]:
    """Put a line into the inbox of each, once. Returns the new lines."""
    rows = []
    for person in {person.pk: person for person in people}.values():
        row, made = Reminder.objects.get_or_create(
            notice=notice,
            kind=kind,
            for_due=notice.due_on,
            days=days,
            person=person,
            channel="inbox",
            defaults={"at": at},
        )
        if made:
            rows.append(row)
    return rows


def read_reminders(user: Any, pks: Sequence[int] | None = None) -> int:
    """Mark one's own lines as read (all of them without `pks`). Nobody else's business, so no entry in the log."""
    rows = Reminder.objects.filter(person=user, read_at=None)
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    return rows.update(read_at=timezone.now())


def recipients(notice: Notice) -> list[Person]:
    """The facility's contacts with an account that opens this notice."""
    people = Person.objects.filter(contact_of__facility=notice.facility_id, is_active=True).distinct()
    return [person for person in people if can(person, "notices.view_notice", notice)]


def superiors(notice: Notice) -> list[Person]:
    """The chiefs who may decide on this notice, and the people of the agency in charge who see it."""
    chiefs = Person.objects.filter(assignments__role="chief", is_active=True).distinct()
    found = [person for person in chiefs if can(person, "notices.extend_notice", notice)]
    if notice.facility.agency_id:
        agency = Person.objects.filter(agency=notice.facility.agency_id, is_active=True)
        found += [person for person in agency if can(person, "notices.view_notice", notice)]
    return found


def _mail(rows: Sequence[Reminder]) -> None:
    """The same by e-mail, where the installation has a mail server and the person an address. The inbox has it anyway."""
    if not settings.EMAIL_HOST:
        return
    for row in rows:
        person = row.person
        if person is None or not person.email:
            continue
        with translation.override(person.language):
            subject = _("Notice %(number)s, term %(due)s") % {
                "number": row.notice.number,
                "due": row.for_due.strftime("%d.%m.%Y"),
            }
            body = f"{row.notice.facility.name}\n{row.get_kind_display()}"
        try:
            send_mail(subject, body, None, [person.email])
        except OSError:
            log.warning("a reminder could not be mailed; it stands in the inbox", exc_info=True)
