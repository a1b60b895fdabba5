"""Addresses of what the front-end build has written (static/dist/manifest.json)."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static

MANIFEST = Path(__file__).resolve().parent / "static" / "dist" / "manifest.json"


class NotBuilt(RuntimeError):
    """The front end has not been built, or has no such entry."""


@lru_cache(maxsize=2)
def _read(changed: int) -> dict[str, Any]:
    return json.loads(MANIFEST.read_text())


def manifest() -> dict[str, Any]:
    """The manifest; read again only when a build has changed it."""
    try:
        return _read(MANIFEST.stat().st_mtime_ns)
    except FileNotFoundError:
        raise NotBuilt(
            "The front end has not been built. Install the package without TIREK_SKIP_FRONTEND, "
            "or run `npm ci && npm run build` in frontend/."
        ) from None


def chunk(name: str) -> dict[str, Any]:
    """The manifest's record of an entry ("main") or of an asset ("icons.svg")."""
    records = manifest()
    entry = (record for record in records.values() if record.get("isEntry") and record["name"] == name)
    record = next(entry, None) or records.get(name)
    if record is None:
        raise NotBuilt(f'The front end has no entry "{name}". There is: {", ".join(sorted(entries()))}.')
    return record


def entries() -> list[str]:
    """Names that the tag `vite` takes."""
    return [record["name"] for record in manifest().values() if record.get("isEntry")]


def asset(name: str) -> str:
    """The address of one built file. Without a build, in tests of the server alone, an empty text."""
    try:
        return static(f"dist/{chunk(name)['file']}")
    except NotBuilt:
        if settings.DEBUG:
            raise
        return ""


def files(name: str) -> tuple[list[str], list[str]]:
    """Addresses of an entry: its style sheets (those of what it imports first) and its scripts (the entry last)."""
    records = manifest()
    styles: list[str] = []
    scripts: list[str] = []

    def visit(record: dict[str, Any]) -> None:
        for key in record.get("imports", ()):
            visit(records[key])
        for style in record.get("css", ()):
            if style not in styles:
                styles.append(style)
        if record["file"] not in scripts:
            scripts.append(record["file"])

    visit(chunk(name))
    return [static(f"dist/{s}") for s in styles], [static(f"dist/{s}") for s in scripts]
