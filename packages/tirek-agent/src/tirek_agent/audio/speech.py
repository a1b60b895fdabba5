"""Text to speech, in a child process that may die without taking the agent with it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import sys
from typing import Protocol

from tirek_agent.audio.pcm import AudioMissing, Pcm, PcmCache, level_db, levelled, resampled
from tirek_agent.audio.speech_worker import HEADER

SPEECH_DB = -16.0
# What the engine makes of dots and dashes alone.
FAINT_DB = -60.0
# The longest text the protocol allows is some five minutes of speech: about two seconds of work on a small
# board. More than this means that the engine hangs.
ANSWER_WITHIN_S = 30.0


class Voice(Protocol):
    """Who turns text into sound."""

    async def speak(self, language: str, text: str) -> Pcm:
        """Raises `AudioMissing` when this cannot be spoken."""
        ...


def _finished(raw: bytes, rate: int) -> Pcm:
    pcm = resampled(raw, rate)
    if level_db(pcm) < FAINT_DB:
        raise AudioMissing("the text has nothing to speak")
    return levelled(pcm, SPEECH_DB)


class Mute:
    """No speech at all: an agent without voices."""

    async def speak(self, language: str, text: str) -> Pcm:
        raise AudioMissing(f"no voice speaks {language!r}")


class Espeak:
    """eSpeak NG behind a pipe, with what was spoken before kept by the hash of language and text."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._spoken = PcmCache()

    async def start(self) -> None:
        """Start the child ahead of need, so that the first warning does not wait for it."""
        async with self._turn:
            await self._child()

    async def speak(self, language: str, text: str) -> Pcm:
        name = hashlib.sha256(f"{language}\0{text}".encode()).hexdigest()
        async with self._turn:
            pcm = self._spoken.get(name)
            if pcm is None:
                pcm = await self._synthesise(language, text)
                self._spoken.put(name, pcm)
            return pcm

    async def _child(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tirek_agent.audio.speech_worker",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        return self._process

    async def _synthesise(self, language: str, text: str) -> Pcm:
        try:
            rate, answer = await asyncio.wait_for(self._ask(language, text), ANSWER_WITHIN_S)
        except (OSError, EOFError, TimeoutError) as error:
            await self._end_child()
            raise AudioMissing("the speech engine died or hangs") from error
        except asyncio.CancelledError:
            # Half an answer is in the pipe: the next request must not read it.
            await self._end_child()
            raise
        if not rate:
            raise AudioMissing(answer.decode(errors="replace"))
        return await asyncio.to_thread(_finished, answer, rate)

    async def _ask(self, language: str, text: str) -> tuple[int, bytes]:
        child = await self._child()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps({"language": language, "text": text}).encode() + b"\n")
        await child.stdin.drain()
        rate, length = HEADER.unpack(await child.stdout.readexactly(HEADER.size))
        return rate, await child.stdout.readexactly(length)

    async def _end_child(self) -> None:
        child, self._process = self._process, None
        if child is not None and child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    async def close(self) -> None:
        async with self._turn:
            await self._end_child()
