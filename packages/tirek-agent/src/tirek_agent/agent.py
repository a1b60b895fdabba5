"""One endpoint at work: it drives the core with real time, disk and sound. The network is not its business."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from tirek_agent import __version__
from tirek_agent.beat_numbers import BeatNumbers
from tirek_agent.core import Core, Me, Step
from tirek_agent.history import History
from tirek_agent.journal import Journal, JournalError
from tirek_agent.player import Player, PlayError
from tirek_agent.records import BeatsUpTo, Record, Said, Told
from tirek_agent.steps import Steps
from tirek_protocols.command import (
    BadSignature,
    Beat,
    Command,
    CommandError,
    Proof,
    SigningKey,
    TooLong,
    UnknownKey,
    encode,
)

log = logging.getLogger(__name__)

MOST_RUN_S = 900.0
"""No command sounds longer than this here, whatever it says."""
WAKE_AT_MOST_S = 5.0
"""The wall clock may be set while we wait for a time: look again this often."""
WATCH_EVERY_S = 1.0
BLIND = 10
"""A probe that cannot tell is asked so many times more seldom."""
UNCOMMANDED_LOOKS = 3
"""A sound that nobody commanded is reported when so many looks in a row hear it."""
CHECK_EVERY_S = 300.0
FORGET_EVERY_S = 24 * 3600.0
# Sounds linger in a yard and in a probe's memory.
AFTER_SOUND_S = 3.0

_REASONS: dict[type[CommandError], str] = {
    BadSignature: "bad signature",
    UnknownKey: "unknown key",
    TooLong: "too long",
}


def wall_ms() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


@dataclass
class Outbox:
    """Reports that wait to be handed over, oldest first."""

    waiting: dict[int, Said] = field(default_factory=dict)
    filled: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, said: Said) -> None:
        self.waiting[said.seq] = said
        self.filled.set()

    def oldest(self) -> Said | None:
        return next(iter(self.waiting.values()), None)

    def remove(self, seq: int) -> None:
        self.waiting.pop(seq, None)
        if not self.waiting:
            self.filled.clear()


class Agent:
    """Takes envelopes, plays, and fills `outbox` with signed reports.

    `decode` turns an envelope into a command with the centre's keys, or raises `CommandError`.
    """

    def __init__(
        self,
        me: Me,
        key: SigningKey,
        decode: Callable[[bytes], Command],
        journal: Journal,
        player: Player,
        history: History,
        *,
        clock: Callable[[], int] = wall_ms,
        most_run_s: float = MOST_RUN_S,
    ) -> None:
        self.me = me
        self.outbox = Outbox()
        self._key = key
        self._decode = decode
        self._journal = journal
        self._player = player
        self._history = history
        self._clock = clock
        self._most_run_s = most_run_s
        self._core: Core | None = None
        self._steps = Steps(self._write, self._follow)
        self._timer: asyncio.TimerHandle | None = None
        self._playing: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sound_faults: list[str] = []
        self._journal_fault = ""
        self._numbers = BeatNumbers(0, 0, lost=False)
        self._silent_since = 0.0

    @property
    def core(self) -> Core:
        assert self._core is not None, "start() comes first"
        return self._core

    async def start(self) -> None:
        """Remember, settle what a loss of power interrupted, and begin to watch. Raises `JournalError`."""
        try:
            await self._start()
        except BaseException:
            # Nobody will stop one that did not start.
            await self.kill()
            raise

    async def _start(self) -> None:
        memory = await self._journal.load(self.me.endpoint)
        now = self._clock()
        self._core = Core(self.me, lambda report: encode(report, self._key), memory, begin=now)
        # A clock that is behind the time of its enrolment is not set yet.
        self._numbers = BeatNumbers(memory.beats, max(now, self.me.enrolled_ms), lost=self._journal.lost)
        for said in memory.untold:
            self.outbox.put(said)
        if self._journal.lost:
            await self._do(self.core.distrust(self._clock()))
        step = self.core.resume(self._clock())
        step.records.append(self._numbers.ahead())
        await self._do(step)
        self._spawn(self._watch())
        self._spawn(self._keep_house())

    async def take(self, envelope: bytes) -> None:
        """Obey, answer again, ignore or refuse what came from the network.

        Whoever is cancelled while waiting here may go: what has reached the core is done all the same.
        """
        if not envelope:
            return  # how a broker says that a retained command was taken back
        try:
            command = self._decode(envelope)
        except CommandError as error:
            log.warning("Refused: %s", error)
            await self._do(self.core.refuse(_REASONS.get(type(error), "malformed"), self._clock()))
        else:
            await self._do(self.core.receive(command, envelope, self._clock()))

    def told(self, seq: int) -> None:
        """The broker has the report with this number."""
        self.outbox.remove(seq)
        self._journal.note(self.me.endpoint, Told(seq))

    def beat(self) -> bytes:
        """A signed sign of life."""
        now = self._clock()
        seq = self._numbers.next(now)
        if self._numbers.run_short and not self._journal_fault:
            self._do(Step(records=[self._numbers.ahead()]))
        sounding = self.core.sounding
        faults = [*self._sound_faults, *([self._journal_fault] if self._journal_fault else [])]
        return encode(
            Beat(
                endpoint=self.me.endpoint,
                seq=seq,
                at=now,
                version=__version__,
                playing=sounding.id if sounding else "",
                waiting=len(self.outbox.waiting),
                faults=tuple(fault[:200] for fault in faults),
            ),
            self._key,
        )

    async def stop(self) -> None:
        """Be silent and end, in good order: what sounds is reported as stopped."""
        if self._core is not None:
            await self._do(self._core.halt(self._clock()))
        await self.kill()

    async def kill(self) -> None:
        """Be silent and end as if the power had failed: nothing more is remembered or reported."""
        if self._timer is not None:
            self._timer.cancel()
        self._player.stop()
        tasks = [*self._tasks, *([self._playing] if self._playing else [])]
        for task in tasks:
            task.cancel()
        await self._steps.stop()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _do(self, step: Step) -> asyncio.Future[None]:
        """Stop; then, in the step's turn, write, speak and sound: the order that `Step` demands."""
        if self._playing is not None and self._playing.get_name() in step.stop:
            self._player.stop()
            self._playing.cancel()
        return self._steps.put(step)

    async def _write(self, records: Sequence[Record]) -> bool:
        if not records:
            return True  # and nothing is known of the disk
        try:
            await self._journal.write(self.me.endpoint, records)
            self._journal_fault = ""
        except JournalError as error:
            log.error("%s", error)
            self._journal_fault = str(error)
            return False
        return True

    def _follow(self, step: Step, written: bool) -> Step | None:
        """What comes after the write: speak and sound; or the step to do instead."""
        for record in step.records:
            if isinstance(record, Said):
                self.outbox.put(record)
            elif isinstance(record, BeatsUpTo) and written:
                self._numbers.held(record)
        for said in step.again:
            self.outbox.put(said)
        instead = None
        if step.sound is not None and self.core.may_sound(step.sound.id):
            if written:
                self._begin(step.sound)
            else:
                # Unwritten, it might sound again after a restart: better not to begin.
                reason = f"not sounded: {self._journal_fault}"
                instead = self.core.ended(step.sound.id, "failed", self._clock(), reason, None)
        self._set_timer()
        return instead

    def _begin(self, command: Command) -> None:
        before = self._playing
        self._playing = asyncio.create_task(self._play(command, before), name=command.id)

    async def _play(self, command: Command, before: asyncio.Task[None] | None) -> None:
        """Play one command from its begin to its last report."""
        if before is not None and not before.done():
            before.cancel()
            await asyncio.wait([before])
        begun = False

        def begin() -> None:
            nonlocal begun
            self._history.begin(self.me.endpoint, command.id, command.alert, self._clock())
            begun = True

        async def heard(proof: Proof) -> None:
            self._do(self.core.heard(command.id, proof, self._clock()))

        now = asyncio.get_running_loop().time
        latest = now() + (command.not_after - self._clock()) / 1000
        try:
            played = await self._player.play(command, min(command.max_run, self._most_run_s), latest, begin, heard)
            step = self.core.ended(command.id, "finished", self._clock(), played.remark, played.proof)
        except PlayError as error:
            log.error("Command %s was not played: %s", command.id, error)
            step = self.core.ended(command.id, "failed", self._clock(), str(error), None)
        except Exception as error:
            # One that breaks must not keep the next ones waiting.
            log.exception("Command %s broke the player.", command.id)
            step = self.core.ended(command.id, "failed", self._clock(), f"the player broke: {error}", None)
        finally:
            self._silent_since = now()
            if begun:
                self._history.end(self.me.endpoint, self._clock())
        self._do(step)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._clock()
        wake = self.core.wake_ms(now)
        if wake is not None:
            wait = min(max((wake - now) / 1000, 0.0), WAKE_AT_MOST_S)
            self._timer = asyncio.get_running_loop().call_later(wait, self._tick)

    def _tick(self) -> None:
        self._do(self.core.tick(self._clock()))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("Something broke.", exc_info=error)

    async def _watch(self) -> None:
        """Report a sound that no command explains: somebody's button, or somebody else's transmitter."""
        looks, wait = 0, WATCH_EVERY_S
        while True:
            await asyncio.sleep(wait)
            wait = WATCH_EVERY_S
            quiet_for = asyncio.get_running_loop().time() - self._silent_since
            proof = None
            if self.core.sounding is None and quiet_for > AFTER_SOUND_S:
                proof = await self._idle()
                if proof is None:
                    wait = WATCH_EVERY_S * BLIND
            looks = looks + 1 if proof is not None and proof.heard else 0
            if proof is not None and looks == UNCOMMANDED_LOOKS and self.core.sounding is None:
                await self._do(self.core.uncommanded(proof, self._clock()))

    async def _idle(self) -> Proof | None:
        try:
            return await self._player.idle()
        except Exception:
            log.exception("The probe broke.")
            return None

    async def _check(self) -> list[str]:
        try:
            return await self._player.faults()
        except Exception as error:
            log.exception("The check of the sound broke.")
            return [f"the check of the sound broke: {error}"]

    async def _keep_house(self) -> None:
        checks = 0
        trial: asyncio.Future[None] | None = None
        while True:
            self._sound_faults = await self._check()
            if checks % round(FORGET_EVERY_S / CHECK_EVERY_S) == 0:
                self._do(self.core.forget(self._clock()))
            if trial is not None and not trial.done():
                self._journal_fault = "the journal cannot be written: the disk does not answer"
            elif checks:
                # Weeks may pass without a command, and a disk that died meanwhile must not look well.
                trial = self._do(Step(records=[self._numbers.ahead()]))
            checks += 1
            await asyncio.sleep(CHECK_EVERY_S)
