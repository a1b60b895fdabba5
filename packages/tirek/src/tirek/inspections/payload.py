"""What a phone is told: visits, checklists, answers, conflicts (docs/inspections-device.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.facilities.models import Facility
from tirek.inspections import checklist
from tirek.inspections.clock import TOLD_S, ms
from tirek.inspections.models import Answer, Conflict, Finding, Inspection, Photo
from tirek.inspections.values import FIELDS
from tirek.requirements import registry as live
from tirek.requirements.models import Edition, Point, Requirement, Standing

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
KEPT = timedelta(days=3)  # a visit that was handed in stays on the phone this long
MOST_WAITING = 200  # visits that nobody has begun
Json = dict[str, Any]


def assigned(person: Person) -> QuerySet[Inspection]:
    """The visits that a phone carries: mine, not handed in or just now, the next ones first."""
    now = timezone.now()
    mine = Q(inspector=person) | Q(pk__in=person.accompanied_inspections.values("pk"))
    to_do = Q(state__in=[Inspection.State.ASSIGNED, Inspection.State.UNDER_WAY])
    done = Q(state=Inspection.State.SUBMITTED, submitted_at__gte=now - KEPT)
    dropped = Q(state=Inspection.State.CANCELLED, planned_on__gte=(now - KEPT).date())
    return Inspection.objects.restrict(person, "carry").filter(mine, to_do | done | dropped)


def everything(person: Person) -> Json:
    """All of `visits.json` but the time."""
    carried, waiting = _carried(person)
    return {
        "person": {"id": person.pk, "name": person.full_name, "language": person.language},
        "languages": LANGUAGES,
        "left_off": max(0, waiting - MOST_WAITING),
    } | of_visits(carried, person)


def _carried(person: Person) -> tuple[list[Inspection], int]:
    """What the phone gets, and how many visits wait. Only of those that nobody has begun some are left off, the last ones."""
    mine = assigned(person)
    not_begun = Q(state=Inspection.State.ASSIGNED)
    soonest = (F("planned_on").asc(nulls_last=True), F("planned_order").asc(nulls_last=True), "pk")
    first = mine.filter(not_begun).order_by(*soonest).values("pk")[: MOST_WAITING + 1]
    rows = list(with_all(mine.filter(~not_begun | Q(pk__in=first))).order_by(*soonest))
    waiting = [row for row in rows if row.state == Inspection.State.ASSIGNED]
    count = len(waiting) if len(waiting) <= MOST_WAITING else mine.filter(not_begun).count()
    return [row for row in rows if row.state != Inspection.State.ASSIGNED] + waiting[:MOST_WAITING], count


def of_visits(rows: list[Inspection], person: Person) -> Json:
    """Visits with the requirements and editions that they speak of."""
    lines = checklist.of_many(rows)
    answered = {a.requirement_id: a.requirement for row in rows for a in row.answers.all()}
    requirements = {r.pk: r for row in rows for r in lines[row.pk]} | answered
    editions = {r.edition_id: r.edition for r in requirements.values()}
    for row in rows:
        editions |= {edition.pk: edition for edition in row.editions.all()}
    facts = _live(requirements.values(), {row.facility_id for row in rows})
    standings = _standings({row.facility_id for row in rows})
    return {
        "requirements": {str(pk): _requirement(r) for pk, r in sorted(requirements.items())},
        "editions": {str(pk): _edition(edition) for pk, edition in sorted(editions.items())},
        "visits": [_visit(row, lines[row.pk], person, facts, standings) for row in rows],
    }


def one(visit: Inspection, person: Person) -> Json:
    """One visit as it stands: `visit`, `requirements`, `editions`."""
    row = with_all(Inspection.objects.filter(pk=visit.pk)).get()
    told = of_visits([row], person)
    return {"visit": told.pop("visits")[0]} | told


def state_of(visit: Inspection, person: Person) -> Json:
    """What a sync answers about a visit."""
    visit = _with_answers(Inspection.objects.filter(pk=visit.pk)).get()
    return {
        "version": visit.version,
        "state": visit.state,
        "answers": _answers(visit),
        "fields": _fields(visit),
        **_photos(visit, person),
        "conflicts": _conflicts(visit),
        "clock_offset_s": visit.clock_offset_s or 0,
        "clock_note": clock_note(visit.clock_offset_s),
    }


def photo(row: Photo, person: Person) -> Json | None:
    if row.removed_at or row.file is None:
        return None
    return {
        "client_id": row.client_id,
        "requirement": row.requirement_id,
        "thumbnail": row.file.thumbnail_url,
        "url": row.file.get_absolute_url(),
        "taken_at": ms(row.taken_at),
        "caption": row.caption,
        "by": {"id": row.by_id, "name": row.by.full_name},
        "mine": row.by_id == person.pk,
        "doubtful": row.doubtful,
        "late": row.late,
    }


def clock_note(offset_s: int | None) -> str:
    """A sentence about a wrong clock; empty where it is right."""
    if offset_s is None or abs(offset_s) <= TOLD_S:
        return ""
    words = {"time": _span(abs(offset_s))}
    if offset_s > 0:
        return _("The clock of this device is %(time)s ahead. The times of the visit were put right.") % words
    return _("The clock of this device is %(time)s behind. The times of the visit were put right.") % words


def with_all(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """Visits with everything that `of_visits` reads."""
    facility = Facility.objects.select_related("type", "area").defer("area__boundary")
    facility = facility.prefetch_related("contacts", "buildings")
    findings = Finding.objects.select_related("found_by", "requirement")
    return _with_answers(rows).prefetch_related(
        Prefetch("facility", facility),
        "round",
        "inspector",
        "companions",
        Prefetch("editions", Edition.objects.select_related("standard").defer("file")),
        Prefetch("verifies", findings),
    )


def _with_answers(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    answers = Answer.objects.select_related("by", "requirement__edition__standard").defer("requirement__edition__file")
    conflicts = Conflict.objects.filter(chosen="").select_related("sent_by")
    return rows.prefetch_related(
        Prefetch("answers", answers),
        Prefetch("photos", Photo.objects.select_related("by", "file")),
        Prefetch("conflicts", conflicts, to_attr="open_conflicts"),
    )


# --- Parts ---------------------------------------------------------------------------------------------------------


def _visit(row: Inspection, lines: list[Requirement], person: Person, facts: Json, standings: Json) -> Json:
    round_, findings = row.round, {finding.requirement_id: finding for finding in row.verifies.all()}
    editions = [edition.pk for edition in row.editions.all()] or sorted({r.edition_id for r in lines})
    companions = list(row.companions.all())
    return {
        "uid": str(row.uid),
        "version": row.version,
        "url": row.get_absolute_url(),
        "kind": row.kind,
        "kind_name": row.get_kind_display(),
        "state": row.state,
        "state_reason": row.cancelled_why,
        "reason": row.reason,
        "planned_on": row.planned_on.isoformat() if row.planned_on else None,
        "planned_at": f"{row.planned_at:%H:%M}" if row.planned_at else None,
        "planned_order": row.planned_order,
        "started_at": ms(row.started_at),
        "finished_at": ms(row.finished_at),
        "submitted_at": ms(row.submitted_at),
        "round": {"name": round_.name} if round_ else None,
        "inspector": _person(row.inspector),
        "companions": [_person(one) for one in companions],
        "mine": row.inspector_id == person.pk or person in companions,
        "facility": _facility(row.facility),
        "editions": editions,
        "edition_note": edition_note(row),
        "checklist": [
            {
                "requirement": requirement.pk,
                "live": _fact(facts.get((requirement.pk, row.facility_id))),
                "previous": _standing(
                    standings.get((row.facility_id, requirement.edition.standard_id, requirement.key))
                ),
                "finding": _finding(findings.get(requirement.pk), person),
                "required": requirement.verify != Requirement.Verify.LIVE,
            }
            for requirement in lines
        ],
        "answers": _answers(row),
        "fields": _fields(row),
        **_photos(row, person),
        "signed": row.signature_id is not None,
        "conflicts": _conflicts(row),
        "clock_offset_s": row.clock_offset_s or 0,
        "clock_note": clock_note(row.clock_offset_s),
    }


def edition_note(row: Inspection) -> str:
    """A sentence when a standard has a newer edition than the one that the visit began with."""
    replaced = [edition for edition in row.editions.all() if edition.state == Edition.State.REPLACED]
    if not replaced:
        return ""
    names = ", ".join(str(edition) for edition in replaced)
    return _("The visit keeps the edition it began with, though a newer one is in force: %(editions)s.") % {
        "editions": names
    }


def _answers(row: Inspection) -> Json:
    return {
        str(answer.requirement_id): {
            "state": answer.state,
            "severity": answer.severity,
            "note": answer.note,
            "place": answer.place,
            "building": answer.building_id,
            "version": answer.version,
            "at": ms(answer.answered_at),
            "by": {"id": answer.by_id, "name": answer.by.full_name},
            "device": answer.device,
            "doubtful": answer.doubtful,
            "old_edition": answer.old_edition,
        }
        for answer in row.answers.all()
    }


def _fields(row: Inspection) -> Json:
    return {
        name: {"value": getattr(row, name), "version": (row.fields.get(name) or {}).get("version", 0)}
        for name in FIELDS
    }


def _photos(row: Inspection, person: Person) -> Json:
    shown = [photo(one, person) for one in row.photos.all()]
    return {
        "photos": [one for one in shown if one is not None],
        "removed_photos": [one.client_id for one in row.photos.all() if one.removed_at],
    }


def _conflicts(row: Any) -> list[Json]:
    return [
        {
            "id": conflict.pk,
            "requirement": conflict.requirement_id,
            "field": conflict.field,
            "ours": conflict.ours,
            "theirs": conflict.theirs | {"by": _person(conflict.sent_by)},
            "late": conflict.late,
        }
        for conflict in row.open_conflicts
    ]


def _requirement(row: Requirement) -> Json:
    return {
        "id": row.pk,
        "key": row.key,
        "paragraph": row.paragraph,
        "edition": row.edition_id,
        "order": row.order,
        "section": _three(row, "section"),
        "text": _three(row, "text"),
        "hint": _three(row, "hint"),
        "point": row.point,
        "point_name": _in_all(Point(row.point).label),
        "mandatory": row.mandatory,
        "severity": row.severity,
        "verify": row.verify,
        "evidence": row.evidence,
    }


def _edition(row: Edition) -> Json:
    return {
        "id": row.pk,
        "label": row.label,
        "state": row.state,
        "standard": _three(row.standard, "name"),
        "instrument": _three(row, "instrument"),
    }


def _facility(row: Facility) -> Json:
    return {
        "id": row.pk,
        "code": row.code,
        "name": _three(row, "name"),
        "type": _three(row.type, "name"),
        "category": row.category,
        "address": {code: getattr(row, f"address_{code}", "") for code in ("kk", "ru")},
        "place": _three(row.area, "name"),
        "lat": row.lat,
        "lon": row.lon,
        "phone": row.phone,
        "notes": row.notes,
        "opening": row.opening,
        "contacts": [
            {"name": c.full_name, "position": c.position, "phone": c.phone, "hours": c.hours}
            for c in row.contacts.all()
        ],
        "buildings": [{"id": building.pk, "name": building.name} for building in row.buildings.all()],
    }


def _live(requirements: Iterable[Requirement], facilities: set[int]) -> Json:
    """What live data says now, by requirement and facility. Each check is asked once."""
    asked: dict[str, Any] = {}
    found: Json = {}
    for requirement in requirements:
        check = requirement.live_check
        if requirement.verify != Requirement.Verify.LIVE or not check:
            continue
        name = repr(sorted(check.items()))
        if name not in asked:
            asked[name] = live.ask(check, sorted(facilities))
        found |= {(requirement.pk, facility): fact for facility, fact in asked[name].items()}
    return found


def _fact(fact: Any) -> Json | None:
    if fact is None:
        return None
    return {"state": fact.state, "since": ms(fact.since), "text": dict(fact.text_by_language)}


def _standings(facilities: set[int]) -> dict[tuple[int, int, str], Standing]:
    rows = Standing.objects.filter(facility__in=facilities).exclude(state=Standing.State.UNKNOWN)
    return {(row.facility_id, row.standard_id, row.key): row for row in rows}


def _standing(row: Standing | None) -> Json | None:
    return None if row is None else {"state": row.state, "since": ms(row.since), "note": row.note}


def _finding(row: Finding | None, person: Person) -> Json | None:
    if row is None:
        return None
    return {
        "id": row.pk,
        "text": row.text,
        "severity": row.severity,
        "place": row.place,
        "found_on": row.found_on.isoformat(),
        "found_by": row.found_by.full_name,
        "mine": row.found_by_id == person.pk,
    }


def _person(person: Person | None) -> Json | None:
    return None if person is None else {"id": person.pk, "name": person.full_name}


def _three(row: Any, field: str) -> dict[str, str]:
    return {code: getattr(row, f"{field}_{code}", "") for code in LANGUAGES}


def _in_all(text: Any) -> dict[str, str]:
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[code] = str(text)
    return found


def _span(seconds: int) -> str:
    """A length of time in the largest unit that fits."""
    if seconds < 2 * 3600:
        return _("%(n)d min") % {"n": round(seconds / 60)}
    if seconds < 2 * 86400:
        return _("%(n)d h") % {"n": round(seconds / 3600)}
    return _("%(n)d days") % {"n": round(seconds / 86400)}
