"""Files on the disk: where they lie, and how they get there whole or not at all. Directories 0700, files 0600."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.files.scanning import TryLater

BLOCK = 1024 * 1024
LEAST_FREE = 512 * 1024 * 1024


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def full(path: str) -> Path:
    """The place of a stored path. Raises ValueError for one that leads elsewhere."""
    place = (root() / path).resolve()
    if not place.is_relative_to(root().resolve()):
        raise ValueError(path)
    return place


def path_of(sha256: str) -> str:
    return f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def thumbnail_of(path: str) -> str:
    return f"{path}.thumbnail"


def part_of(upload: int) -> Path:
    return _folder(root() / "uploads") / f"{upload}.part"


@contextlib.contextmanager
def draft() -> Iterator[Path]:
    """A path for a file that is not ready yet; what is left there at the end goes."""
    path = _folder(root() / "drafts") / secrets.token_hex(16)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def copy(source: Any, target: Path, most: int) -> tuple[str, int]:
    """Copy bytes, a path or an open file to `target`; its SHA-256 and size. Raises `Refused` past `most` bytes."""
    check_room()
    total, size = hashlib.sha256(), 0
    with open_private(target) as file:
        for block in _blocks(source):
            size += len(block)
            if size > most:
                raise Refused(too_large(most))
            total.update(block)
            file.write(block)
    if not size:
        raise Refused(_("The file is empty."))
    return total.hexdigest(), size


def settle(content: Path | bytes, path: str) -> None:
    """Put content at its stored path: written aside, forced to the disk, then moved. A path names its content for good."""
    place = full(path)
    if place.exists():
        os.utime(place)  # so that house-keeping does not take it for an orphan meanwhile
        return
    with draft() as aside:
        if isinstance(content, Path):
            shutil.copyfile(content, aside)
        else:
            aside.write_bytes(content)
        aside.chmod(0o600)
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        _folder(place.parent)
        aside.replace(place)
        sync_folder(place.parent)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[IO[bytes]]:
    """The file at `path`, open for appending, with all other processes kept out."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def open_private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_room() -> None:
    """Raise `TryLater` when the disk is nearly full: alarms must still find room."""
    if shutil.disk_usage(_folder(root())).free < LEAST_FREE:
        raise TryLater(_("There is no room for files on the server. Nothing was taken: tell the administrator."))


def too_large(most: int) -> str:
    return _("The file is larger than %(mb)d MB.") % {"mb": most // (1024 * 1024)}


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _blocks(source: Any) -> Iterator[bytes]:
    if isinstance(source, bytes | bytearray | memoryview):
        yield bytes(source)
    elif isinstance(source, Path):
        with source.open("rb") as file:
            while block := file.read(BLOCK):
                yield block
    elif isinstance(source, File):  # an uploaded file too
        yield from source.chunks(BLOCK)
    else:
        while block := source.read(BLOCK):
            yield block


def _folder(path: Path) -> Path:
    if not path.is_dir():
        for folder in (*reversed(path.parents), path):
            if folder.is_relative_to(root()):
                folder.mkdir(mode=0o700, exist_ok=True, parents=folder == root())
    return path
