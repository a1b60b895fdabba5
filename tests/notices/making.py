"""Rows that the tests of notices stand on: a visit that was handed in, with findings."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.fixtures import make_person
from tirek.accounts.models import Person
from tirek.facilities.models import Contact, Facility
from tirek.inspections.models import Answer, Finding, Inspection
from tirek.notices.actions import draft_notice, issue_notice, read_notice, serve_notice
from tirek.notices.actions.issuing import Demand
from tirek.notices.models import Notice
from tirek.requirements.models import Edition, Requirement, Standard

_numbers = itertools.count(1)


def make_requirement(**fields: Any) -> Requirement:
    standard, _made = Standard.objects.get_or_create(
        code="std", defaults={"name_en": "Standard", "name_ru": "Стандарт"}
    )
    edition, _made = Edition.objects.get_or_create(
        standard=standard, label="1", defaults={"state": "in_force", "sha256": "0" * 64, "instrument_ru": "Приказ № 1"}
    )
    number = next(_numbers)
    return Requirement.objects.create(
        edition=edition,
        key=fields.pop("key", f"k{number}"),
        paragraph=fields.pop("paragraph", f"p. {number}"),
        order=number,
        text_kk="Қақпа жабық болсын",
        text_ru="Ворота закрыты",
        text_en="The gate is closed",
        point="perimeter",
        **fields,
    )


def make_visit(facility: Facility, inspector: Person | None = None, findings: int = 2, **fields: Any) -> Inspection:
    """A visit that was handed in, with so many open findings."""
    inspector = inspector or make_person("inspector")
    now = timezone.now()
    visit = Inspection.objects.create(
        facility=facility,
        inspector=inspector,
        state=fields.pop("state", Inspection.State.SUBMITTED),
        finished_at=now,
        submitted_at=now,
        **fields,
    )
    for _n in range(findings):
        Finding.objects.create(
            facility=facility,
            inspection=visit,
            requirement=make_requirement(),
            severity="serious",
            text="stood open",
            found_on=timezone.localdate(),
            found_by=inspector,
        )
    return visit


def demands(visit: Inspection, days: int = 30) -> list[Demand]:
    due = timezone.localdate() + timedelta(days=days)
    return [Demand(pk, due) for pk in visit.findings.order_by("pk").values_list("pk", flat=True)]


def make_contact(facility: Facility) -> Person:
    """A person with an account who answers for the facility."""
    person = make_person("facility_contact")
    Contact.objects.create(facility=facility, person=person, full_name=person.full_name, phone="+7 7132 55 00 77")
    return person


def make_served(facility: Facility, days: int = 30) -> Notice:
    """A notice that the facility's contact has opened."""
    visit = make_visit(facility)
    contact = make_contact(facility)
    notice = draft_notice(visit.inspector, visit.pk, demands(visit, days))
    issue_notice(visit.inspector, notice.pk)
    link = facility.contacts.get(person=contact)
    serve_notice(visit.inspector, notice.pk, method="portal", contact_id=link.pk)
    read_notice(contact, notice.pk)
    return Notice.objects.get(pk=notice.pk)


def recheck(notice: Notice, inspector: Person, fixed: int) -> Inspection:
    """A re-inspection that saw the first `fixed` findings put right; the findings are written as `inspections` does it."""
    visit = Inspection.objects.create(
        facility=notice.facility,
        inspector=inspector,
        kind=Inspection.Kind.AGAIN,
        state=Inspection.State.SUBMITTED,
        finished_at=timezone.now(),
        submitted_at=timezone.now(),
    )
    for index, line in enumerate(notice.lines.select_related("finding")):
        state = "met" if index < fixed else "unmet"
        Answer.objects.create(
            inspection=visit,
            requirement=line.finding.requirement,
            state=state,
            answered_at=timezone.now(),
            by=inspector,
        )
        if state == "met":
            Finding.objects.filter(pk=line.finding_id).update(
                state="fixed", fixed_by=visit, fixed_on=timezone.localdate()
            )
    return visit
