"""Files that arrive in pieces. The length of the part on the disk is the truth, so a killed server forgets nothing.

Every piece is appended under a lock of the file, forced to the disk, and only then acknowledged. The last piece is followed by the
check of the SHA-256 that the device named at the beginning, and by `actions.store`; both may be asked for again.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.files import actions, disk
from tirek.files.kinds import KINDS
from tirek.files.models import StoredFile, Upload
from tirek.files.scanning import TryLater

MOST_OPEN = 500
BLOCK = 256 * 1024


class WrongOffset(Exception):
    """The piece does not follow what is here. `offset` is where to go on."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class NotTheSame(Refused):
    """All bytes are here, but they are not those that were announced. The upload begins anew."""


@dataclass(frozen=True, slots=True)
class State:
    """How far an upload is."""

    upload: Upload
    offset: int
    stored: StoredFile | None = None
    error: str = ""


def begin(user: Any, *, client_id: str, size: int, sha256: str, name: str, kind: str) -> State:
    """Announce a file. Said again, it tells how far the same upload is. Raises `Refused`, or ValueError for nonsense."""
    if kind not in KINDS or not re.fullmatch(r"[0-9a-f]{64}", sha256) or not 0 < len(client_id) <= 64 or size < 0:
        raise ValueError
    upload = Upload.objects.filter(uploaded_by=user, client_id=client_id).first()
    if upload is None:
        if not size:
            raise Refused(_("The file is empty."))
        if size > KINDS[kind].most_bytes:
            raise Refused(disk.too_large(KINDS[kind].most_bytes))
        if Upload.objects.filter(uploaded_by=user, stored=None, refused="").count() >= MOST_OPEN:
            raise Refused(_("Too many uploads are unfinished. Let them finish first."))
        disk.check_room()
        fields: dict[str, Any] = {"size": size, "sha256": sha256, "kind": kind, "name": name[:200] or "file"}
        kept = actions.find(user, client_id)  # long ago, or by a form
        if kept is not None and kept.source_sha256 == sha256:
            fields["stored"] = kept
        try:
            with transaction.atomic():
                upload = Upload.objects.create(uploaded_by=user, client_id=client_id, **fields)
        except IntegrityError:  # announced twice at once
            upload = Upload.objects.get(uploaded_by=user, client_id=client_id)
    if (upload.size, upload.sha256, upload.kind) != (size, sha256, kind):
        raise Refused(_("Another file was announced under this number."))
    return state(upload)


def state(upload: Upload) -> State:
    """How far it is, as the disk has it."""
    if upload.stored is not None:
        return State(upload, upload.size, upload.stored)
    if upload.refused:
        return State(upload, 0, None, upload.refused)
    try:
        return State(upload, disk.part_of(upload.pk).stat().st_size)
    except FileNotFoundError:
        return State(upload, 0)


def append(user: Any, upload: Upload, offset: int, source: Any) -> State:
    """Add what `source.read(n)` gives at `offset`; at the end store the file.

    Raises `WrongOffset`, `NotTheSame` (begin again at 0), `TryLater` (send an empty piece later), `Refused` (never send it again).
    """
    _open(state(upload), offset)
    with disk.locked(disk.part_of(upload.pk)) as part:
        upload.refresh_from_db()  # while we waited for the lock, another request may have brought the last piece
        if (done := _open(state(upload), offset)) is not None:
            return done
        here = part.seek(0, os.SEEK_END)
        if offset != here:
            raise WrongOffset(here)
        try:
            here = _add(part, source, here, upload.size)
        except Refused:
            part.truncate(here)
            raise
        Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now())
        return State(upload, here) if here < upload.size else _finish(user, upload, part)


def _open(now: State, offset: int) -> State | None:
    """None while pieces may come; the state of a file that is stored and asked for once more. Raises what `append` raises."""
    if now.error:
        raise Refused(now.error)
    if now.stored is None:
        return None
    if offset != now.offset:
        raise WrongOffset(now.offset)
    return now


def _add(part: Any, source: Any, here: int, size: int) -> int:
    try:
        while block := source.read(BLOCK):
            if here + len(block) > size:
                raise Refused(_("More bytes came than were announced. Begin this upload anew."))
            part.write(block)
            here += len(block)
    finally:
        part.flush()
        os.fsync(part.fileno())
    return here


def _finish(user: Any, upload: Upload, part: Any) -> State:
    path = disk.part_of(upload.pk)
    if disk.sha256_of(path) != upload.sha256:
        part.truncate(0)
        raise NotTheSame(_("The file was damaged on its way. It is sent again from the beginning."))
    try:
        stored = actions.store(user, path, kind=upload.kind, name=upload.name, client_id=upload.client_id)
    except TryLater:
        raise
    except Refused as refusal:
        Upload.objects.filter(pk=upload.pk).update(refused=str(refusal))
        path.unlink(missing_ok=True)
        raise
    Upload.objects.filter(pk=upload.pk).update(stored=stored, touched_at=timezone.now())
    path.unlink(missing_ok=True)
    upload.stored = stored
    return State(upload, upload.size, stored)
