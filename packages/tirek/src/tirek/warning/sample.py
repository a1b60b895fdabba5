"""The warning part of the sample province."""

from __future__ import annotations

from collections.abc import Callable

from tirek.audit.act import act
from tirek.warning.devices import count_tests
from tirek.warning.models import Alert, Attempt, Command, Delivery, Endpoint
from tirek.warning.plans import load_plans
from tirek.warning.sample_endpoints import add_missing
from tirek.warning.sample_exercise import hold_exercise


def load(say: Callable[[str], None]) -> None:
    """Plans, endpoints, and the history of one exercise. What is there stays."""
    load_plans()
    if made := add_missing():
        say(f"{made} sirens and loudspeakers")
    if hold_exercise():
        say("one exercise that was held")
        count_tests()


def clear() -> int:
    """Remove the sample endpoints and the exercises that were held with them. Returns how many rows went."""
    endpoints = Endpoint.objects.filter(is_sample=True)
    first = endpoints.first()
    if first is None:
        return 0
    with act("warning.clear_sample", system="sample") as trace:
        trace.on(first)
        alerts = Alert.objects.filter(is_sample=True)
        removed = 0
        for rows in (
            Attempt.objects.filter(delivery__alert__in=alerts),
            Delivery.objects.filter(alert__in=alerts),
            Command.objects.filter(alert__in=alerts),
        ):
            removed += rows.delete()[0]
        while alerts.exists():  # an alert goes after those that follow it
            removed += alerts.filter(followed_by=None).delete()[0]
        removed += endpoints.filter(deliveries=None).delete()[0]
    return removed
