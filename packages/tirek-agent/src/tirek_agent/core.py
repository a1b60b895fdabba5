"""The rules of an endpoint: no clock, no disk, no network, no sound.

Events go in with the time, a `Step` comes out. Whoever drives the core must do a step in this order: stop what
it says; write its records so that they survive a loss of power; only then hand over reports and begin to
sound. What makes two soundings of one command impossible is that `Life.SOUNDING` is such a record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tirek_agent.records import Barred, Forgotten, Known, Life, Memory, Record, Said
from tirek_protocols.command import (
    CLOCK_SLACK_MS,
    Addressees,
    Command,
    NotAddressed,
    Proof,
    Replayed,
    Report,
    Stale,
    State,
    TooEarly,
    admit,
)

AGAIN_MS = 1_000
"""A command received again is answered again, but not more often than this."""
REFUSALS_MS = 10_000
"""Refusals for the same reason are counted and reported together this often."""

FORGET_MS = 7 * 24 * 60 * 60 * 1_000
"""Commands are remembered this long after their end, in case this clock was wrong by days."""

REPLACED = "replaced by a newer alert"
SILENCED = "silenced"
EXPIRED = "expired"
RESTARTED = "restarted while sounding"
LOST = "the journal was lost: it may have sounded already"


@dataclass(frozen=True)
class Me:
    """Who this endpoint is to the centre."""

    endpoint: str
    cell: str
    enrolled_ms: int


@dataclass
class Step:
    """What to do now, in this order."""

    stop: list[str] = field(default_factory=list)
    """Ids of commands whose sound must end at once."""
    records: list[Record] = field(default_factory=list)
    """To be made durable before anything below."""
    again: list[Said] = field(default_factory=list)
    """Reports to hand over once more."""
    sound: Command | None = None
    """Begin this, if `may_sound` still holds."""


@dataclass
class _Refusals:
    count: int = 0
    told: int = 0
    told_ms: int = 0


def _rank(command: Command) -> int:
    """How urgent: lower numbers sound first and interrupt higher ones."""
    if command.action == "test":
        return 2
    return 0 if command.mode == "live" else 1


def _due_ms(command: Command) -> int:
    """When to begin, by this endpoint's clock.

    What is meant for at once begins at once even if the centre's clock is a little ahead of ours, and silence
    however far it is ahead.
    """
    if command.not_before > command.issued:
        return command.not_before
    if command.action in ("silence", "silence_all"):
        return 0
    return command.issued - CLOCK_SLACK_MS


class Core:
    """One endpoint. `sign` makes the envelope of a report; reports are numbered from `begin` on, if not from higher.

    With the time of the start (ms) as `begin`, numbers grow even when the journal that knew them was lost: the centre
    takes a number that it has seen before for a copy, and drops it.
    """

    def __init__(self, me: Me, sign: Callable[[Report], bytes], memory: Memory, begin: int = 0) -> None:
        self._me = me
        self._sign = sign
        self._known = {known.command.id: known for known in memory.known}
        self._barred = list(memory.barred)
        self._said = dict(memory.last_said)
        self._seq = max(memory.seq, begin)
        self._answered: dict[str, int] = {}
        self._refused: dict[str, _Refusals] = {}
        self._sounding: Command | None = None

    @property
    def sounding(self) -> Command | None:
        return self._sounding

    def may_sound(self, command_id: str) -> bool:
        """Whether a `Step.sound` that was decided a moment ago still stands."""
        return self._sounding is not None and self._sounding.id == command_id

    def resume(self, now: int) -> Step:
        """The first step after a start: what was sounding when the power failed is over, and says so."""
        step = Step()
        for known in list(self._known.values()):
            if known.life is Life.SOUNDING:
                state: State = "stopped" if known.heard else "failed"
                self._end(known.command, state, now, RESTARTED, step)
        return self._go_on(now, step)

    def distrust(self, now: int) -> Step:
        """The memory was lost: what was issued before this moment may have sounded, so it must not."""
        step = Step()
        self._bar(Barred("", "live", now, LOST), now, step)
        return step

    def receive(self, command: Command, envelope: bytes, now: int) -> Step:
        """A command whose signature is good."""
        digest = hashlib.sha256(envelope).digest()
        try:
            admit(
                command,
                now_ms=now,
                endpoint=self._me.endpoint,
                cell=self._me.cell,
                enrolled_ms=self._me.enrolled_ms,
                seen=self._known,
            )
        except NotAddressed:
            return Step()
        except Replayed:
            if self._known[command.id].digest == digest:
                return self._answer_again(command.id, now)
            return self.refuse("replay with other content", now)
        except Stale:
            return self._reject(command, digest, EXPIRED, now, Step())
        except TooEarly:
            pass
        if now >= command.not_after:
            return self._reject(command, digest, EXPIRED, now, Step())
        return self._obey(command, digest, now)

    def refuse(self, reason: str, now: int) -> Step:
        """Something that is no command for anybody: reported at once, then counted."""
        step = Step()
        refusals = self._refused.setdefault(reason, _Refusals(told_ms=now - REFUSALS_MS))
        refusals.count += 1
        self._tell_refusals(now, step)
        return step

    def tick(self, now: int) -> Step:
        """Time has passed."""
        step = Step()
        self._tell_refusals(now, step)
        return self._go_on(now, step)

    def forget(self, now: int) -> Step:
        """Let go of what is long over; to be called now and then."""
        step = Step()
        for known in list(self._known.values()):
            if known.life is Life.OVER and now - known.command.not_after > FORGET_MS:
                del self._known[known.command.id]
                self._said.pop(known.command.id, None)
                self._answered.pop(known.command.id, None)
                step.records.append(Forgotten(known.command.id))
        return step

    def wake_ms(self, now: int) -> int | None:
        """When `tick` has something to do, at the latest; None when nothing waits."""
        times = [
            time
            for known in self._known.values()
            if known.life is Life.WAITING
            for time in (_due_ms(known.command), known.command.not_after)
            if time > now
        ]
        times += [r.told_ms + REFUSALS_MS for r in self._refused.values() if r.count > r.told]
        return min(times, default=None)

    def heard(self, command_id: str, proof: Proof, now: int) -> Step:
        """The probe's first judgement of what sounds now."""
        step = Step()
        if self.may_sound(command_id):
            known = self._known[command_id]
            self._keep(replace(known, heard=known.heard or proof.heard), step)
            self._say(known.command, "sounding", now, "", proof, step)
        return step

    def ended(self, command_id: str, state: State, now: int, reason: str, proof: Proof | None) -> Step:
        """The sound is over by itself: `finished`, or `failed` with a reason."""
        step = Step()
        if self.may_sound(command_id):
            self._end(self._known[command_id].command, state, now, reason, step, proof)
        return self._go_on(now, step)

    def halt(self, now: int) -> Step:
        """The agent is being shut down in good order: end the sound, and begin no other."""
        step = Step()
        if self._sounding is not None:
            self._end(self._sounding, "stopped", now, "the agent was shut down", step)
        return step

    def uncommanded(self, proof: Proof, now: int) -> Step:
        """The probe hears a sound that no command explains."""
        step = Step()
        self._say(None, "sounding", now, "a sound that nobody commanded", proof, step)
        return step

    def _obey(self, command: Command, digest: bytes, now: int) -> Step:
        step = Step()
        for bar in self._barred:
            if bar.holds(command):
                return self._reject(command, digest, bar.reason, now, step)
        self._keep(Known(self._slim(command), digest, Life.WAITING), step)
        self._say(command, "accepted", now, self._why_later(command, now), None, step)
        return self._go_on(now, step)

    def _slim(self, command: Command) -> Command:
        return replace(command, to=Addressees(ids=(self._me.endpoint,)))

    def _why_later(self, command: Command, now: int) -> str:
        if _due_ms(command) <= now:
            return ""
        if command.issued - now > CLOCK_SLACK_MS:
            return f"waits: this clock is {(command.issued - now) // 1000} s behind the centre's"
        return "waits for its time"

    def _bar(self, bar: Barred, now: int, step: Step) -> None:
        if bar in self._barred:
            return
        self._barred.append(bar)
        step.records.append(bar)
        for known in list(self._known.values()):
            if known.life is not Life.OVER and bar.holds(known.command):
                self._end(known.command, "stopped", now, bar.reason, step)

    def _silence(self, command: Command, now: int, step: Step) -> None:
        # `silence_all` may name an alert, but means all of them.
        alert = command.alert if command.action == "silence" else ""
        self._bar(Barred(alert, command.mode, command.issued, SILENCED), now, step)
        self._end(command, "stopped", now, f"{len(step.stop)} sounding stopped", step)

    def _reject(self, command: Command, digest: bytes, reason: str, now: int, step: Step) -> Step:
        self._keep(Known(self._slim(command), digest, Life.OVER), step)
        self._say(command, "refused", now, reason, None, step)
        return self._go_on(now, step)

    def _go_on(self, now: int, step: Step) -> Step:
        """Drop what is too late, obey what is due, and begin the most urgent sound."""
        for command in self._waiting():
            if now >= command.not_after:
                self._end(command, "failed", now, "its time ran out before its turn", step)
            elif now >= _due_ms(command):
                for alert in command.replaces:
                    if alert != command.alert:
                        self._bar(Barred(alert, command.mode, None, REPLACED), now, step)
                if command.action in ("silence", "silence_all"):
                    self._silence(command, now, step)
        due = [command for command in self._waiting() if now >= _due_ms(command)]
        if not due:
            return step
        first = min(due, key=lambda command: (_rank(command), command.issued, command.id))
        if self._sounding is not None and _rank(first) < _rank(self._sounding):
            self._end(self._sounding, "stopped", now, "a more urgent command took its place", step)
        if self._sounding is None:
            self._sounding = first
            self._keep(replace(self._known[first.id], life=Life.SOUNDING), step)
            step.sound = first
        return step

    def _waiting(self) -> list[Command]:
        return [known.command for known in self._known.values() if known.life is Life.WAITING]

    def _end(
        self, command: Command, state: State, now: int, reason: str, step: Step, proof: Proof | None = None
    ) -> None:
        if self.may_sound(command.id):
            self._sounding = None
            step.stop.append(command.id)
        self._keep(replace(self._known[command.id], life=Life.OVER), step)
        self._say(command, state, now, reason, proof, step)

    def _keep(self, known: Known, step: Step) -> None:
        self._known[known.command.id] = known
        step.records.append(known)

    def _say(
        self, command: Command | None, state: State, now: int, reason: str, proof: Proof | None, step: Step
    ) -> None:
        self._seq += 1
        command_id = command.id if command else ""
        report = Report(
            endpoint=self._me.endpoint,
            command=command_id,
            alert=command.alert if command else "",
            seq=self._seq,
            state=state,
            at=max(0, now),
            reason=reason[:500],
            proof=proof,
        )
        said = Said(self._seq, command_id, self._sign(report))
        if command:
            self._said[command_id] = said
        step.records.append(said)

    def _answer_again(self, command_id: str, now: int) -> Step:
        step = Step()
        if not 0 <= now - self._answered.get(command_id, -AGAIN_MS) < AGAIN_MS:
            self._answered[command_id] = now
            step.again.append(self._said[command_id])
        return step

    def _tell_refusals(self, now: int, step: Step) -> None:
        for reason, refusals in self._refused.items():
            quiet = 0 <= now - refusals.told_ms < REFUSALS_MS
            if refusals.count > refusals.told and not quiet:
                refusals.told, refusals.told_ms = refusals.count, now
                self._say(None, "refused", now, f"{reason} ({refusals.count} since the start)", None, step)
