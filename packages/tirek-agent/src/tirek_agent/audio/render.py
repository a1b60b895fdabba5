"""From the list in a command to sound, piece by piece.

The first pieces are made at the same time and each is handed out as soon as it is there: a tone needs a few
milliseconds, so the words are made while it already wails. Only a few are made ahead, for the sake of memory.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from tirek_agent.audio.clips import Clips
from tirek_agent.audio.pcm import RATE, AudioMissing, Pcm
from tirek_agent.audio.speech import Voice
from tirek_agent.audio.tone import tone
from tirek_protocols.command import Audio, Clip, Command, Speech, Tone

log = logging.getLogger(__name__)

AHEAD = 3


@dataclass(frozen=True)
class Piece:
    """One item of a command: what it is, for people, and its sound or the reason that there is none."""

    what: str
    sound: Pcm | AudioMissing


def _what(item: Audio) -> str:
    match item:
        case Tone():
            return f"tone {item.name}"
        case Clip():
            return f"recording {item.language}"
        case Speech():
            return f"speech {item.language}"


class Renderer:
    """Makes the sound of commands. Sound is cached where it is made, so agents may share one."""

    def __init__(self, voice: Voice, clips: Clips) -> None:
        self._voice = voice
        self._clips = clips

    async def pieces(self, command: Command, limit_s: float) -> AsyncGenerator[Piece, None]:
        """Every piece of `command` in order, none longer than `limit_s`."""
        ahead: deque[asyncio.Task[Piece]] = deque()
        try:
            for item in command.audio:
                ahead.append(asyncio.create_task(self._attempt(item, command.mode, limit_s)))
                if len(ahead) == AHEAD:
                    yield await ahead.popleft()
            while ahead:
                yield await ahead.popleft()
        finally:
            for task in ahead:
                task.cancel()

    async def _attempt(self, item: Audio, mode: str, limit_s: float) -> Piece:
        try:
            sound: Pcm | AudioMissing = (await self._make(item, mode, limit_s))[: round(limit_s * RATE)]
        except AudioMissing as missing:
            sound = missing
        except Exception as error:
            # Whatever it is, the other pieces must sound.
            log.exception("A piece of sound broke.")
            sound = AudioMissing(f"it broke: {error}")
        return Piece(_what(item), sound)

    async def _make(self, item: Audio, mode: str, limit_s: float) -> Pcm:
        match item:
            case Tone():
                return tone(item.name, mode, min(item.seconds, limit_s))
            case Speech():
                return await self._voice.speak(item.language, item.text)
            case Clip():
                return await self._recording(item)

    async def _recording(self, item: Clip) -> Pcm:
        try:
            return await self._clips.get(item.sha256)
        except Exception as error:
            log.warning("A recording is missing: %s", error)
            if text := self._clips.text_of(item.sha256):
                return await self._voice.speak(item.language, text)
            raise
