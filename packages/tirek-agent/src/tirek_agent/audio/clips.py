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
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tirek_agent.audio.pcm import AudioMissing, Pcm, PcmCache, decoded

log = logging.getLogger(__name__)

FETCH_WITHIN_S = 10.0
PREFETCH_EVERY_S = 3600.0
# Five minutes of uncompressed sound at 48 kHz.
MAX_CLIP_BYTES = 32 * 2**20
MAX_CATALOGUE_BYTES = 4 * 2**20
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def _fetch(url: str, most: int) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise OSError(f"{url!r} is not a web address")
    with urllib.request.urlopen(url, timeout=FETCH_WITHIN_S) as answer:  # noqa: S310 (checked above)
        data: bytes = answer.read(most + 1)
    if len(data) > most:
        raise OSError(f"{url} is larger than {most} bytes")
    return data


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

    def __init__(self, folder: Path, url: str, fetch: Callable[[str, int], bytes] = _fetch) -> None:
        self._folder = folder
        self._url = url.rstrip("/")
        self._fetch = fetch
        self._decoded = PcmCache()
        self._turn = asyncio.Lock()

    def _path(self, sha256: str) -> Path:
        if not _SHA256.match(sha256):
            raise AudioMissing("the recording has no proper name")
        return self._folder / f"{sha256}.clip"

    async def get(self, sha256: str) -> Pcm:
        """The recording as PCM, from the disk or else from the centre. Raises `AudioMissing`."""
        async with self._turn:
            pcm = self._decoded.get(sha256)
            if pcm is None:
                pcm = await asyncio.to_thread(self._get, sha256)
                self._decoded.put(sha256, pcm)
            return pcm

    def _get(self, sha256: str) -> Pcm:
        return decoded(self._stored(sha256) or self._download(sha256))

    def _stored(self, sha256: str) -> bytes | None:
        """The file's bytes if they still are what their name says: memory cards rot."""
        path = self._path(sha256)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def _download(self, sha256: str) -> bytes:
        if not self._url:
            raise AudioMissing(f"recording {sha256[:8]} is not here and there is nowhere to fetch it from")
        try:
            data = self._fetch(f"{self._url}/{sha256}", MAX_CLIP_BYTES)
        except OSError as error:
            raise AudioMissing(f"recording {sha256[:8]} cannot be fetched: {error}") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise AudioMissing(f"recording {sha256[:8]} was changed on its way")
        self._keep(self._path(sha256), data)
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
            await self.prefetch()
            await asyncio.sleep(PREFETCH_EVERY_S)

    async def prefetch(self) -> int:
        """Bring the folder up to the centre's list; how many recordings are now here.

        What cannot be had is left for the next time; the reason is logged.
        """
        if not self._url:
            return 0
        return await asyncio.to_thread(self._prefetch)

    def _prefetch(self) -> int:
        try:
            listed = self._fetch(self._url, MAX_CATALOGUE_BYTES)
            clips = _clips_of(listed)
        except (OSError, ValueError) as error:
            log.info("The list of recordings cannot be had: %s", error)
            return 0
        self._keep(self._folder / "catalogue.json", listed)
        here = 0
        for clip in clips:
            try:
                self._stored(str(clip["sha256"])) or self._download(str(clip["sha256"]))
                here += 1
            except (AudioMissing, KeyError) as error:
                log.warning("A recording is missing: %s", error)
        return here


def _clips_of(data: bytes) -> list[dict[str, Any]]:
    body = json.loads(data)
    clips = body.get("clips") if isinstance(body, dict) else None
    if not isinstance(clips, list) or not all(isinstance(clip, dict) for clip in clips):
        raise ValueError("not a list of recordings")
    return clips
