"""Heads kept outside the database: a file to which a line is added, `<number> <hash> <time>`.

Somebody who can write to the database can write a whole new chain that holds in itself, or cut its end. A head in a
place that they cannot write to (another machine, a printer, a write-once disk) gives them away.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.utils import timezone

from tirek.audit.chain import Head

_LINE = re.compile(r"(?P<id>[1-9]\d*) (?P<hash>[0-9a-f]{64}) \S+")


class HeadsError(Exception):
    """The file cannot be used. The message says which line."""


def write(path: Path, head: Head) -> str:
    """Add `head` to the file and wait until the disk has it. Returns the line. The file is made readable by its
    owner only.
    """
    line = f"{head.id} {head.hash} {timezone.now().isoformat(timespec='seconds')}"
    made = not path.exists()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
    if made:  # the name of a new file is safe only when its directory is
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    return line


def read(path: Path) -> dict[int, str]:
    """All heads of the file, number -> hash. Raises HeadsError for a line that is none, or two that contradict."""
    heads: dict[int, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise HeadsError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if not match:
            raise HeadsError(f"{path}, line {number}: not a head (number, hash, time)")
        identifier, digest = int(match["id"]), match["hash"]
        if heads.setdefault(identifier, digest) != digest:
            raise HeadsError(f"{path}, line {number}: contradicts an earlier line about entry {identifier}")
    return heads
