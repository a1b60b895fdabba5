"""Which response plan counts for an alarm, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import get_language

from tirek.alarms.models import Alarm, AlarmStep, ResponsePlan, ResponseStep


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the plan as the desk shows it."""

    step: ResponseStep
    text: str
    done: AlarmStep | None


def plan_for(alarm: Alarm) -> ResponsePlan | None:
    """The plan agreed for this kind of alarm at this type of facility, or for the kind alone. A test has none."""
    if alarm.is_test:
        return None
    fits = Q(facility_type=None) | Q(facility_type=alarm.facility.type_id)
    found = ResponsePlan.objects.filter(fits, kind=alarm.kind)
    return found.order_by(F("facility_type").desc(nulls_last=True), "code").first()


def step_lines(alarm: Alarm, plan: ResponsePlan | None) -> list[StepLine]:
    """The steps of `plan` in order, each with who did it and when."""
    if plan is None:
        return []
    done = {row.step_id: row for row in alarm.steps.select_related("done_by")}
    return [StepLine(step, text_of(step), done.get(step.pk)) for step in plan.steps.all()]


def text_of(step: ResponseStep) -> str:
    """The step in the reader's language."""
    return choose({"kk": step.text_kk, "ru": step.text_ru, "en": step.text_en})


def choose(texts: dict[str, str]) -> str:
    """Of texts by language the reader's, or the nearest that is filled in."""
    order = ((get_language() or "ru")[:2], "ru", "kk", "en")
    return next((texts[code] for code in order if texts.get(code)), "")
