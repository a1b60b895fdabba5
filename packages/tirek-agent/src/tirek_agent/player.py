"""Plays one command and collects the proof of it."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from tirek_agent.audio.pcm import RATE, AudioMissing, Pcm, level_db, seconds_of
from tirek_agent.audio.probe import Finding, Probe, ProbeError
from tirek_agent.audio.render import Piece, Renderer
from tirek_agent.audio.sinks import Sink, SinkError
from tirek_protocols.command import Command, Proof, Speech

FIRST_LOOK_S = 0.7
LOOK_EVERY_S = 5.0
LOOK_AGAIN_S = 0.2
LOOK_S = 1.0
PAUSE_S = 0.7
# A look at a rest or a pause for breath would prove nothing.
SOUND_DB = -40.0
# A piece was heard when at least so many of the looks at it were.
MOSTLY = 0.7
STALLED_S = 2.0
SHORTEST_S = 0.05
PROBE_WITHIN_S = 3.0
TOO_LATE = "its time ran out before the sound was ready"

Heard = Callable[[Proof], Awaitable[None]]


class PlayError(Exception):
    """Nothing could be played; the message says why."""


@dataclass(frozen=True)
class Played:
    """The end of a play: the proof of the whole, and what to say about it (often nothing)."""

    proof: Proof
    remark: str


class Player(Protocol):
    """What an agent plays through. It plays one command at a time."""

    async def play(
        self, command: Command, run_s: float, latest: float, begin: Callable[[], None], heard: Heard
    ) -> Played:
        """Play `command`, sounding for at most `run_s`, and not after `latest` on the event loop's clock.

        Raises `PlayError` when nothing sounds, or no more.

        `begin` is called just before the sound starts, `heard` once, with the first proof. When the task is
        cancelled the sound has ended.
        """
        ...

    def stop(self) -> None:
        """Be silent at once."""
        ...

    async def faults(self) -> list[str]:
        """What is wrong with sound and proof now."""
        ...

    async def idle(self) -> Proof | None:
        """What the probe hears while nothing is commanded; None when it cannot tell."""
        ...


@dataclass
class _Run:
    """What is known so far of one play."""

    until: float | None = None
    missing: list[str] = field(default_factory=list)
    pieces: list[list[Finding]] = field(default_factory=list)
    cut: bool = False
    proven: bool = False

    def findings(self) -> list[Finding]:
        return [finding for piece in self.pieces for finding in piece]


class SoundPlayer:
    """Plays through a sink, with a probe beside it."""

    def __init__(self, renderer: Renderer, sink: Sink, probe: Probe) -> None:
        self._renderer = renderer
        self._sink = sink
        self._probe = probe

    async def play(
        self, command: Command, run_s: float, latest: float, begin: Callable[[], None], heard: Heard
    ) -> Played:
        if not command.audio:
            return await self._silent_test()
        run = _Run()
        try:
            async with contextlib.aclosing(self._renderer.pieces(command, run_s + SHORTEST_S)) as pieces:
                while (piece := await self._next(pieces, run, latest)) is not None:
                    if isinstance(piece.sound, AudioMissing):
                        run.missing.append(f"{piece.what}: {piece.sound}")
                        continue
                    if run.until is None:
                        run.until = await self._begin(run_s, latest, begin)
                    elif not await self._pause(run):
                        break
                    if not await self._piece(piece.sound, run, heard):
                        break
        except SinkError as error:
            raise PlayError(str(error)) from error
        if run.until is None:
            raise PlayError("; ".join(run.missing) or "there is nothing to play")
        return self._result(run)

    async def _next(self, pieces: AsyncIterator[Piece], run: _Run, latest: float) -> Piece | None:
        """The next piece; None when there is none, or none before the run must end."""
        try:
            async with asyncio.timeout_at(latest if run.until is None else run.until):
                return await anext(pieces)
        except StopAsyncIteration:
            return None
        except TimeoutError:
            run.missing.append(TOO_LATE if run.until is None else "the rest: not ready before the end")
            return None

    async def _begin(self, run_s: float, latest: float, begin: Callable[[], None]) -> float:
        """Begin the run; when it must end, on the event loop's clock."""
        await self._sink.check()
        now = asyncio.get_running_loop().time()
        if latest - now < SHORTEST_S:
            raise PlayError(TOO_LATE)
        begin()
        return min(now + run_s, latest)

    async def _pause(self, run: _Run) -> bool:
        """Between two pieces; whether there is time for another."""
        assert run.until is not None
        if run.until - asyncio.get_running_loop().time() < PAUSE_S + SHORTEST_S:
            run.cut = True
            return False
        await asyncio.sleep(PAUSE_S)
        return True

    async def _piece(self, pcm: Pcm, run: _Run, heard: Heard) -> bool:
        """Play one piece; whether the run may go on."""
        assert run.until is not None
        left = max(0, round((run.until - asyncio.get_running_loop().time()) * RATE))
        if left < len(pcm):
            run.cut = True
            pcm = pcm[:left]
        if not len(pcm):
            return False
        run.pieces.append([])
        try:
            await self._sink.start(pcm)
            await self._watch(pcm, run, heard)
            await asyncio.sleep(self._sink.tail_s)
        finally:
            self._sink.stop()
        return not run.cut

    async def _watch(self, pcm: Pcm, run: _Run, heard: Heard) -> None:
        """Wait until the piece is out, and look at it from time to time and at its end."""
        assert run.until is not None
        clock = asyncio.get_running_loop().time
        next_look = FIRST_LOOK_S + self._probe.late_s
        moved_at, last = clock(), 0
        while True:
            at = self._sink.position()
            # A sound card that was slow to open would go on after the run's end.
            ended = at >= len(pcm) or clock() >= run.until
            if at / RATE >= next_look or ended:
                looked = await self._look(pcm, run, heard)
                next_look = at / RATE + (LOOK_EVERY_S if looked else LOOK_AGAIN_S)
            if ended:
                return
            if at > last:
                moved_at, last = clock(), at
            elif clock() - moved_at > STALLED_S:
                raise SinkError("the sound card takes no sound")
            wait = min(next_look, seconds_of(pcm)) - self._sink.position() / RATE
            await asyncio.sleep(min(max(wait, 0.005), 1.0))

    async def _look(self, pcm: Pcm, run: _Run, heard: Heard) -> bool:
        """Look at the moments just gone, unless there was nothing to hear in them; whether it did."""

        def meant() -> Pcm:
            at = self._sink.position()
            return pcm[max(0, at - round((LOOK_S + self._probe.late_s) * RATE)) : at]

        if level_db(meant()) < SOUND_DB:
            return False
        try:
            finding = await asyncio.wait_for(self._probe.listen(meant), PROBE_WITHIN_S)
        except ProbeError as error:
            finding = Finding(False, None, str(error))
        except TimeoutError:
            finding = Finding(False, None, "the probe does not answer")
        run.pieces[-1].append(finding)
        if not run.proven:
            run.proven = True
            await heard(self._proof(finding.heard, finding.level_db, finding.detail))
        return True

    def _proof(self, heard: bool, level: float | None, detail: str) -> Proof:
        return Proof(self._probe.name, heard, level, detail[:500])

    def _result(self, run: _Run) -> Played:
        looked_at = [piece for piece in run.pieces if piece]
        good = [piece for piece in looked_at if sum(f.heard for f in piece) >= MOSTLY * len(piece)]
        levels = [f.level_db for f in run.findings() if f.level_db is not None]
        worst = next((f for f in run.findings() if not f.heard), None)
        whole = bool(looked_at) and len(good) == len(looked_at) and not run.missing
        detail = f"{len(good)} of {len(looked_at) + len(run.missing)} parts heard"
        if worst is not None:
            detail += f"; {worst.detail}"
        remarks = [f"missing: {item}" for item in run.missing]
        if run.cut:
            remarks.append("cut at the longest time allowed")
        proof = self._proof(whole, statistics.median(levels) if levels else None, detail)
        return Played(proof, "; ".join(remarks))

    async def _silent_test(self) -> Played:
        """Everything but the sound. Nothing was heard, and the proof does not say so."""
        if faults := await self.faults():
            raise PlayError("; ".join(faults))
        return Played(self._proof(False, None, "silent test: sound card and probe answer"), "")

    async def open(self) -> None:
        """Make the probe ready. Raises `ProbeError`."""
        await self._probe.open()

    async def close(self) -> None:
        """Be silent, and let go of the probe."""
        self._sink.stop()
        await self._probe.close()

    def stop(self) -> None:
        self._sink.stop()

    async def faults(self) -> list[str]:
        faults = []
        try:
            await self._sink.check()
        except SinkError as error:
            faults.append(str(error))
        try:
            await self._probe.idle()
        except ProbeError as error:
            faults.append(str(error))
            # It may have been unplugged and be back.
            with contextlib.suppress(ProbeError):
                await self._probe.open()
        return faults

    async def idle(self) -> Proof | None:
        try:
            finding = await self._probe.idle()
        except ProbeError:
            return None
        return self._proof(finding.heard, finding.level_db, finding.detail)


class SilentPlayer:
    """Takes the time of a play and makes no sound, for load tests. It proves nothing.

    Words count as if spoken at `CHARACTERS_A_SECOND`.
    """

    CHARACTERS_A_SECOND = 14.0

    async def play(
        self, command: Command, run_s: float, latest: float, begin: Callable[[], None], heard: Heard
    ) -> Played:
        loop = asyncio.get_running_loop()
        begin()
        nothing = Proof("none", False, None, "no sound is made here")
        await heard(nothing)
        seconds = sum(
            len(item.text) / self.CHARACTERS_A_SECOND if isinstance(item, Speech) else item.seconds
            for item in command.audio
        )
        await asyncio.sleep(max(0.0, min(seconds, run_s, latest - loop.time())))
        return Played(nothing, "")

    def stop(self) -> None:
        return

    async def faults(self) -> list[str]:
        return []

    async def idle(self) -> Proof | None:
        return None
