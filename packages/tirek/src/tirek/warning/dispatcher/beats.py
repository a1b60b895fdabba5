"""Signs of life: who is there, what is wrong with it, and who has fallen silent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from tirek.live.emit import Change, emit
from tirek.warning import bulk
from tirek.warning.models import Endpoint, EndpointEvent
from tirek_protocols.command import Beat

if TYPE_CHECKING:
    from tirek.warning.dispatcher.inbox import Sender

# Beats come every 30 s. Two may be lost; the loss is shown before 90 s are over.
LOST_AFTER = timedelta(seconds=75)
# A sound that nobody commanded stays a fault for so long, whatever the beats say.
TROUBLE_KEPT = timedelta(minutes=10)
# A device whose clock is further off than this is not to be relied on: it would take a warning for too old, or wait before it
# sounds. A beat that was long on its way looks like a clock that is behind, so that needs more.
CLOCK_AHEAD, CLOCK_BEHIND = timedelta(seconds=10), timedelta(minutes=2)
State = Endpoint.State


@dataclass(frozen=True, slots=True)
class Sign:
    """A beat, and when it came."""

    beat: Beat
    at: datetime


Received = tuple["Sender", Sign]


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    state: str
    state_since: datetime | None
    state_reason: str
    beat_seq: int
    faults: list[str]


def store(signs: Sequence[Received]) -> Iterable[Change]:
    """Keep the newest beat of each endpoint, and its state if that is another now. Older and repeated beats are dropped."""
    newest: dict[int, tuple[Sender, Sign]] = {}
    for sender, sign in signs:
        if sender.pk not in newest or sign.beat.seq > newest[sender.pk][1].beat.seq:
            newest[sender.pk] = (sender, sign)
    if not newest:
        return
    columns = ("pk", "state", "state_since", "state_reason", "beat_seq", "faults")
    rows = (
        Endpoint.objects.select_for_update(no_key=True).filter(pk__in=list(newest)).order_by("pk").values_list(*columns)
    )
    alive: list[tuple[object, ...]] = []
    history: list[EndpointEvent] = []
    for row in (_Row(*values) for values in rows):
        sender, sign = newest[row.pk]
        if sign.beat.seq <= row.beat_seq:
            continue
        state, reason = _state(row, sign)
        changed = state != row.state
        since = sign.at if changed else row.state_since
        alive.append(
            (
                bulk.moment(sign.at), sign.beat.version, sign.beat.playing, sign.beat.seq,
                bulk.as_json(_faults(sign)), state, bulk.moment(since), reason, row.pk,
            )
        )  # fmt: skip
        if changed:
            history.append(EndpointEvent(endpoint_id=row.pk, at=sign.at, what=state, reason=reason))
            data = {"changes": [[row.pk, state]]}
            yield Change("endpoint.changed", data, "warning.view_endpoint", sender.area_path)
    bulk.many(
        f"UPDATE {Endpoint._meta.db_table} SET last_seen = %s, version = %s, playing = %s, beat_seq = %s, faults = %s, "  # noqa: S608
        "state = %s, state_since = %s, state_reason = %s WHERE id = %s",
        alive,
    )
    EndpointEvent.objects.bulk_create(history)


def _faults(sign: Sign) -> list[str]:
    """What the endpoint says to be wrong with itself, and what its beat shows: a clock that is not ours."""
    off = sign.beat.at / 1000 - sign.at.timestamp()
    wrong = off > CLOCK_AHEAD.total_seconds() or -off > CLOCK_BEHIND.total_seconds()
    return [*sign.beat.faults, *([f"this clock is {off:+.0f} s off"] if wrong else [])]


def _state(row: _Row, sign: Sign) -> tuple[str, str]:
    if row.state in (State.OFF, State.WAITING):
        return row.state, row.state_reason
    if faults := _faults(sign):
        return State.FAULT, "; ".join(faults)[:200]
    trouble = row.state == State.FAULT and not row.faults  # not one of its own telling
    if trouble and row.state_since and sign.at - row.state_since < TROUBLE_KEPT:
        return row.state, row.state_reason
    return State.READY, ""


def mark_lost(now: datetime, linked_since: datetime) -> int:
    """Endpoints that were silent for too long while we could hear them. Returns how many were found.

    `linked_since` is when our own link to the broker came up: before that, silence was ours.
    """
    if now - linked_since < LOST_AFTER:
        return 0
    silent = Endpoint.objects.filter(state__in=(State.READY, State.FAULT)).filter(
        Q(last_seen__lt=now - LOST_AFTER) | Q(last_seen=None)
    )
    with transaction.atomic():
        rows = list(silent.select_for_update(of=("self",), no_key=True).select_related("area").order_by("pk"))
        if not rows:
            return 0
        Endpoint.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=State.LOST, state_since=now, state_reason="", playing=""
        )
        EndpointEvent.objects.bulk_create(EndpointEvent(endpoint=row, at=now, what=State.LOST) for row in rows)
        by_path: dict[str, list[list[object]]] = {}
        for row in rows:
            by_path.setdefault(row.area.path, []).append([row.pk, State.LOST])
        emit(
            Change("endpoint.changed", {"changes": changes}, "warning.view_endpoint", path)
            for path, changes in by_path.items()
        )
    return len(rows)
