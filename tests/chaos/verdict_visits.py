"""What the database says after the phones are done: each answer once, each photo once, each hand-in once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from tests.chaos.phones import Phone
from tirek.audit.models import Entry
from tirek.inspections.models import Answer, Change, Conflict, Finding, Inspection, Photo


def problems(phones: Iterable[Phone]) -> list[str]:
    """Everything that was lost or doubled, in words."""
    found: list[str] = []
    by_visit: dict[str, list[Phone]] = {}
    for phone in phones:
        by_visit.setdefault(phone.wanted.uid, []).append(phone)
    for uid, own in by_visit.items():
        found += [f"{uid}: {problem}" for problem in _of_visit(Inspection.objects.get(uid=uid), own)]
    return found


def _of_visit(visit: Inspection, phones: list[Phone]) -> list[str]:
    found = []
    wanted = {pk: value for phone in phones for pk, value in phone.wanted.answers.items()}
    here = {a.requirement_id: (a.state, a.note) for a in Answer.objects.filter(inspection=visit)}
    if here != wanted:
        found.append(f"answers differ: {set(wanted.items()) ^ set(here.items())}")
    photos = {name: content for phone in phones for name, content in phone.wanted.photos.items()}
    rows = list(Photo.objects.filter(inspection=visit).select_related("file"))
    if Counter(row.client_id for row in rows) != Counter(photos.keys()):
        found.append(f"{len(rows)} photos instead of {len(photos)}")
    for row in rows:
        if row.file is None or row.file.source_sha256 != hashlib.sha256(photos.get(row.client_id, b"")).hexdigest():
            found.append(f"photo {row.client_id} has other bytes")
    if visit.state != Inspection.State.SUBMITTED:
        found.append(f"is {visit.state}")
    unmet = {pk for pk, (state, _note) in wanted.items() if state == "unmet"}
    findings = Counter(Finding.objects.filter(inspection=visit).values_list("requirement", flat=True))
    if findings != Counter(unmet):
        found.append(f"findings {findings} instead of {unmet}")
    changes = Change.objects.filter(inspection=visit).count()
    made = sum(phone.store["seq"] for phone in phones)
    if changes != made:
        found.append(f"{changes} changes instead of {made}")
    handed_in = Entry.objects.filter(verb="inspections.submit_inspection", object_id=str(visit.pk)).count()
    if handed_in != 1:
        found.append(f"handed in {handed_in} times")
    if Conflict.objects.filter(inspection=visit).exists():
        found.append("has conflicts, though nobody contradicted")
    return found
