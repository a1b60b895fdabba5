"""Taking in what devices send. Nothing is overwritten and nothing is dropped.

The rule for one change of one answer or field, in this order:

1. sent before (same number): the same outcome again;
2. impossible: refused, with a sentence;
3. a later change of the same device is here: `older`;
4. nothing is here, or what is here is what the device had seen (`base`), or the device's own: applied;
5. the same is here: `same`;
6. else a conflict. A later change of the same device replaces that device's side of it.

So the order in which requests arrive, and how often, does not matter: what a device said last stands as the answer or as its side
of a conflict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.facilities.models import Building
from tirek.inspections.clock import Clock, Moment, ms
from tirek.inspections.models import Answer, Change, Conflict, Inspection
from tirek.inspections.values import Impossible, Value, is_number, read_field, read_value
from tirek.requirements.models import Edition, Requirement

MOST_CHANGES = 1000
BEFORE_PLANNED = timedelta(days=60)
APPLIED, SAME, OLDER, CONFLICT, REFUSED = "applied", "same", "older", "conflict", "refused"


@dataclass(slots=True)
class Taken:
    """What became of one request."""

    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    news: bool = False


def earliest(visit: Inspection) -> datetime:
    """No moment of a visit lies before this."""
    start = min(filter(None, (visit.made_at, visit.started_at)))
    return start - BEFORE_PLANNED


def take_in(user: Person, visit: Inspection, device: str, clock: Clock, changes: list[dict[str, Any]]) -> Taken:
    """Judge and store the changes. `visit` is locked; whoever calls saves it afterwards."""
    taker = _Taker(user, visit, device, clock, changes)
    for change in changes:
        taker.one(change)
    taker.store()
    return taker.taken


class _Taker:
    def __init__(
        self, user: Person, visit: Inspection, device: str, clock: Clock, changes: list[dict[str, Any]]
    ) -> None:
        self.user, self.visit, self.device, self.clock = user, visit, device, clock
        self.taken = Taken()
        self.earliest = earliest(visit)
        self.late = visit.state == Inspection.State.SUBMITTED
        ids = [change["id"] for change in changes]
        self.known = {row.client_id: row for row in visit.changes.filter(client_id__in=ids)}
        self.newest: dict[str, tuple[int, str]] = {}
        own = visit.changes.filter(device=device, by=user).exclude(outcome=REFUSED)
        for target, seq, client_id in own.values_list("target", "seq", "client_id"):
            self.newest[target] = max(self.newest.get(target, (0, "")), (seq, client_id))
        self.answers = {row.requirement_id: row for row in visit.answers.select_related("by", "requirement")}
        self.conflicts = list(visit.conflicts.filter(chosen="").select_related("sent_by"))
        wanted = [c["requirement"] for c in changes if c.get("kind") == "answer" and is_number(c.get("requirement"))]
        usable = Requirement.objects.exclude(edition__state=Edition.State.DRAFT)
        self.requirements = {row.pk: row for row in usable.filter(pk__in=set(wanted))}
        self.editions = set(visit.editions.values_list("pk", flat=True))
        self.buildings = set(Building.objects.filter(facility=visit.facility_id).values_list("pk", flat=True))
        self.rows: list[Change] = []
        self.dirty: dict[int, Answer] = {}

    def one(self, change: dict[str, Any]) -> None:
        number = change["id"]
        if number in self.taken.outcomes:
            return
        if (known := self.known.get(number)) is not None:
            if known.by_id != self.user.pk:
                self.taken.outcomes[number] = _said(REFUSED, _("This number was used by somebody else."))
            else:
                self.taken.outcomes[number] = {"outcome": known.outcome, **_open(known.detail)}
            return
        try:
            outcome, target, detail = self._judge(change)
        except Impossible as problem:
            outcome, target, detail = REFUSED, "", {"detail": str(problem)}
        detail["raw"] = {key: change.get(key) for key in ("requirement", "field", "base", "value", "at")}
        detail["offset_s"] = self.clock.offset_s
        self.taken.outcomes[number] = {"outcome": outcome, **_open(detail)}
        self.taken.news = True
        seq = change["seq"]
        if target:
            self.newest[target] = max(self.newest.get(target, (0, "")), (seq, number))
        self.rows.append(
            Change(
                inspection=self.visit,
                client_id=number,
                device=self.device,
                seq=seq,
                target=target,
                by=self.user,
                taken_at=self.clock.now,
                outcome=outcome,
                detail=detail,
            )
        )

    def store(self) -> None:
        for answer in self.dirty.values():
            answer.save()
        Change.objects.bulk_create(self.rows)
        if self.rows:
            self.visit.version += len(self.rows)

    def _judge(self, change: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
        moment = self.clock.right(change.get("at"), self.earliest)
        flags = ["time"] if moment.doubtful else []
        flags += ["late"] if self.late else []
        flags += ["cancelled"] if self.visit.state == Inspection.State.CANCELLED else []
        order = (change["seq"], change["id"])
        if change.get("kind") == "answer":
            pk = change.get("requirement")
            requirement = self.requirements.get(pk) if is_number(pk) else None
            if requirement is None:
                raise Impossible(_("There is no such requirement."))
            value = read_value(change.get("value"))
            if value.building is not None and value.building not in self.buildings:
                value = Value(value.state, value.severity, value.note, value.place, None)
                flags.append("building")
            if self.editions and requirement.edition_id not in self.editions:
                flags.append("old_edition")
            target = f"answer:{requirement.pk}"
            if order < self.newest.get(target, (0, "")):
                return OLDER, target, {"flags": flags}
            outcome, more = self._answer(requirement, value, change["base"], moment, "old_edition" in flags)
        else:
            text = read_field(change.get("field"), change.get("value"))
            target = f"field:{change['field']}"
            if order < self.newest.get(target, (0, "")):
                return OLDER, target, {"flags": flags}
            outcome, more = self._field(change["field"], text, change["base"], moment)
        return outcome, target, {"flags": flags} | more

    # --- Answers ------------------------------------------------------------------------------------------------

    def _answer(
        self, requirement: Requirement, value: Value, base: int, moment: Moment, old: bool
    ) -> tuple[str, dict[str, Any]]:
        here = self.answers.get(requirement.pk)
        if here is None and not self.late:
            here = Answer(inspection=self.visit, requirement=requirement, version=0)
            self.answers[requirement.pk] = here
            self._set(here, value, base, moment, old)
            return APPLIED, {"version": here.version}
        if here is not None and value == value_of(here):
            self._side_of(requirement.pk, "", None)
            confirms = not self.late and here.by_id != self.user.pk and base >= here.version
            if not confirms:
                return SAME, {"version": here.version}
        if here is not None and not self.late and self._may_follow(here.by_id, here.device, here.version, base):
            self._set(here, value, base, moment, old)
            return APPLIED, {"version": here.version}
        return CONFLICT, {"conflict": self._put_aside(requirement, "", side_of_answer(here), value.as_json(), moment)}

    def _set(self, here: Answer, value: Value, base: int, moment: Moment, old: bool) -> None:
        if here.version:
            self.taken.before.append(_line(here))
        put(here, value, by=self.user, device=self.device, at=moment.at)
        here.doubtful, here.old_edition = moment.doubtful, old
        here.version = max(here.version, base) + 1
        self.dirty[here.requirement_id] = here
        self.taken.after.append(_line(here))
        self._side_of(here.requirement_id, "", side_of_answer(here))

    # --- Fields -------------------------------------------------------------------------------------------------

    def _field(self, name: str, text: str, base: int, moment: Moment) -> tuple[str, dict[str, Any]]:
        here = self.visit.fields.get(name) or {"version": 0, "by": None, "device": "", "at": None}
        if text == getattr(self.visit, name) and here["version"]:
            self._side_of(None, name, None)
            return SAME, {"version": here["version"]}
        follows = not here["version"] or self._may_follow(here["by"], here["device"], here["version"], base)
        if not self.late and follows:
            self.taken.before.append(f"{name}: {getattr(self.visit, name)}")
            set_field(self.visit, name, text, by=self.user, device=self.device, at=moment.at, base=base)
            self.taken.after.append(f"{name}: {text}")
            self._side_of(None, name, side_of_field(self.visit, name))
            return APPLIED, {"version": self.visit.fields[name]["version"]}
        theirs = {"text": text}
        return CONFLICT, {"conflict": self._put_aside(None, name, side_of_field(self.visit, name), theirs, moment)}

    # --- Conflicts ----------------------------------------------------------------------------------------------

    def _may_follow(self, by_id: int | None, device: str, version: int, base: int) -> bool:
        """Whether the device had seen what is here, or put it here itself."""
        return base >= version or (by_id == self.user.pk and device == self.device)

    def _open_conflicts(self, requirement: int | None, name: str) -> list[Conflict]:
        return [c for c in self.conflicts if not c.chosen and c.requirement_id == requirement and c.field == name]

    def _put_aside(
        self, requirement: Requirement | None, name: str, ours: dict[str, Any], theirs: dict[str, Any], moment: Moment
    ) -> int:
        theirs = theirs | {"at": ms(moment.at), "doubtful": moment.doubtful}
        mine = [c for c in self._open_conflicts(requirement.pk if requirement else None, name) if self._is_mine(c)]
        conflict = mine[0] if mine else Conflict(inspection=self.visit, requirement=requirement, field=name)
        conflict.sent_by, conflict.device, conflict.sent_at = self.user, self.device, self.clock.now
        conflict.ours, conflict.theirs, conflict.late = ours, theirs, self.late
        conflict.save()
        if not mine:
            self.conflicts.append(conflict)
        return conflict.pk

    def _is_mine(self, conflict: Conflict) -> bool:
        return conflict.sent_by_id == self.user.pk and conflict.device == self.device

    def _side_of(self, requirement: int | None, name: str, now: dict[str, Any] | None) -> None:
        """Something stands on the server: `now`, or (None) what stood there, said once more by this device."""
        for conflict in self._open_conflicts(requirement, name):
            if now is not None:
                conflict.ours = now
            if self._is_mine(conflict):
                _close(conflict, "same" if now is None else "new", self.user, self.clock.now)
            elif now is not None and _bare(conflict.theirs) == _bare(now):
                _close(conflict, "same", self.user, self.clock.now)
            conflict.save()


# --- What the other acts need too ---------------------------------------------------------------------------------


def value_of(answer: Answer) -> Value:
    return Value(answer.state, answer.severity, answer.note, answer.place, answer.building_id)


def put(answer: Answer, value: Value, *, by: Person, device: str, at: datetime) -> None:
    answer.state, answer.severity, answer.note, answer.place = value.state, value.severity, value.note, value.place
    answer.building_id = value.building
    answer.by, answer.device, answer.answered_at = by, device, at


def set_field(visit: Inspection, name: str, text: str, *, by: Person, device: str, at: datetime, base: int = 0) -> None:
    version = (visit.fields.get(name) or {}).get("version", 0)
    setattr(visit, name, text)
    visit.fields[name] = {
        "version": max(version, base) + 1,
        "by": by.pk,
        "by_name": by.full_name,
        "device": device,
        "at": ms(at),
    }


def side_of_answer(answer: Answer | None) -> dict[str, Any]:
    """An answer as one side of a conflict."""
    if answer is None:
        return {}
    by = {"id": answer.by_id, "name": answer.by.full_name}
    return value_of(answer).as_json() | {"at": ms(answer.answered_at), "by": by, "version": answer.version}


def side_of_field(visit: Inspection, name: str) -> dict[str, Any]:
    meta = visit.fields.get(name) or {}
    by = {"id": meta.get("by"), "name": meta.get("by_name", "")}
    return {"text": getattr(visit, name), "at": meta.get("at"), "by": by, "version": meta.get("version", 0)}


def follow(
    visit: Inspection, requirement: int | None, name: str, now: dict[str, Any], by: Person, at: datetime
) -> None:
    """Something new stands on the server: the open conflicts about it show it, and those that say the same end."""
    for conflict in visit.conflicts.filter(chosen="", requirement=requirement, field=name):
        conflict.ours = now
        if _bare(conflict.theirs) == _bare(now):
            _close(conflict, "same", by, at)
        conflict.save()


def _close(conflict: Conflict, chosen: str, by: Person, at: datetime) -> None:
    conflict.chosen, conflict.resolved_by, conflict.resolved_at = chosen, by, at


def _bare(side: dict[str, Any]) -> dict[str, Any]:
    return {key: side.get(key) for key in ("state", "severity", "note", "place", "building", "text")}


def _open(detail: dict[str, Any]) -> dict[str, Any]:
    """What a device is told of a stored outcome."""
    return {"detail": "", "flags": []} | {k: v for k, v in detail.items() if k not in {"raw", "offset_s"}}


def _said(outcome: str, detail: str) -> dict[str, Any]:
    return {"outcome": outcome, "detail": detail, "flags": []}


def _line(answer: Answer) -> str:
    words = [f"{answer.requirement.paragraph}: {answer.get_state_display()}", answer.note]
    return " · ".join(word for word in words if word)
