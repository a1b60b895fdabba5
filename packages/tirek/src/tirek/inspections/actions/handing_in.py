"""The hand-in: the visit is whole, or the phone is told what is missing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.audit.act import act, snapshot
from tirek.facilities import figures
from tirek.files import actions as files
from tirek.files.models import StoredFile
from tirek.inspections import checklist, registry
from tirek.inspections.actions import outcome, taking
from tirek.inspections.actions.carrying import (
    WITHOUT,
    Put,
    begin,
    cancelled_text,
    carried,
    read_device,
    read_number,
    tell,
)
from tirek.inspections.clock import Clock, ms
from tirek.inspections.models import Answer, Inspection
from tirek.inspections.values import FIELDS, is_number, place_of, read_field

SUBMIT = "inspections.submit_inspection"


class _Done(Exception):
    """It was handed in before."""


def submit(user: Person, uid: UUID, data: dict[str, Any]) -> tuple[Inspection, Clock]:
    """Take in a finished visit: findings, standings, figures, in one act. Said again it gives the same visit.

    Raises Inspection.DoesNotExist, ValueError or `Impossible` for nonsense, `Put` with everything that is missing.
    """
    now = timezone.now()
    device = read_device(data)
    clock = Clock.of(data.get("sent_at"), now)
    fields = {name: read_field(name, {"text": data[name]}) for name in FIELDS if data.get(name) is not None}
    expected, photos = _expected(data)
    signature_id = str(data.get("signature") or "")
    signature = files.find(user, read_number(signature_id)) if signature_id else None
    try:
        with act(SUBMIT, user) as trace:
            visit = carried(user).select_for_update(of=("self",)).get(uid=uid)
            if visit.state == Inspection.State.SUBMITTED:
                raise _Done
            if visit.state == Inspection.State.CANCELLED:
                raise Put(cancelled_text(visit), "cancelled")
            before = snapshot(visit, without=WITHOUT)
            moment = clock.right(data.get("finished_at"), taking.earliest(visit))
            begin(user, visit, moment)
            for name, text in fields.items():
                if text != getattr(visit, name):
                    taking.set_field(visit, name, text, by=user, device=device, at=moment.at)
                    taking.follow(visit, None, name, taking.side_of_field(visit, name), user, now)
            visit.signature = signature or visit.signature
            answers = list(visit.answers.select_related("requirement__edition", "by", "building"))
            problems = _problems(visit, answers, expected, photos)
            if signature_id and not _is_signature(signature):
                problems.append({"what": "upload", "text": _("The signature has not arrived yet.")})
            if problems:
                raise Put(
                    _("The visit is not whole yet. What is missing stands below."), "incomplete", missing=problems
                )
            visit.state, visit.submitted_at, visit.submitted_by = Inspection.State.SUBMITTED, now, user
            visit.finished_at = max(moment.at, visit.started_at or moment.at)
            visit.clock_offset_s = clock.offset_s
            lat, lon, accuracy = place_of(data)
            if lat is not None:
                visit.lat, visit.lon, visit.accuracy_m = lat, lon, accuracy
            visit.version += 1
            visit.save()
            _leave_behind(user, visit, answers)
            trace.on(visit, before=before, after=snapshot(visit, without=WITHOUT))
            tell(trace, visit)
    except _Done:
        pass
    return visit, clock


def result(visit: Inspection) -> dict[str, Any]:
    """The answer to a hand-in, the same each time."""
    findings = [
        {"id": row.pk, "requirement": row.requirement_id, "severity": row.severity, "state": row.state}
        for row in visit.findings.order_by("pk")
    ]
    fixed = list(visit.fixed.order_by("pk").values_list("pk", flat=True))
    return {"state": visit.state, "submitted_at": ms(visit.submitted_at), "findings": findings, "fixed": fixed}


def _leave_behind(user: Person, visit: Inspection, answers: list[Answer]) -> None:
    if visit.kind == Inspection.Kind.AGAIN:
        outcome.fix_findings(visit, answers)
    else:
        outcome.make_findings(visit, answers)
    outcome.record_standings(visit, answers)
    for hook in registry.after_submit_hooks():
        hook(user, visit)
    figures.recount([visit.facility_id])


def _expected(data: dict[str, Any]) -> tuple[dict[int, int], list[str]]:
    """What the phone believes to be here. Raises ValueError."""
    expect = data.get("expect") or {}
    answers = expect.get("answers") or {} if isinstance(expect, dict) else None
    photos = expect.get("photos") or [] if isinstance(expect, dict) else None
    if not isinstance(answers, dict) or not isinstance(photos, list) or len(answers) + len(photos) > 10_000:
        raise ValueError("expect")
    if not all(is_number(version) for version in answers.values()):
        raise ValueError("expect")
    return {int(key): version for key, version in answers.items()}, [read_number(photo) for photo in photos]


def _problems(
    visit: Inspection, answers: list[Answer], expected: dict[int, int], photos: list[str]
) -> list[dict[str, Any]]:
    by_requirement = {answer.requirement_id: answer for answer in answers}
    here = set(visit.photos.values_list("client_id", flat=True))
    shown = set(visit.photos.filter(removed_at=None).values_list("requirement", flat=True))
    found: list[dict[str, Any]] = []
    for requirement in checklist.must_answer(checklist.of(visit)):
        if requirement.pk not in by_requirement:
            text = _("%(paragraph)s is not answered.") % {"paragraph": requirement.paragraph}
            found.append({"what": "answer", "requirement": requirement.pk, "text": text})
    for pk, version in expected.items():
        answer = by_requirement.get(pk)
        if answer is None or answer.version < version:
            found.append({"what": "version", "requirement": pk, "text": _("An answer of this phone is not here yet.")})
    found += [
        {"what": "photo", "photo": photo, "text": _("A photo of this phone is not here yet.")}
        for photo in photos
        if photo not in here
    ]
    for answer in answers:
        if answer.state == Answer.State.UNMET and not answer.note and answer.requirement_id not in shown:
            text = _("%(paragraph)s is not met: say in words or with a photo what you saw.")
            text %= {"paragraph": answer.requirement.paragraph}
            found.append({"what": "reason", "requirement": answer.requirement_id, "text": text})
    for conflict in visit.conflicts.filter(chosen=""):
        text = _("There are two different answers. Choose the one that stands.")
        found.append(
            {"what": "conflict", "conflict": conflict.pk, "requirement": conflict.requirement_id, "text": text}
        )
    if visit.signature is None and not visit.signature_refused:
        text = _("The representative of the facility has not signed. Let them sign, or say why there is no signature.")
        found.append({"what": "signature", "text": text})
    found += [
        {"what": "other_person", "requirement": finding.requirement_id, "text": text}
        for finding, text in outcome.seen_by_the_finder(visit, answers)
    ]
    return found


def _is_signature(stored: StoredFile | None) -> bool:
    return stored is not None and stored.kind == "signature"
