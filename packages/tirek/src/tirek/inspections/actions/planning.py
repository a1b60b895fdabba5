"""Acts of whoever plans: rounds, visits, who goes where and when."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tirek.accounts.access import can_at
from tirek.accounts.models import Person
from tirek.audit.act import Refused, act, snapshot
from tirek.facilities.models import Facility
from tirek.inspections import queries
from tirek.inspections.actions.carrying import EVENT, VIEW, WITHOUT, tell
from tirek.inspections.models import Finding, Inspection, Round
from tirek.places.models import Area

PLAN_ROUND = "inspections.plan_round"
PLAN = "inspections.plan_inspection"
ASSIGN = "inspections.assign_inspection"
CANCEL = "inspections.cancel_inspection"
CARRY = "inspections.carry_inspection"
LONGEST_AHEAD = timedelta(days=3 * 366)
OPEN = (Inspection.State.PLANNED, Inspection.State.ASSIGNED, Inspection.State.UNDER_WAY)
NOT_BEGUN = (Inspection.State.PLANNED, Inspection.State.ASSIGNED)


# --- Rounds -------------------------------------------------------------------------------------------------------


def plan_round(user: Person, fields: dict[str, Any]) -> Round:
    """Draft a round. The seed of its draw is given here, once; nobody can choose it."""
    with act(PLAN_ROUND, user) as trace:
        round_ = Round(**fields, seed=secrets.randbits(48), made_by=user)
        if round_.rule == Round.Rule.RANDOM:
            round_.announced = False
        _require_reach(user, round_)
        round_.save()
        trace.on(round_, after=snapshot(round_))
    return round_


def change_round(user: Person, pk: int, fields: dict[str, Any]) -> Round:
    """Change a draft. A round that runs keeps its rule; its name and its end may change."""
    with act(PLAN_ROUND, user) as trace:
        round_ = _round(user, pk)
        before = snapshot(round_)
        if round_.state == Round.State.CLOSED:
            raise Refused(_("The round is closed."))
        if round_.state == Round.State.RUNNING:
            fields = {name: fields[name] for name in ("name", "ends_on", "reason") if name in fields}
        for name, value in fields.items():
            setattr(round_, name, value)
        if round_.rule == Round.Rule.RANDOM:
            round_.announced = False
        _require_reach(user, round_)
        round_.save()
        trace.on(round_, before=before, after=snapshot(round_))
    return round_


def start_round(user: Person, pk: int) -> Round:
    """Let a round run: a visit for each facility that its rule takes in and that has none of the round yet."""
    with act(PLAN_ROUND, user) as trace:
        round_ = _round(user, pk)
        if round_.state != Round.State.DRAFT:
            raise Refused(_("This round runs already."))
        chosen = [drawn.candidate.pk for drawn in queries.drawn(round_) if drawn.is_in]
        if not chosen:
            raise Refused(_("No facility fits the rule of this round. Change the rule or the area."))
        before = snapshot(round_)
        round_.state = Round.State.RUNNING
        round_.save()
        kind = Inspection.Kind.PLANNED if round_.announced else Inspection.Kind.UNANNOUNCED
        rows = Facility.objects.filter(pk__in=chosen).order_by("code")
        made = Inspection.objects.bulk_create(
            Inspection(facility=facility, round=round_, kind=kind, is_sample=round_.is_sample) for facility in rows
        )
        trace.on(round_, before=before, after=snapshot(round_) | {"visits": len(made)})
        trace.event(EVENT, {"id": 0}, permission=VIEW, area_path=round_.area_path)
    return round_


def close_round(user: Person, pk: int) -> Round:
    """End a round. Visits that have not begun are cancelled with it; what has begun is finished."""
    with act(PLAN_ROUND, user) as trace:
        round_ = _round(user, pk)
        if round_.state != Round.State.RUNNING:
            raise Refused(_("This round does not run."))
        before = snapshot(round_)
        round_.state = Round.State.CLOSED
        round_.save()
        why = _("The round “%(name)s” was closed.") % {"name": round_.name}
        rest = round_.inspections.filter(state__in=NOT_BEGUN)
        cancelled = rest.update(state=Inspection.State.CANCELLED, cancelled_why=why[:300])
        trace.on(round_, before=before, after=snapshot(round_) | {"cancelled": cancelled})
        trace.event(EVENT, {"id": 0}, permission=VIEW, area_path=round_.area_path)
    return round_


def assign_round(user: Person, pk: int, inspectors: Sequence[Person], *, by_area: bool) -> dict[int, int]:
    """Give the visits of a round that have not begun to inspectors: whole districts together, or evenly. Returns {person: visits}.

    Visits that `user` may not give out stay as they are. Nobody is sent where they may not inspect. Raises Refused when a
    facility lies outside everybody's reach.
    """
    with act(ASSIGN, user) as trace:
        round_ = Round.objects.restrict(user, "view").select_for_update(of=("self",)).get(pk=pk)
        if round_.state != Round.State.RUNNING:
            raise Refused(_("This round does not run."))
        if not inspectors:
            raise Refused(_("Choose at least one inspector."))
        rows = queries.to_give_out(user, round_).select_related("facility__area").order_by("pk")
        visits = list(rows.select_for_update(of=("self",)))
        if not visits:
            raise Refused(_("No visit of this round is left that you may give out."))
        given = _share_out(visits, list(inspectors), by_area=by_area)
        for visit, person in given:
            visit.inspector, visit.state = person, Inspection.State.ASSIGNED
            visit.planned_order = visit.planned_at = None
        Inspection.objects.bulk_update(
            [v for v, _p in given], ["inspector", "state", "planned_order", "planned_at"], 500
        )
        counts: dict[int, int] = {}
        for _visit, person in given:
            counts[person.pk] = counts.get(person.pk, 0) + 1
        names = {person.full_name: counts.get(person.pk, 0) for person in inspectors}
        trace.on(round_, after={"visits": [f"{name}: {n}" for name, n in names.items()]})
        trace.event(EVENT, {"id": 0}, permission=VIEW, area_path=round_.area_path)
    return counts


# --- Visits -------------------------------------------------------------------------------------------------------


def plan_visits(
    user: Person,
    facilities: Iterable[Facility],
    *,
    kind: str = Inspection.Kind.PLANNED,
    round: Round | None = None,
    on: date | None = None,
    inspector: Person | None = None,
    reason: str = "",
) -> list[Inspection]:
    """Plan one visit to each facility; those with a visit of this kind that is still open are left out.

    Raises PermissionDenied where `user` may not plan, Refused in words.
    """
    rows = list(facilities)
    _check_day(on)
    with act(PLAN, user) as trace:
        if not rows:
            raise Refused(_("Choose at least one facility."))
        for facility in rows:
            _require_plan(user, facility, inspector)
        busy = Inspection.objects.filter(facility__in=rows, state__in=OPEN, kind=kind)
        taken = set(busy.values_list("facility", flat=True))
        state = Inspection.State.ASSIGNED if inspector else Inspection.State.PLANNED
        made = [
            Inspection(
                facility=facility,
                kind=kind,
                round=round,
                planned_on=on,
                inspector=inspector,
                state=state,
                reason=reason,
            )
            for facility in rows
            if facility.pk not in taken
        ]
        if not made:
            raise Refused(_("A visit to each of these facilities is planned already."))
        Inspection.objects.bulk_create(made)
        names = [facility.code for facility in rows if facility.pk not in taken]
        trace.on(made[0], after={"kind": kind, "on": on, "inspector": str(inspector or ""), "facilities": names})
        for visit in made[:50]:
            tell(trace, visit)
    return made


def plan_recheck(
    user: Person, findings: Iterable[Finding], on: date | None, inspector: Person | None, reason: str = ""
) -> Inspection:
    """Plan a re-inspection of open findings of one facility, by another person than those who found them."""
    rows = list(findings)
    _check_day(on)
    with act(PLAN, user) as trace:
        pks = [finding.pk for finding in rows]
        rows = list(
            Finding.objects.restrict(user, "view")
            .select_for_update(of=("self",))
            .select_related("facility__area", "found_by", "requirement")
            .filter(pk__in=pks)
        )
        if not rows or len(rows) != len(set(pks)):
            raise Refused(_("Choose the findings that are to be looked at again."))
        if len({finding.facility_id for finding in rows}) > 1:
            raise Refused(_("A re-inspection is of one facility. Choose findings of one facility."))
        closed = [finding for finding in rows if finding.state != Finding.State.OPEN]
        if closed:
            raise Refused(_("“%(finding)s” is not open any more.") % {"finding": closed[0]})
        if inspector is not None:
            require_other_person(inspector, rows)
        facility = rows[0].facility
        _require_plan(user, facility, inspector)
        waiting = Inspection.objects.filter(kind=Inspection.Kind.AGAIN, state__in=OPEN, verifies__in=rows).first()
        if waiting is not None:
            raise Refused(
                _("A re-inspection of these findings is planned already: %(visit)s. Move it instead.")
                % {"visit": waiting}
            )
        visit = Inspection.objects.create(
            facility=facility,
            kind=Inspection.Kind.AGAIN,
            planned_on=on,
            inspector=inspector,
            state=Inspection.State.ASSIGNED if inspector else Inspection.State.PLANNED,
            reason=reason[:300],
            is_sample=facility.is_sample,
        )
        visit.verifies.set(rows)
        trace.on(visit, after=snapshot(visit, without=WITHOUT) | {"findings": [str(finding) for finding in rows]})
        tell(trace, visit)
    return visit


def assign_visit(
    user: Person,
    pk: int,
    *,
    inspector: Person | None,
    companions: Iterable[Person] = (),
    on: date | None = None,
    at: time | None = None,
    order: int | None = None,
) -> Inspection:
    """Say who goes, with whom, on which day. A visit that is under way keeps its inspector."""
    others = list(companions)
    with act(ASSIGN, user) as trace:
        visit = _visit(user, pk, "assign")
        if visit.state not in OPEN:
            raise Refused(_("This visit is over. Plan a new one."))
        if visit.state == Inspection.State.UNDER_WAY and inspector != visit.inspector:
            raise Refused(_("The visit is under way. Add a second person, or cancel it and plan it anew."))
        if on != visit.planned_on:
            _check_day(on)
        for person in filter(None, (inspector, *others)):
            require_inspector(person, visit.facility)
        if inspector is not None and visit.kind == Inspection.Kind.AGAIN:
            require_other_person(inspector, visit.verifies.select_related("found_by"))
        before = snapshot(visit, without=WITHOUT) | {"people": _names(visit)}
        visit.inspector, visit.planned_on, visit.planned_at, visit.planned_order = inspector, on, at, order
        if visit.state in NOT_BEGUN:
            visit.state = Inspection.State.ASSIGNED if inspector else Inspection.State.PLANNED
        visit.version += 1
        visit.save()
        visit.companions.set([person for person in others if person != inspector])
        trace.on(visit, before=before, after=snapshot(visit, without=WITHOUT) | {"people": _names(visit)})
        tell(trace, visit)
    return visit


def move_visits(user: Person, moves: Sequence[tuple[int, date, int, time | None]]) -> int:
    """Put visits on days and into an order, as a plan of routes or a person says. Those that have begun stay where they are."""
    with act(ASSIGN, user) as trace:
        rows = Inspection.objects.restrict(user, "assign").select_for_update(of=("self",)).filter(state__in=NOT_BEGUN)
        visits = {
            row.pk: row for row in rows.select_related("facility__area").filter(pk__in=[move[0] for move in moves])
        }
        moved = []
        for pk, on, order, at in moves:
            if (visit := visits.get(pk)) is not None:
                visit.planned_on, visit.planned_order, visit.planned_at = on, order, at
                moved.append(visit)
        if not moved:
            raise Refused(_("None of these visits can be moved any more."))
        Inspection.objects.bulk_update(moved, ["planned_on", "planned_order", "planned_at"], 500)
        days = sorted({f"{visit.planned_on:%Y-%m-%d}" for visit in moved})
        trace.on(moved[0].round or moved[0], after={"visits": len(moved), "days": days})
        for visit in moved[:50]:
            tell(trace, visit)
    return len(moved)


def cancel_visit(user: Person, pk: int, why: str) -> Inspection:
    """Cancel a visit with a reason. What a phone sends of it later is kept all the same."""
    why = why.strip()
    with act(CANCEL, user, why=why) as trace:
        visit = _visit(user, pk, "cancel")
        if not why:
            raise Refused(_("Say why the visit is cancelled."))
        if visit.state not in OPEN:
            raise Refused(_("This visit is over and cannot be cancelled."))
        before = snapshot(visit, without=WITHOUT)
        visit.state, visit.cancelled_why = Inspection.State.CANCELLED, why[:300]
        visit.version += 1
        visit.save()
        trace.on(visit, before=before, after=snapshot(visit, without=WITHOUT))
        tell(trace, visit)
    return visit


def reopen_visit(user: Person, pk: int) -> Inspection:
    """Take back a cancellation: somebody began the visit before the word reached the phone."""
    with act(CANCEL, user) as trace:
        visit = _visit(user, pk, "cancel")
        if visit.state != Inspection.State.CANCELLED:
            raise Refused(_("This visit was not cancelled."))
        before = snapshot(visit, without=WITHOUT)
        begun = visit.started_at or visit.answers.exists()
        states = Inspection.State
        visit.state = states.UNDER_WAY if begun else states.ASSIGNED if visit.inspector_id else states.PLANNED
        visit.cancelled_why = ""
        visit.version += 1
        visit.save()
        trace.on(visit, before=before, after=snapshot(visit, without=WITHOUT))
        tell(trace, visit)
    return visit


# --- Rules --------------------------------------------------------------------------------------------------------


def require_inspector(person: Person, facility: Facility) -> None:
    """Raise Refused unless the person may inspect this facility."""
    if not can_at(person, CARRY, facility.area.path, facility.agency_id):
        raise Refused(
            _("%(name)s may not inspect %(facility)s: it lies outside the area of their role.")
            % {"name": person.full_name, "facility": facility}
        )


def require_other_person(inspector: Person, findings: Iterable[Finding]) -> None:
    """Raise Refused when the inspector found one of these: nobody sees the own finding put right."""
    own = [finding for finding in findings if finding.found_by_id == inspector.pk]
    if own:
        raise Refused(
            ngettext(
                "%(name)s found it. Whether it was put right must be seen by another person: choose another inspector.",
                "%(name)s found %(n)d of these. Whether they were put right must be seen by another person: "
                "choose another inspector.",
                len(own),
            )
            % {"name": inspector.full_name, "n": len(own)}
        )


def _require_plan(user: Person, facility: Facility, inspector: Person | None) -> None:
    if not can_at(user, PLAN, facility.area.path, facility.agency_id):
        raise PermissionDenied(PLAN)
    if inspector is None:
        return
    if inspector.pk != user.pk and not can_at(user, ASSIGN, facility.area.path, facility.agency_id):
        raise Refused(_("You may plan visits of your own. Whoever plans the inspections sends others."))
    require_inspector(inspector, facility)


def _require_reach(user: Person, round_: Round) -> None:
    if not can_at(user, PLAN_ROUND, round_.area.path, round_.agency_id):
        raise PermissionDenied(PLAN_ROUND)


def _round(user: Person, pk: int) -> Round:
    return Round.objects.restrict(user, "plan").select_for_update(of=("self",)).select_related("area").get(pk=pk)


def _visit(user: Person, pk: int, verb: str) -> Inspection:
    rows = Inspection.objects.restrict(user, verb).select_for_update(of=("self",))
    return rows.select_related("facility__area", "facility__type", "inspector").get(pk=pk)


def _check_day(on: date | None) -> None:
    if on is None:
        return
    today = timezone.localdate()
    if on < today:
        raise Refused(_("This day is over. Choose today or a later day."))
    if on > today + LONGEST_AHEAD:
        raise Refused(_("This day is too far ahead. Choose one within three years."))


def _names(visit: Inspection) -> list[str]:
    return [str(person) for person in (visit.inspector, *visit.companions.all()) if person]


def _share_out(visits: list[Inspection], inspectors: list[Person], *, by_area: bool) -> list[tuple[Inspection, Person]]:
    """Each visit with the person it goes to. By area: all visits of one district to one person."""
    groups: dict[str, list[Inspection]] = {}
    for visit in visits:
        area = visit.facility.area
        district = area.parent_id if area.kind == Area.Kind.SETTLEMENT else area.pk
        groups.setdefault(f"{district}/{visit.facility.agency_id}" if by_area else str(visit.pk), []).append(visit)
    able: dict[tuple[int, ...], list[list[Inspection]]] = {}
    for group in groups.values():
        fit = tuple(
            place
            for place, person in enumerate(inspectors)
            if all(can_at(person, CARRY, v.facility.area.path, v.facility.agency_id) for v in group)
        )
        if not fit:
            raise Refused(
                _("None of those chosen may inspect %(facility)s. Choose one whose role covers its area.")
                % {"facility": group[0].facility}
            )
        able.setdefault(fit, []).append(group)
    given: list[tuple[Inspection, Person]] = []
    loads = [0] * len(inspectors)
    # Work that few can do is given first, so that those who can do everything even it out.
    for fit, work in sorted(able.items(), key=lambda item: (len(item[0]), item[0])):
        for group in sorted(work, key=len, reverse=True):
            person = min(fit, key=lambda place: (loads[place], place))
            loads[person] += len(group)
            given += [(visit, inspectors[person]) for visit in group]
    return given
