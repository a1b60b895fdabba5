"""Sirens and loudspeakers as equipment: what they are, whether they live, and which soundings count as tests."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from tirek.equipment.actions.linked import Device
from tirek.equipment.actions.testing import Proof, record_proofs
from tirek.equipment.registry import Live, live_state
from tirek.warning.models import Delivery, Endpoint
from tirek.warning.reasons import said

LOOK_BACK = timedelta(days=14)
WORKS = {
    Endpoint.State.READY: True,
    Endpoint.State.LOST: False,
    Endpoint.State.FAULT: False,
    Endpoint.State.OFF: False,
    Endpoint.State.WAITING: None,
}


def device_of(endpoint: Endpoint) -> Device | None:
    """None for a siren in the street: it belongs to no facility, and its own page is its record."""
    if endpoint.facility is None:
        return None
    installed = timezone.localdate(endpoint.enrolled_at) if endpoint.enrolled_at else None
    place = endpoint.name.removeprefix(endpoint.facility.name_ru).strip(" ,")
    return Device(endpoint.kind, endpoint.facility, place=place, serial=endpoint.code, installed_on=installed)


@live_state
def endpoints_live(item_ids: list[int]) -> dict[int, Live]:
    """Whether the loudspeakers and sirens among the items are ready."""
    rows = Endpoint.objects.filter(item__in=item_ids).only(
        "item", "name", "state", "state_since", "state_reason", "last_seen"
    )
    return {
        endpoint.item_id: Live(
            WORKS[Endpoint.State(endpoint.state)],
            endpoint.get_state_display(),
            endpoint.name,
            reverse("warning:endpoint", args=[endpoint.pk]),
            heard_at=endpoint.last_seen,
            since=endpoint.state_since,
            fault=said(endpoint.state_reason),
            permission="warning.view_endpoint",
        )
        for endpoint in rows
    }


def count_tests() -> int:
    """Let a sounding that its probe heard count as a passed test, and one that its probe did not hear as a failed one.

    The worker calls it and not the dispatcher, which has thousands of reports to take when a warning sounds. A loudspeaker that was
    only out of reach has not been tested. Returns how many tests were new.
    """
    since = timezone.now() - LOOK_BACK
    silent = Q(state=Delivery.State.FAILED, finished_at__isnull=False, proof__heard=False)
    rows = Delivery.objects.filter(alert__issued_at__gte=since, endpoint__item__isnull=False)
    rows = rows.filter(Q(state=Delivery.State.HEARD, heard_at__isnull=False) | silent)
    found = rows.values_list("pk", "endpoint__item", "state", "heard_at", "finished_at", "alert__identifier")
    return record_proofs(
        "endpoint",
        [
            Proof(item, heard or finished, state == Delivery.State.HEARD, pk, alert)
            for pk, item, state, heard, finished, alert in found.iterator()
            if item and (heard or finished)
        ],
    )
