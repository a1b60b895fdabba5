"""A plan: made, computed by a job, changed by a person's choices, adopted. An adopted plan stays what it was."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.accounts.models import Person
from tirek.audit.act import Refused, act, snapshot
from tirek.facilities.models import Facility
from tirek.jobs import actions as jobs
from tirek.jobs.models import Job
from tirek.jobs.running import Handle
from tirek.upgrades.computing import compute
from tirek.upgrades.models import PlanLine, UpgradePlan

ADD = "upgrades.add_upgradeplan"
CHANGE = "upgrades.change_upgradeplan"
COMPUTE = "upgrades.compute_upgradeplan"
ADOPT = "upgrades.adopt_upgradeplan"
REMOVE = "upgrades.remove_upgradeplan"
JOB = "upgrades.compute_plan"
CHOICES = ("in", "out", "")
State = UpgradePlan.State
# Long parts that the log names by what they are made of.
LONG = ("result",)


def add_plan(user: Person, fields: dict[str, Any]) -> UpgradePlan:
    """Write down what a plan is to be computed from."""
    with act(ADD, user) as trace:
        if not can_at(user, ADD, fields["area"].path):
            raise PermissionDenied(ADD)
        plan = UpgradePlan.objects.create(**fields, made_by=user, is_sample=user.is_sample)
        trace.on(plan, after=snapshot(plan, without=LONG))
    return plan


def change_plan(user: Person, pk: int, fields: dict[str, Any]) -> UpgradePlan:
    """Change what a plan is computed from. What was computed before goes: it no longer fits."""
    with act(CHANGE, user) as trace:
        plan = _open(user, "change", pk)
        if not can_at(user, CHANGE, fields["area"].path):
            raise PermissionDenied(CHANGE)
        before = snapshot(plan, without=LONG)
        for name, value in fields.items():
            setattr(plan, name, value)
        _forget(plan)
        plan.save()
        trace.on(plan, before=before, after=snapshot(plan, without=LONG))
    return plan


def choose(user: Person, pk: int, facility_pk: int, choice: str) -> UpgradePlan:
    """Put a facility into a plan, take it out, or leave it to the computation (""). It counts from the next computing on."""
    if choice not in CHOICES:
        raise Refused(_("A facility is in, out, or left to the computation."))
    with act(CHANGE, user) as trace:
        plan = _open(user, "change", pk)
        facility = Facility.objects.filter(pk=facility_pk, area__path__startswith=plan.area.path).first()
        if facility is None:
            raise Refused(_("This facility does not lie in the plan's area."))
        before = snapshot(plan, without=LONG)
        if choice:
            plan.choices[str(facility.pk)] = choice
        else:
            plan.choices.pop(str(facility.pk), None)
        plan.save(update_fields=["choices"])
        trace.on(plan, before=before, after=snapshot(plan, without=LONG))
    return plan


def start_computing(user: Person, pk: int) -> Job:
    """Let the worker compute a plan. Raises Refused while it is being computed."""
    plan = _open(user, "compute", pk, lock=False)
    if plan.job is not None and plan.job.is_open:
        raise Refused(_("This plan is being computed already."))
    with act(COMPUTE, user) as trace:
        plan = _open(user, "compute", pk)
        plan.job = jobs.start(
            JOB, user, _("Compute the plan “%(name)s”") % {"name": plan}, {"plan": pk}, area_path=plan.area.path
        )
        plan.save(update_fields=["job"])
        trace.on(plan, after={"job": plan.job_id})
    return plan.job


def compute_plan(handle: Handle, plan: int) -> dict[str, Any]:
    """The job. Everything is counted first and written in one go at the end: a plan is never half computed."""
    row = _open(handle.user, "compute", plan, lock=False)
    done = store_computed(
        handle.user, plan, row, lambda percent, note: handle.progress(percent, 100, note), handle.check
    )
    return {"text": str(done), "url": done.get_absolute_url()}


def store_computed(
    user: Person | None,
    pk: int,
    row: UpgradePlan,
    watch: Any,
    check: Any = lambda: None,
    system: str = "",
    **effort: int,
) -> UpgradePlan:
    """Compute and store. Raises Refused when the plan was changed or adopted meanwhile. `effort`: as `compute` takes it."""
    asked = _asked(row)
    computed = compute(row, watch, check, **effort)
    with act(COMPUTE, user, system=system) as trace:
        plan = UpgradePlan.objects.select_for_update().get(pk=pk) if user is None else _open(user, "compute", pk)
        if _asked(plan) != asked or plan.state == State.ADOPTED:
            raise Refused(_("The plan was changed while it was being computed. Compute it again."))
        plan.lines.all().delete()
        for line in computed.lines:
            line.plan = plan
        PlanLine.objects.bulk_create(computed.lines, batch_size=500)
        plan.state, plan.result, plan.computed_at = State.COMPUTED, computed.result, timezone.now()
        plan.save(update_fields=["state", "result", "computed_at"])
        kept = ("outcome", "budget", "cost", "gain", "bound", "gap", "missing", "facilities")
        trace.on(plan, after={name: computed.result[name] for name in kept} | {"lines": len(computed.lines)})
    return plan


def adopt_plan(user: Person, pk: int) -> UpgradePlan:
    """Make a computed plan the one that holds. From then on nobody changes it."""
    with act(ADOPT, user) as trace:
        plan = _open(user, "adopt", pk)
        if plan.state != State.COMPUTED:
            raise Refused(_("Compute the plan first."))
        if plan.result.get("outcome") == "infeasible":
            raise Refused(
                _("This plan leaves mandatory requirements or a district's minimum unmet. Change the budget first.")
            )
        if _is_stale(plan):
            raise Refused(_("Facilities were put in or taken out since it was computed. Compute it again first."))
        before = snapshot(plan, without=LONG)
        plan.state, plan.adopted_by, plan.adopted_at = State.ADOPTED, user, timezone.now()
        plan.save(update_fields=["state", "adopted_by", "adopted_at"])
        trace.on(plan, before=before, after=snapshot(plan, without=LONG))
    return plan


def remove_plan(user: Person, pk: int) -> UpgradePlan:
    """Throw a plan away that was not adopted."""
    with act(REMOVE, user) as trace:
        plan = _open(user, "remove", pk)
        trace.on(plan, before=snapshot(plan, without=LONG))
        UpgradePlan.objects.filter(pk=pk).delete()
    return plan


def _open(user: Person, action: str, pk: int, *, lock: bool = True) -> UpgradePlan:
    """A plan that may still be changed. Raises UpgradePlan.DoesNotExist, or Refused when it is adopted."""
    rows = UpgradePlan.objects.restrict(user, action)
    plan = (rows.select_for_update() if lock else rows.select_related("area", "scenario", "job")).get(pk=pk)
    if plan.state == State.ADOPTED:
        raise Refused(_("This plan is adopted and stays what it is. Make a new one from it."))
    return plan


def _asked(plan: UpgradePlan) -> tuple[Any, ...]:
    """What a computation depends on."""
    return (
        plan.area_id,
        plan.budget,
        plan.scenario_id,
        plan.mandatory_first,
        plan.least_per_district,
        tuple(plan.tier_weights),
        tuple(sorted(plan.choices.items())),
    )


def _is_stale(plan: UpgradePlan) -> bool:
    return plan.result.get("choices", {}) != plan.choices


def _forget(plan: UpgradePlan) -> None:
    plan.state, plan.result, plan.computed_at = State.DRAFT, {}, None
    plan.lines.all().delete()
