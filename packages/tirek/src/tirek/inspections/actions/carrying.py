"""Acts of whoever carries a visit out: begin, send in what was seen, choose between two answers."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.audit.act import Refused, Trace, act, snapshot
from tirek.inspections import checklist
from tirek.inspections.actions import correcting, taking
from tirek.inspections.clock import Clock, Moment, read
from tirek.inspections.models import Answer, Conflict, Inspection
from tirek.inspections.values import Value, is_number, place_of
from tirek.requirements.models import Edition

START, ANSWER, CHOOSE = (
    "inspections.start_inspection",
    "inspections.answer_inspection",
    "inspections.choose_inspection",
)
EVENT, VIEW = "inspection.changed", "inspections.view_inspection"
PLAIN = re.compile(r"[\x21-\x7e]{1,64}")
WITHOUT = ("fields", "checklist", "version")
DESK = ""


class Put(Refused):
    """A refusal with a code and facts for the phone."""

    def __init__(self, message: str, code: str, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.facts = facts


class _Nothing(Exception):
    """There was nothing to do, so nothing is to be written down."""


def start(user: Person, uid: UUID, data: dict[str, Any]) -> Inspection:
    """Begin a visit: freeze its checklist and its editions. Said again, nothing changes.

    Raises Inspection.DoesNotExist, ValueError for nonsense, `Put` for a cancelled visit.
    """
    now = timezone.now()
    device = read_device(data)
    clock = Clock.of(data.get("sent_at"), now)
    editions = _numbers(data, "editions")
    try:
        with act(START, user) as trace:
            visit = carried(user).select_for_update(of=("self",)).get(uid=uid)
            if visit.state == Inspection.State.CANCELLED:
                raise Put(cancelled_text(visit), "cancelled")
            if visit.fields.get("start") or visit.state == Inspection.State.SUBMITTED:
                raise _Nothing
            before = snapshot(visit, without=WITHOUT)
            moment = clock.right(data.get("at"), taking.earliest(visit))
            begin(user, visit, moment)
            visit.started_at = min(visit.started_at or moment.at, moment.at)
            _freeze(visit, editions)
            visit.fields["start"] = {"device": device, "by": user.pk}
            if visit.lat is None:
                visit.lat, visit.lon, visit.accuracy_m = place_of(data)
            visit.version += 1
            visit.save()
            trace.on(visit, before=before, after=snapshot(visit, without=WITHOUT))
            tell(trace, visit)
    except _Nothing:
        pass
    return visit


def sync(user: Person, uid: UUID, data: dict[str, Any]) -> tuple[Inspection, taking.Taken, Clock]:
    """Take in changes. Sent again they have no effect and get the same outcomes. Raises Inspection.DoesNotExist or ValueError."""
    now = timezone.now()
    device, changes = read_device(data), read_changes(data)
    clock = Clock.of(data.get("sent_at"), now)
    taken = taking.Taken()
    if not changes:
        return carried(user).get(uid=uid), taken, clock
    try:
        with act(ANSWER, user) as trace:
            visit = carried(user).select_for_update(of=("self",)).get(uid=uid)
            taken = taking.take_in(user, visit, device, clock, changes)
            if not taken.news:
                raise _Nothing
            moments = [clock.right(change.get("at"), taking.earliest(visit)) for change in changes]
            if visit.state in {Inspection.State.PLANNED, Inspection.State.ASSIGNED}:
                begin(user, visit, min(moments, key=lambda moment: moment.at))
            elif visit.state == Inspection.State.UNDER_WAY:
                _join(user, visit)
            if clock.offset_s is not None and visit.state != Inspection.State.SUBMITTED:
                visit.clock_offset_s = clock.offset_s
            visit.save()
            trace.on(visit, before={"answers": taken.before}, after={"answers": taken.after})
            tell(trace, visit)
    except _Nothing:
        pass
    return visit, taken, clock


def answer(user: Person, pk: int, requirement: int, value: Value, base: int) -> taking.Taken:
    """Answer one requirement on the desk page. It goes the way of a phone's change, with the page as the device."""
    visit = carried(user).get(pk=pk)
    now = timezone.now()
    ms = round(now.timestamp() * 1000)
    number = f"desk-{requirement}-{ms}-{now.microsecond}"
    change = {"id": number, "seq": ms * 1000 + now.microsecond % 1000, "at": ms, "kind": "answer"}
    change |= {"requirement": requirement, "base": base, "value": value.as_json()}
    _visit, taken, _clock = sync(user, visit.uid, {"device": f"desk-{user.pk}", "sent_at": ms, "changes": [change]})
    return taken


def choose(user: Person, uid: UUID, conflict_id: int, choice: str, version: int | None) -> Inspection:
    """Say which side of a conflict stands. Raises Inspection.DoesNotExist, Conflict.DoesNotExist, ValueError, `Put`."""
    if choice not in {"ours", "theirs"}:
        raise ValueError(choice)
    now = timezone.now()
    try:
        with act(CHOOSE, user) as trace:
            visit = carried(user).select_for_update(of=("self",)).get(uid=uid)
            conflict = visit.conflicts.select_related("sent_by", "requirement").get(pk=conflict_id)
            if conflict.chosen == choice:
                raise _Nothing
            if conflict.chosen:
                raise Put(_("Somebody has decided this already. Look at what stands now."), "decided")
            here = _here(visit, conflict)
            if version is not None and version != here.get("version", 0):
                raise Put(_("The answer has changed since you saw it. Look at both again."), "moved")
            conflict.chosen, conflict.resolved_by, conflict.resolved_at = choice, user, now
            conflict.ours = here
            conflict.save()
            if choice == "theirs":
                _let_theirs_stand(visit, conflict)
                correcting.after_choice(user, visit, conflict)
            visit.version += 1
            visit.save()
            sides = {"ours": _side_text(conflict, here), "theirs": _side_text(conflict, conflict.theirs)}
            trace.on(visit, before={"answers": sides["ours"]}, after={"answers": sides[choice]})
            tell(trace, visit)
    except _Nothing:
        pass
    return visit


# --- What the acts share ------------------------------------------------------------------------------------------


def carried(user: Person) -> QuerySet[Inspection]:
    """The visits that this person may carry out."""
    return Inspection.objects.restrict(user, "carry").select_related("facility__area", "facility__type", "inspector")


def read_device(data: dict[str, Any]) -> str:
    """The number of the device. Raises ValueError."""
    device = data.get("device")
    if not isinstance(device, str) or not PLAIN.fullmatch(device):
        raise ValueError("device")
    return device


def read_number(value: Any) -> str:
    """A number that a device has given to something. Raises ValueError."""
    if not isinstance(value, str) or not PLAIN.fullmatch(value):
        raise ValueError("id")
    return value


def read_changes(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The changes of a request; what is in them is judged one by one. Raises ValueError for nonsense around them."""
    changes = data.get("changes")
    if not isinstance(changes, list) or len(changes) > taking.MOST_CHANGES:
        raise ValueError("changes")
    for change in changes:
        if not isinstance(change, dict):
            raise ValueError("change")
        read_number(change.get("id"))
        change.setdefault("base", 0)
        if not is_number(change.get("seq")) or not is_number(change["base"]) or change["base"] > 2**30:
            raise ValueError("seq or base")
    return changes


def begin(user: Person, visit: Inspection, moment: Moment) -> None:
    """Put a visit under way, if it is not yet. Whoever begins a visit that nobody was sent on becomes its inspector."""
    if visit.inspector_id is None:
        visit.inspector = user
    _join(user, visit)
    if visit.state in {Inspection.State.PLANNED, Inspection.State.ASSIGNED}:
        visit.state = Inspection.State.UNDER_WAY
        visit.started_at = moment.at
        _freeze(visit, [])


def tell(trace: Trace, visit: Inspection) -> None:
    trace.event(EVENT, {"id": visit.pk}, permission=VIEW, area_path=visit.area_path)


def cancelled_text(visit: Inspection) -> str:
    return _(
        "This visit was cancelled: %(why)s. What you have sent is kept. Ask whoever plans the visits to reopen it."
    ) % {"why": visit.cancelled_why or "—"}


def _join(user: Person, visit: Inspection) -> None:
    if visit.inspector_id != user.pk:
        visit.companions.add(user)


def _freeze(visit: Inspection, editions: list[int]) -> None:
    """Keep the checklist that the visit begins with: that of the phone's editions, when others have come into force meanwhile."""
    rows = checklist.of_today(visit)
    given = {row.edition_id for row in rows}
    real = Edition.objects.filter(pk__in=editions).exclude(state=Edition.State.DRAFT)
    theirs = set(real.values_list("pk", flat=True))
    # An empty list would mean that the visit has not begun.
    if not theirs <= given and (begun := checklist.of_editions(visit, theirs)):
        rows, given = begun, {row.edition_id for row in begun}
    visit.checklist = [row.pk for row in rows]
    visit.editions.set(given)
    visit.answers.filter(requirement__edition__in=given, old_edition=True).update(old_edition=False)
    visit.answers.exclude(requirement__edition__in=given).update(old_edition=True)


def _numbers(data: dict[str, Any], name: str) -> list[int]:
    given = data.get(name) or []
    if not isinstance(given, list) or len(given) > taking.MOST_CHANGES or not all(map(is_number, given)):
        raise ValueError(name)
    return given


def _here(visit: Inspection, conflict: Conflict) -> dict[str, Any]:
    if conflict.field:
        return taking.side_of_field(visit, conflict.field)
    found = visit.answers.select_related("by").filter(requirement=conflict.requirement_id).first()
    return taking.side_of_answer(found)


def _let_theirs_stand(visit: Inspection, conflict: Conflict) -> None:
    theirs, by = conflict.theirs, conflict.sent_by
    at = read(theirs.get("at")) or conflict.sent_at
    if conflict.field:
        taking.set_field(visit, conflict.field, theirs.get("text", ""), by=by, device=conflict.device, at=at)
        now = taking.side_of_field(visit, conflict.field)
    else:
        here = visit.answers.filter(requirement=conflict.requirement_id).first()
        here = here or Answer(inspection=visit, requirement=conflict.requirement, version=0)
        value = Value(*(theirs.get(key) for key in ("state", "severity", "note", "place", "building")))
        taking.put(here, value, by=by, device=conflict.device, at=at)
        here.doubtful = bool(theirs.get("doubtful"))
        here.old_edition = bool(visit.checklist) and conflict.requirement.edition_id not in set(
            visit.editions.values_list("pk", flat=True)
        )
        here.version += 1
        here.save()
        now = taking.side_of_answer(here)
    taking.follow(visit, conflict.requirement_id, conflict.field, now, conflict.resolved_by, conflict.resolved_at)


def _side_text(conflict: Conflict, side: dict[str, Any]) -> str:
    name = conflict.field or (conflict.requirement.paragraph if conflict.requirement else "")
    said = side.get("text") or " · ".join(filter(None, (side.get("state"), side.get("note"))))
    return f"{name}: {said or '—'}"
