"""Reports that belong to no delivery: answers to tests, refusals, and sound that nobody commanded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tirek.audit import chain
from tirek.live.emit import Change
from tirek.warning.models import Endpoint, EndpointEvent
from tirek_protocols.command import Report

if TYPE_CHECKING:
    from tirek.warning.dispatcher.inbox import Sender

UNCOMMANDED = "sounds though nobody commanded it"


@dataclass(frozen=True, slots=True)
class Odd:
    """A report, and the action of the command that it answers ("" when we sent no such command)."""

    sender: Sender
    report: Report
    at: datetime
    action: str

    @property
    def what(self) -> str:
        if self.action == "test":
            return {"accepted": "", "finished": "test_passed", "sounding": ""}.get(self.report.state, "test_failed")
        if self.action:
            return ""  # orders to be silent are answered too; that needs no line
        if self.report.state in ("accepted", "sounding"):
            return "uncommanded"
        return "refused" if self.report.state == "refused" else ""


def store(told: Sequence[Odd]) -> tuple[list[Change], list[chain.Line]]:
    """Write them into the endpoints' histories. A sound that nobody commanded becomes visible trouble at once.

    The caller holds the endpoints. Returns what open pages should hear, and what is to be written into the log: that takes
    the order lock, so it is done when no row is waited for any more.
    """
    if not told:
        return [], []
    endpoints = {odd.sender.pk for odd in told}
    numbers = {odd.report.seq for odd in told}
    there = set(EndpointEvent.objects.filter(endpoint__in=endpoints, seq__in=numbers).values_list("endpoint_id", "seq"))
    fresh = {(odd.sender.pk, odd.report.seq): odd for odd in told}
    for place in there:
        fresh.pop(place, None)
    EndpointEvent.objects.bulk_create(
        [
            EndpointEvent(
                endpoint_id=odd.sender.pk, at=odd.at, what=odd.what, reason=_reason(odd.report),
                command=odd.report.command, seq=odd.report.seq,
            )
            for odd in fresh.values()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    trouble = [odd for odd in fresh.values() if odd.what == "uncommanded"]
    for odd in trouble:
        _raise_trouble(odd)
    fault = Endpoint.State.FAULT
    changes = [_changed(odd, fault if odd.what == "uncommanded" else None) for odd in fresh.values()]
    return changes, [_entry(odd) for odd in trouble]


def _raise_trouble(odd: Odd) -> None:
    state = Endpoint.State.FAULT
    Endpoint.objects.filter(pk=odd.sender.pk).exclude(state=Endpoint.State.OFF).update(
        state=state, state_since=odd.at, state_reason=UNCOMMANDED
    )


def _entry(odd: Odd) -> chain.Line:
    return chain.Line(
        actor=f"endpoint:{odd.sender.code}",
        actor_id=None,
        verb="warning.sound_uncommanded",
        object_type="warning.endpoint",
        object_id=str(odd.sender.pk),
        object_name=odd.sender.code,
        why=_reason(odd.report),
        before=None,
        after={"command": odd.report.command, "alert": odd.report.alert, "state": odd.report.state},
        area_path=odd.sender.area_path,
    )


def _changed(odd: Odd, state: str | None) -> Change:
    data: dict[str, object] = {"changes": [[odd.sender.pk, state or ""]]}
    if odd.what == "uncommanded":
        data["uncommanded"] = [odd.sender.pk]
    return Change("endpoint.changed", data, "warning.view_endpoint", odd.sender.area_path)


def _reason(report: Report) -> str:
    detail = report.proof.detail if report.proof else ""
    return (report.reason or detail)[:200]
