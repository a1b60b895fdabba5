"""Files that were uploaded for an import and wait for a person to confirm what they saw."""

from __future__ import annotations

import secrets
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename

KEPT_S = 24 * 3600


def folder() -> Path:
    """Where uploads wait."""
    return Path(settings.MEDIA_ROOT) / "imports"


def keep(file: UploadedFile) -> str:
    """Store an upload under a name that nobody can guess; returns its key. Uploads older than a day go."""
    _sweep()
    key = f"{secrets.token_hex(16)}/{get_valid_filename(Path(file.name or 'file').name)}"
    path = folder() / key
    path.parent.mkdir(parents=True, mode=0o700)
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return key


def find(key: str) -> Path | None:
    """The stored file, or None when it is gone."""
    path = (folder() / key).resolve()
    return path if path.is_relative_to(folder().resolve()) and path.is_file() else None


def drop(key: str) -> None:
    """Forget an upload."""
    if (path := find(key)) is not None:
        shutil.rmtree(path.parent)


def _sweep() -> None:
    for old in folder().glob("*"):
        if old.is_dir() and time.time() - old.stat().st_mtime > KEPT_S:
            shutil.rmtree(old, ignore_errors=True)
