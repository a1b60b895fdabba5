"""From findings to a notice that was served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can
from tirek.audit.act import Refused, act, snapshot
from tirek.facilities.models import Contact
from tirek.files.models import StoredFile
from tirek.inspections.models import Finding, Inspection
from tirek.live.locks import hold_order
from tirek.notices import paper, queries, rules
from tirek.notices.actions.common import leave_trace, nearest_term, taken
from tirek.notices.actions.reminding import tell
from tirek.notices.models import Line, Notice, Reminder

Method = Notice.Method


@dataclass(frozen=True, slots=True)
class Demand:
    """One finding with what is demanded and until when. Empty words: those of the requirement."""

    finding_id: int
    due_on: date
    kk: str = ""
    ru: str = ""


def draft_notice(
    user: Any, inspection_pk: int, demands: Sequence[Demand], intro: dict[str, str] | None = None
) -> Notice:
    """Write a notice from findings of a visit that was handed in.

    Raises Inspection.DoesNotExist, and Refused when there is nothing to demand, a finding stands in a notice already, or
    a term lies in the past or further away than a year.
    """
    with act("notices.draft_notice", user) as trace:
        rows = Inspection.objects.restrict(user, "view").select_related("facility__area")
        inspection = rows.get(pk=inspection_pk)
        if inspection.state != Inspection.State.SUBMITTED:
            raise Refused(_("The visit is not handed in yet. Hand it in first; a notice rests on what was found."))
        words = intro or {}
        notice = Notice(
            facility=inspection.facility,
            inspection=inspection,
            made_by=user,
            due_on=_first_term(demands),
            intro_kk=words.get("kk", ""),
            intro_ru=words.get("ru", ""),
        )
        notice.save()
        _write_lines(notice, demands)
        leave_trace(trace, notice, None)
    return notice


def change_draft(user: Any, pk: int, demands: Sequence[Demand], intro: dict[str, str] | None = None) -> Notice:
    """Write the draft anew. Raises Notice.DoesNotExist, Refused."""
    with act("notices.draft_notice", user) as trace:
        notice = taken(user, "draft", pk)
        _must_be(notice, Notice.State.DRAFT)
        before = snapshot(notice)
        words = intro or {}
        notice.intro_kk, notice.intro_ru = words.get("kk", ""), words.get("ru", "")
        notice.due_on = _first_term(demands)
        notice.save()
        notice.lines.all().delete()
        _write_lines(notice, demands)
        leave_trace(trace, notice, before)
    return notice


def drop_draft(user: Any, pk: int) -> None:
    """Throw a draft away; its findings are free again. Raises Notice.DoesNotExist, Refused."""
    with act("notices.draft_notice", user) as trace:
        notice = taken(user, "draft", pk)
        _must_be(notice, Notice.State.DRAFT)
        trace.on(notice, before=snapshot(notice), after={})
        notice.delete()


def issue_notice(user: Any, pk: int) -> Notice:
    """Give the notice its number and freeze its words. Raises Notice.DoesNotExist, Refused."""
    with act("notices.issue_notice", user) as trace:
        notice = taken(user, "issue", pk)
        _must_be(notice, Notice.State.DRAFT)
        lines = list(notice.lines.select_related("finding"))
        today = timezone.localdate()
        if not lines:
            raise Refused(_("The notice demands nothing. Choose at least one finding."))
        if any(line.due_on <= today for line in lines):
            raise Refused(_("A term lies in the past. Give every demand a term after today."))
        if any(line.finding.state != Finding.State.OPEN for line in lines):
            raise Refused(_("A finding was put right or withdrawn meanwhile. Open the draft and leave it out."))
        before = snapshot(notice)
        now = timezone.now()
        notice.year, notice.sequence = timezone.localtime(now).year, _next_number(timezone.localtime(now).year)
        notice.number = f"{notice.year}-{notice.sequence:04d}"
        notice.issued_by, notice.issued_at = user, now
        notice.to_issued()
        paper.freeze(notice)
        notice.save()
        leave_trace(trace, notice, before)
    return notice


def serve_notice(
    user: Any,
    pk: int,
    *,
    method: str,
    to: str = "",
    position: str = "",
    contact_id: int | None = None,
    at: datetime | None = None,
    proof: StoredFile | None = None,
) -> Notice:
    """Serve an issued notice: in Tirek to a contact with an account, by post or by hand with a proof.

    By post and by hand it is served at once, at the moment that the proof names; in Tirek when that contact opens it, and until
    then it may be served in another way.
    Raises Notice.DoesNotExist, Refused.
    """
    with act("notices.serve_notice", user) as trace:
        notice = taken(user, "serve", pk)
        _must_be(notice, Notice.State.ISSUED)
        before = snapshot(notice)
        now = timezone.now()
        notice.served_method = Method(method)
        if method == Method.PORTAL:
            contact = Contact.objects.filter(pk=contact_id, facility=notice.facility_id).exclude(person=None).first()
            if contact is None or contact.person is None or not can(contact.person, "notices.view_notice", notice):
                raise Refused(
                    _("This person has no account that opens the facility's notices. Serve it by hand or by post.")
                )
            notice.served_contact = contact
            notice.served_to, notice.served_position = contact.full_name, contact.position
            tell(notice, Reminder.Kind.SERVED, [contact.person], now)
        else:
            if proof is None:
                raise Refused(_("Add the proof: the signed copy, or the receipt of the post."))
            if not to.strip():
                raise Refused(_("Say who was served."))
            when = at or now
            if when > now + timedelta(minutes=5) or (notice.issued_at and when.date() < notice.issued_at.date()):
                raise Refused(_("It cannot be served before it was issued, nor in the future. Check the date."))
            notice.served_to, notice.served_position, notice.served_contact = to.strip(), position.strip(), None
            notice.served_proof, notice.served_at = proof, when
            notice.to_served()
        notice.save()
        leave_trace(trace, notice, before)
    return notice


def _must_be(notice: Notice, state: str) -> None:
    if notice.state != state:
        raise Refused(
            _("The notice is “%(state)s” now. Load the page again to see what can be done.")
            % {"state": notice.get_state_display()}
        )


def _first_term(demands: Sequence[Demand]) -> date:
    today = timezone.localdate()
    if not demands:
        raise Refused(_("The notice demands nothing. Choose at least one finding."))
    if any(demand.due_on <= today for demand in demands):
        raise Refused(_("A term lies in the past. Give every demand a term after today."))
    if any((demand.due_on - today).days > rules.LONGEST_TERM_DAYS for demand in demands):
        raise Refused(_("A term lies more than a year away. Check the year."))
    return min(demand.due_on for demand in demands)


def _write_lines(notice: Notice, demands: Sequence[Demand]) -> None:
    wanted = [demand.finding_id for demand in demands]
    findings = queries.free(Finding.objects.filter(facility=notice.facility_id, state=Finding.State.OPEN))
    by_id = findings.select_related("requirement").in_bulk(wanted)
    if len(by_id) != len(set(wanted)) or len(wanted) != len(by_id):
        raise Refused(_("A finding stands in another notice already, or was put right. Load the page again."))
    for number, demand in enumerate(demands, start=1):
        finding = by_id[demand.finding_id]
        Line.objects.create(
            notice=notice,
            finding=finding,
            number=number,
            demand_kk=demand.kk.strip() or finding.requirement.text_in("kk"),
            demand_ru=demand.ru.strip() or finding.requirement.text_in("ru"),
            due_on=demand.due_on,
        )


def _next_number(year: int) -> int:
    """The next number of the year: none is given twice and none is left out, whoever issues at the same moment."""
    hold_order()
    return (Notice.objects.filter(year=year).aggregate(last=Max("sequence"))["last"] or 0) + 1


def settle_term(notice: Notice) -> None:
    """Let `due_on` be the nearest term of what is not put right yet; it stays when all is."""
    if (term := nearest_term(notice)) is not None:
        notice.due_on = term
