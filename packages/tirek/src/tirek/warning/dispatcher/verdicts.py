"""What a report changes in what is known of a delivery. Pure: values in, values out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tirek.warning.models import Delivery
from tirek_protocols.command import Proof, Report

State = Delivery.State
# An endpoint says this when it had the command too late; then nobody heard it, and nothing is broken.
TOO_LATE = "expired"
WRONG_CLOCK = "this clock is ahead: it took the command for too old"
# Others that are no failure: a person or a newer alert ended it before it could sound.
CALLED_OFF = frozenset({"silenced", "replaced by a newer alert"})
# Who accepted and then says nothing is asked again: its report may have been lost with the broker.
ASK_AGAIN = timedelta(seconds=20)
# The name of the probe of an endpoint that has none: it can say that it played, never that it was heard.
NO_PROBE = "none"


@dataclass(frozen=True, slots=True)
class Known:
    """A delivery, as far as reports change it."""

    state: str
    reason: str = ""
    last_seq: int = 0
    accepted_at: datetime | None = None
    heard_at: datetime | None = None
    finished_at: datetime | None = None
    next_try_at: datetime | None = None
    proof: dict[str, Any] = field(default_factory=dict)


def judge(known: Known, report: Report, at: datetime, not_after: datetime) -> Known:
    """What is known after `report`, received at `at`. Reports that are not newer than the last one change nothing.

    `not_after` is the end of the command by the centre's clock.
    """
    if report.seq <= known.last_seq:
        return known
    now = replace(known, last_seq=report.seq, accepted_at=known.accepted_at or at, next_try_at=None)
    proof = report.proof
    heard = proof is not None and proof.heard
    if proof is not None:
        now = replace(now, proof=_plain(proof))
    if proof is not None and proof.probe == NO_PROBE and report.state in ("sounding", "finished"):
        if report.state == "finished":
            now = replace(now, finished_at=at)
        return now if known.state == State.HEARD else replace(now, state=State.ACCEPTED, reason=proof.detail[:200])
    match report.state:
        case "accepted":
            if known.state == State.HEARD:
                return now
            return replace(now, state=State.ACCEPTED, reason=report.reason[:200], next_try_at=at + ASK_AGAIN)
        case "sounding":
            if heard:
                return _heard(now, at)
            # The first look at a repeat does not undo what was heard before; the proof of the whole may.
            if known.state == State.HEARD:
                return now
            return replace(now, state=State.FAILED, reason=_why(report), next_try_at=at + ASK_AGAIN)
        case "finished":
            done = replace(now, finished_at=at)
            return _heard(done, at) if heard else replace(done, state=State.FAILED, reason=_why(report))
        case "stopped":
            # What was silent before it was stopped was silent: the end takes nothing back.
            if known.state == State.FAILED and not heard:
                return replace(now, finished_at=at)
            done = replace(now, finished_at=at, reason=report.reason[:200])
            if heard or known.state == State.HEARD:
                return replace(_heard(done, at), reason=report.reason[:200])
            return replace(done, state=State.ACCEPTED)
        case "refused" if report.reason == TOO_LATE and at < not_after:
            # It came in time: by the device's clock only it was too late.
            return replace(now, state=State.FAILED, reason=WRONG_CLOCK, finished_at=at)
        case "refused" if report.reason == TOO_LATE or report.reason in CALLED_OFF:
            if known.state in (State.HEARD, State.ACCEPTED):
                return now
            return replace(now, state=State.EXPIRED, reason=report.reason[:200], finished_at=at)
        case _:  # failed, refused
            return replace(now, state=State.FAILED, reason=_why(report), finished_at=at)


def _heard(now: Known, at: datetime) -> Known:
    return replace(now, state=State.HEARD, heard_at=now.heard_at or at, reason="")


def _why(report: Report) -> str:
    detail = report.proof.detail if report.proof else ""
    return (report.reason or detail or "no sound was picked up")[:200]


def _plain(proof: Proof) -> dict[str, Any]:
    return {"probe": proof.probe, "heard": proof.heard, "level_db": proof.level_db, "detail": proof.detail}
