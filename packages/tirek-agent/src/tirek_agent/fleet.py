"""Many agents in one process, for simulation and load tests.

Every endpoint runs the code of the real agent: the same core, journal, player and link. Only what stands around it is
simulated: the loudspeaker is a paced sink, the probe listens to what that sink really rendered, and `Faults` spoil
amplifier, link, clock, voice and power.

    fleet = Fleet(specs, "mqtt://127.0.0.1:1883", home=Path("simulated"))
    await fleet.run(stop)                      # until stop is set
    fleet.history("17")                        # [Sounding(command, alert, start_ms, end_ms), ...]
    read_history(Path("simulated"))            # the same from the disk, after a kill -9
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import tempfile
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tirek_agent.agent import Agent, wall_ms
from tirek_agent.audio.clips import Clips
from tirek_agent.audio.probe import LoopbackProbe
from tirek_agent.audio.render import Renderer
from tirek_agent.audio.speech import Espeak, Mute
from tirek_agent.client import BEAT_S, Broker, Link
from tirek_agent.core import Me
from tirek_agent.crowd import Crowd
from tirek_agent.ending import ended
from tirek_agent.faults import Faults
from tirek_agent.history import History, Sounding, read_history
from tirek_agent.journal import Journal
from tirek_agent.player import Player, SilentPlayer, SoundPlayer
from tirek_agent.simulated import Loudspeaker
from tirek_protocols.command import Command, SigningKey, VerifyKey, decode_command

__all__ = ["EndpointSpec", "Faults", "Fleet", "Sounding", "read_history", "run_fleet"]

log = logging.getLogger(__name__)

# One broadcast is decoded once, not once by each endpoint: they share the cost of what in truth are many machines.
DECODED = 512

Decode = Callable[[bytes], Command]
Tell = Callable[[str, Sounding], None]


@dataclass(frozen=True)
class EndpointSpec:
    """One simulated endpoint, as enrolment would have made it."""

    endpoint: str
    """Its id, as in topics and in `to.ids`."""
    key: bytes
    """Its private Ed25519 key: 32 raw bytes."""
    cell: str
    """Its enrolled H3 cell."""
    enrolled_ms: int
    """When it enrolled, milliseconds since 1970 UTC: older commands are not for it."""
    centre_keys: tuple[bytes, ...]
    """The centre's public Ed25519 keys, 32 raw bytes each."""
    audio: bool = True
    """False: no sound is rendered; a play lasts as long as its audio says and is proven by nothing."""
    faults: Faults = field(default_factory=Faults)


@dataclass(frozen=True)
class _Shared:
    """What all endpoints of a fleet have in common."""

    broker: Broker
    journal: Journal
    history: History
    speaking: Renderer
    mute: Renderer
    beat_s: float
    crowd: Crowd


class _Endpoint:
    """One endpoint of a fleet: agent, link and the faults around them."""

    def __init__(self, spec: EndpointSpec, decode: Decode, chance: random.Random) -> None:
        self.spec = spec
        self.sounded = asyncio.Event()
        self._decode = decode
        self._chance = chance
        self._link: Link | None = None

    @property
    def connected(self) -> bool:
        return self._link is not None and self._link.connected

    async def run(self, shared: _Shared) -> None:
        """Run until cancelled, through a loss of power if there is to be one."""
        faults = self.spec.faults
        if faults.dead:
            return
        if faults.crash_after_s is not None:
            async with self._powered(shared, orderly=False):
                await self.sounded.wait()
                await asyncio.sleep(faults.crash_after_s)
            await asyncio.sleep(faults.crash_for_s)
        async with self._powered(shared, orderly=True):
            await asyncio.Event().wait()

    @contextlib.asynccontextmanager
    async def _powered(self, shared: _Shared, *, orderly: bool) -> AsyncGenerator[None, None]:
        """The agent runs and is linked; at the end it is stopped in good order, or loses its power."""
        # In turn: thousands that start together keep those that are connecting already waiting until they give up.
        async with shared.crowd.door:
            agent = self._agent(shared)
            await agent.start()
        linked = asyncio.create_task(self._linked(agent, shared))
        try:
            yield
        finally:
            await ended([linked])
            await (agent.stop() if orderly else agent.kill())

    def _agent(self, shared: _Shared) -> Agent:
        spec = self.spec
        error_ms = spec.faults.clock_error_ms
        return Agent(
            Me(spec.endpoint, spec.cell, spec.enrolled_ms),
            SigningKey.from_bytes(spec.key),
            self._decode,
            shared.journal,
            self._player(shared),
            shared.history,
            clock=lambda: wall_ms() + error_ms,
        )

    def _player(self, shared: _Shared) -> Player:
        if not self.spec.audio:
            return SilentPlayer()
        sink = Loudspeaker(self.spec.faults)
        return SoundPlayer(shared.mute if self.spec.faults.no_speech else shared.speaking, sink, LoopbackProbe(sink))

    async def _linked(self, agent: Agent, shared: _Shared) -> None:
        """Keep the link up, or up and down."""
        faults = self.spec.faults
        self._link = Link(
            agent,
            shared.broker,
            beat_s=shared.beat_s,
            latency_s=faults.slow_s,
            crowd=shared.crowd,
        )
        if not faults.drop_every_s:
            await self._link.run()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._link.run(), self._chance.expovariate(1 / faults.drop_every_s))
            await asyncio.sleep(self._chance.expovariate(1 / faults.drop_for_s))


class Fleet:
    """Many endpoints that share one rendered-audio cache, one speech worker and one journal file.

    `home` holds `journal.sqlite3`, `soundings.jsonl` and `clips/`, and is made if it is missing. Without `home` all is
    forgotten at the end, and a next run would play again what is still valid. `on_sounding(endpoint, sounding)` is
    called at the start and at the end of each sounding, `on_message(endpoint)` when bytes have come and nothing was done with
    them yet. Without `share_decoding` every endpoint verifies every command itself. Raises `ValueError` for a wrong
    `mqtt_url`.
    """

    def __init__(
        self,
        specs: Sequence[EndpointSpec],
        mqtt_url: str,
        *,
        home: Path | None = None,
        clips_url: str = "",
        beat_s: float = BEAT_S,
        seed: int = 0,
        on_sounding: Tell | None = None,
        on_message: Callable[[str], None] | None = None,
        share_decoding: bool = True,
    ) -> None:
        self._broker = Broker.from_url(mqtt_url)
        self._clips_url = clips_url
        self._beat_s = beat_s
        self._on_sounding = on_sounding
        self._on_message = on_message
        self._home = home
        if home is not None:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
        decoders = {keys: _decoder(keys, shared=share_decoding) for keys in {spec.centre_keys for spec in specs}}
        chance = random.Random(seed)
        self._endpoints = {
            spec.endpoint: _Endpoint(spec, decoders[spec.centre_keys], random.Random(chance.random())) for spec in specs
        }
        self._history = History(home, self._told)

    async def run(self, stop: asyncio.Event) -> None:
        """Run every endpoint until `stop` is set; leave no task, thread or process behind.

        Raises `JournalError` when the journal cannot be opened.
        """
        voice = Espeak()
        journal = Journal(self._home / "journal.sqlite3" if self._home else None)
        with tempfile.TemporaryDirectory(prefix="tirek-fleet-") as scratch:
            clips = Clips((self._home or Path(scratch)) / "clips", self._clips_url)
            shared = _Shared(
                self._broker,
                journal,
                self._history,
                Renderer(voice, clips),
                Renderer(Mute(), clips),
                self._beat_s,
                Crowd(self._on_message),
            )
            tasks = [asyncio.create_task(_logged(endpoint, shared)) for endpoint in self._endpoints.values()]
            tasks.append(asyncio.create_task(clips.keep_current()))
            try:
                await stop.wait()
            finally:
                # Once: each then ends its own link, and reports what it stopped.
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await clips.close()
                await voice.close()
                await journal.close()
                self._history.close()

    def history(self, endpoint: str) -> list[Sounding]:
        """Every sounding of this endpoint in this run and, with a `home`, in earlier ones."""
        return self._history.of(endpoint)

    def connected(self) -> int:
        """How many endpoints have a link to the broker now."""
        return sum(endpoint.connected for endpoint in self._endpoints.values())

    def _told(self, endpoint: str, sounding: Sounding) -> None:
        self._endpoints[endpoint].sounded.set()
        if self._on_sounding:
            self._on_sounding(endpoint, sounding)


async def _logged(endpoint: _Endpoint, shared: _Shared) -> None:
    """One endpoint that breaks must not end the others."""
    try:
        await endpoint.run(shared)
    except Exception:
        log.exception("Endpoint %s broke.", endpoint.spec.endpoint)


def _decoder(raw: tuple[bytes, ...], *, shared: bool) -> Decode:
    keys = {key.key_id: key for key in map(VerifyKey.from_bytes, raw)}

    def decode(envelope: bytes) -> Command:
        return decode_command(envelope, keys)

    return lru_cache(DECODED)(decode) if shared else decode


async def run_fleet(
    specs: Sequence[EndpointSpec],
    mqtt_url: str,
    *,
    stop: asyncio.Event,
    home: Path | None = None,
    clips_url: str = "",
    beat_s: float = BEAT_S,
) -> Fleet:
    """Run a fleet until `stop` is set, then return it, so that its history can be read."""
    fleet = Fleet(specs, mqtt_url, home=home, clips_url=clips_url, beat_s=beat_s)
    await fleet.run(stop)
    return fleet
