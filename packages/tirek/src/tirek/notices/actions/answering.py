"""What the facility does: read, answer, ask for more time. A person decides on the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act, snapshot
from tirek.files.models import StoredFile
from tirek.notices import queries, rules
from tirek.notices.actions.common import leave_trace, taken
from tirek.notices.actions.issuing import settle_term
from tirek.notices.models import Extension, Line, Notice, Reply

ANSWER = "notices.answer_notice"
READ = "notices.read_notice"
ASK = "notices.ask_notice"


def read_notice(user: Any, pk: int) -> Notice | None:
    """Note that a contact of the facility opened the notice. Opened by the one it was sent to in Tirek, it is served.

    Returns None when there is nothing to note: it was read before, it is not a contact who looks, or they may not see it yet.
    """
    seen = queries.notices(user).restrict(user, "answer")
    found = seen.select_related("served_contact").filter(pk=pk).first()
    if found is None or found.state not in Notice.OPEN or not (found.read_at is None or _serves(found, user)):
        return None
    with act(READ, user) as trace:
        notice = taken(user, "answer", pk)
        before = snapshot(notice)
        now = timezone.now()
        if notice.read_at is None:
            notice.read_at, notice.read_by = now, user
        if _serves(notice, user):
            notice.served_at = now
            notice.to_served()
        notice.save()
        leave_trace(trace, notice, before)
    return notice


def _serves(notice: Notice, user: Any) -> bool:
    """Whether this person's opening is what the notice waits for."""
    waits = notice.state == Notice.State.ISSUED and notice.served_method == Notice.Method.PORTAL
    return waits and notice.served_contact is not None and notice.served_contact.person_id == user.pk


def reply(
    user: Any,
    pk: int,
    text: str,
    files: Sequence[StoredFile] = (),
    *,
    line_id: int | None = None,
    all_done: bool = False,
) -> Reply:
    """Answer a notice, or one line of it, with evidence. `all_done` says that everything is put right and may be verified.

    Raises Notice.DoesNotExist, Refused.
    """
    with act(ANSWER, user) as trace:
        notice = taken(user, "answer", pk)
        _must_run(notice)
        if not text.strip():
            raise Refused(_("Write what was done."))
        line = Line.objects.filter(notice=notice, pk=line_id).first() if line_id else None
        if line_id and line is None:
            raise Refused(_("This demand is not part of the notice. Load the page again."))
        before = snapshot(notice)
        made = Reply.objects.create(notice=notice, line=line, by=user, text=text.strip())
        made.files.set(files)
        if all_done and notice.state == Notice.State.SERVED:
            notice.to_answered()
            notice.save()
        leave_trace(trace, notice, before, why=text.strip()[:300])
    return made


def ask_for_time(user: Any, pk: int, until: date, reason: str) -> Extension:
    """Ask for a later term. Raises Notice.DoesNotExist, Refused."""
    with act(ASK, user) as trace:
        notice = taken(user, "answer", pk)
        _must_run(notice)
        if not reason.strip():
            raise Refused(_("Write why more time is needed."))
        if until <= max(notice.due_on, timezone.localdate()):
            raise Refused(_("The new term must lie after the present one and after today."))
        if (until - timezone.localdate()).days > rules.LONGEST_TERM_DAYS:
            raise Refused(_("A term lies more than a year away. Check the year."))
        if notice.extensions.filter(granted=None).exists():
            raise Refused(_("You have asked already. Wait for the decision."))
        made = Extension.objects.create(notice=notice, asked_by=user, until=until, reason=reason.strip())
        leave_trace(trace, notice, None, why=reason.strip()[:300])
    return made


def decide_on_time(user: Any, extension_pk: int, *, grant: bool, why: str, until: date | None = None) -> Extension:
    """Decide on a wish for more time; the decider may grant less than was asked.

    Raises Extension.DoesNotExist, Notice.DoesNotExist, Refused.
    """
    with act("notices.extend_notice", user) as trace:
        wish = Extension.objects.get(pk=extension_pk)
        notice = taken(user, "extend", wish.notice_id)
        wish = Extension.objects.select_for_update().get(pk=extension_pk)
        if wish.granted is not None:
            raise Refused(_("This was decided already. Load the page again."))
        if wish.asked_by_id == user.pk:
            raise Refused(_("You asked for this yourself. Another person decides."))
        if not why.strip():
            raise Refused(_("Write why. The facility reads it."))
        before = snapshot(notice)
        wish.granted, wish.decided_by, wish.decided_at, wish.decision = grant, user, timezone.now(), why.strip()
        if grant:
            wish.granted_until = until or wish.until
            if wish.granted_until <= timezone.localdate():
                raise Refused(_("A term lies in the past. Give every demand a term after today."))
            notice.lines.filter(finding__state="open", due_on__lt=wish.granted_until).update(due_on=wish.granted_until)
            settle_term(notice)
            notice.escalated_at = None
            notice.save()
        wish.save()
        leave_trace(trace, notice, before, why=why.strip())
    return wish


def _must_run(notice: Notice) -> None:
    if notice.state not in (Notice.State.SERVED, Notice.State.ANSWERED):
        raise Refused(
            _("The notice is “%(state)s” now. Load the page again to see what can be done.")
            % {"state": notice.get_state_display()}
        )
