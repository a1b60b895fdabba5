"""Recorded messages, by the SHA-256 of their file, kept on disk ahead of need.

The centre's `clips_url` answers `GET` with `{"clips": [{"sha256", "language", "text"}, ...]}`, and
`GET <clips_url>/<sha256>` with the file. The texts are kept too: they are spoken when a recording is missing.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import re
from functools import partial
from pathlib import Path
from typing import Any

from tirek_agent.audio.download import DownloadError, Fetch, download, fetch
from tirek_agent.audio.pcm import AudioMissing, Pcm, PcmCache, decoded

log = logging.getLogger(__name__)

PLAY_WITHIN_S = 5.0
"""A recording that is not here is awaited so long, then its text is spoken: a warning must not wait for a slow server."""
PREFETCH_EVERY_S = 3600.0
# Five minutes of uncompressed sound at 48 kHz.
MAX_CLIP_BYTES = 32 * 2**20
MAX_CATALOGUE_BYTES = 4 * 2**20
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing, even if the power fails."""
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


class Clips:
    """The recordings in one folder, filled from `url` (empty: from nowhere)."""

    def __init__(self, folder: Path, url: str, fetch: Fetch = fetch) -> None:
        self._folder = folder
        self._url = url.rstrip("/")
        self._fetch = fetch
        self._decoded = PcmCache()
        self._turn = asyncio.Lock()
        self._coming: dict[str, asyncio.Task[bytes]] = {}

    def _path(self, sha256: str) -> Path:
        if not _SHA256.match(sha256):
            raise AudioMissing("the recording has no proper name")
        return self._folder / f"{sha256}.clip"

    async def get(self, sha256: str) -> Pcm:
        """The recording as PCM, from the disk or else, within `PLAY_WITHIN_S`, from the centre. Raises `AudioMissing`."""
        pcm = await self._decode(sha256, None)
        if pcm is None:
            pcm = await self._decode(sha256, await self._soon(sha256))
        assert pcm is not None
        return pcm

    async def _decode(self, sha256: str, data: bytes | None) -> Pcm | None:
        """`data`, or what is on the disk, as PCM: once, however many ask for it."""
        async with self._turn:
            pcm = self._decoded.get(sha256)
            if pcm is None:
                data = data or await asyncio.to_thread(self._stored, sha256)
                if data is not None:
                    pcm = await asyncio.to_thread(decoded, data)
                    self._decoded.put(sha256, pcm)
            return pcm

    async def _soon(self, sha256: str) -> bytes:
        try:
            async with asyncio.timeout(PLAY_WITHIN_S):
                # What comes too late for this play is there for the next one.
                return await asyncio.shield(self._download(sha256))
        except TimeoutError as error:
            raise AudioMissing(f"recording {sha256[:8]} cannot be fetched in time") from error

    def _stored(self, sha256: str) -> bytes | None:
        """The file's bytes if they still are what their name says: memory cards rot."""
        path = self._path(sha256)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def _download(self, sha256: str) -> asyncio.Task[bytes]:
        """The one download of this recording, whoever else waits for it."""
        if sha256 not in self._coming:
            task = asyncio.create_task(self._bring(sha256))
            self._coming[sha256] = task
            task.add_done_callback(partial(self._came, sha256))
        return self._coming[sha256]

    def _came(self, sha256: str, task: asyncio.Task[bytes]) -> None:
        del self._coming[sha256]
        if not task.cancelled():
            task.exception()  # whoever waited may be gone

    async def _bring(self, sha256: str) -> bytes:
        path = self._path(sha256)
        if not self._url:
            raise AudioMissing(f"recording {sha256[:8]} is not here and there is nowhere to fetch it from")
        try:
            data = await download(self._fetch, f"{self._url}/{sha256}", MAX_CLIP_BYTES)
        except DownloadError as error:
            raise AudioMissing(f"recording {sha256[:8]} cannot be fetched: {error}") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise AudioMissing(f"recording {sha256[:8]} was changed on its way")
        await asyncio.to_thread(self._keep, path, data)
        return data

    def _keep(self, path: Path, data: bytes) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(path, data)
        except OSError as error:
            log.warning("A recording cannot be kept: %s", error)

    def text_of(self, sha256: str) -> str:
        """What the recording says, as far as the centre's list tells; else empty."""
        for clip in self._catalogue():
            if clip.get("sha256") == sha256:
                return str(clip.get("text", ""))
        return ""

    def _catalogue(self) -> list[dict[str, Any]]:
        try:
            return _clips_of((self._folder / "catalogue.json").read_bytes())
        except (OSError, ValueError):
            return []

    async def keep_current(self) -> None:
        """Prefetch now and every hour, until cancelled."""
        while True:
            try:
                await self.prefetch()
            except Exception:
                # Or no recording would ever come again.
                log.exception("Fetching the recordings broke.")
            await asyncio.sleep(PREFETCH_EVERY_S)

    async def prefetch(self) -> int:
        """Bring the folder up to the centre's list; how many recordings are now here.

        What cannot be had is left for the next time; the reason is logged.
        """
        if not self._url:
            return 0
        try:
            listed = await download(self._fetch, self._url, MAX_CATALOGUE_BYTES)
            clips = _clips_of(listed)
        except (DownloadError, ValueError, RecursionError) as error:
            log.info("The list of recordings cannot be had: %s", error)
            return 0
        await asyncio.to_thread(self._keep, self._folder / "catalogue.json", listed)
        here = 0
        for clip in clips:
            try:
                sha256 = str(clip["sha256"])
                if await asyncio.to_thread(self._stored, sha256) is None:
                    await asyncio.shield(self._download(sha256))
                here += 1
            except (AudioMissing, KeyError) as error:
                log.warning("A recording is missing: %s", error)
        return here

    async def close(self) -> None:
        """Wait for no download any more."""
        tasks = list(self._coming.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _clips_of(data: bytes) -> list[dict[str, Any]]:
    body = json.loads(data)
    clips = body.get("clips") if isinstance(body, dict) else None
    if not isinstance(clips, list) or not all(isinstance(clip, dict) for clip in clips):
        raise ValueError("not a list of recordings")
    return clips
