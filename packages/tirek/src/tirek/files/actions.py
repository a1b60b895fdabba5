"""Acts on files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tirek.accounts.access import can
from tirek.audit.act import Refused, act, snapshot
from tirek.files import disk, images, sniff
from tirek.files.kinds import KINDS, PICTURES
from tirek.files.models import StoredFile
from tirek.files.scanning import scan

UPLOAD = "files.upload_file"


def store(
    user: Any,
    source: Any,
    *,
    kind: str,
    name: str,
    client_id: str = "",
    system: str = "",
    permission: str = UPLOAD,
    is_sample: bool = False,
) -> StoredFile:
    """Keep a file: bytes, a `Path`, an upload of Django's or an open file. The same `client_id` of a person gives the same row.

    Pictures of every kind but "document" are drawn anew (small, upright, without metadata). Raises `Refused` with a sentence:
    empty, too large, not allowed by content, too many pixels, a virus; `scanning.TryLater` when only the moment is wrong.
    Call it before `act`, not inside: it takes its time. A room that lets people bring files under a permission of its own
    names it as `permission`. A process passes `user=None` and its name as `system`.
    """
    if user is not None and not can(user, permission):
        raise PermissionDenied(permission)
    client_id = client_id[:64]
    if (found := find(user, client_id)) is not None:
        return found
    with disk.draft() as path:
        source_sha256, source_size = disk.copy(source, path, KINDS[kind].most_bytes)
        fields = _settled(path, kind)
    row = StoredFile(
        **fields,
        source_sha256=source_sha256,
        source_size=source_size,
        name=sniff.harmless_name(name, fields["media_type"]),
        kind=kind,
        uploaded_by=user,
        client_id=client_id,
        is_sample=is_sample,
    )
    try:
        with transaction.atomic(), act(UPLOAD, user, system=system, own=True) as trace:
            row.save()
            trace.on(row, after=snapshot(row, without=("path", "client_id")))
    except IntegrityError:  # the same upload came twice at once
        twin = find(user, client_id)
        if twin is None:
            raise
        return twin
    return row


def find(user: Any, client_id: str) -> StoredFile | None:
    """What this person has stored under the device's own number."""
    if user is None or not client_id:
        return None
    return StoredFile.objects.filter(uploaded_by=user, client_id=client_id).first()


def check(source: Any, *, kind: str) -> str:
    """The media type of what `store` would take, for forms: size and content are looked at, nothing is kept. Raises `Refused`."""
    with disk.draft() as path:
        disk.copy(source, path, KINDS[kind].most_bytes)
        return sniff.media_type(path, KINDS[kind])


def _settled(path: Path, kind_key: str) -> dict[str, Any]:
    """Look at a draft, bring it into the form that is kept, and put it in its place."""
    kind = KINDS[kind_key]
    media = sniff.media_type(path, kind)
    scanned = scan(path)
    fields: dict[str, Any] = {"scanned": scanned}
    drawn = None
    if media in PICTURES and kind.longest_side is not None:
        drawn = images.draw(path, media, kind.longest_side, kind.draws)
        media = drawn.media_type
        path.write_bytes(drawn.content)
    elif media in PICTURES:
        if not sniff.ends_where_it_should(path, media):
            raise Refused(_("The file holds more than a picture. Bring it as a photo, or save the picture anew."))
        drawn = images.look_at(path, media)
    sha256 = disk.sha256_of(path)
    place = disk.path_of(sha256)
    if drawn is not None:
        disk.settle(drawn.thumbnail, disk.thumbnail_of(place))
        fields |= {"width": drawn.width, "height": drawn.height, "taken_at": drawn.taken_at}
    size = path.stat().st_size
    disk.settle(path, place)
    return fields | {"sha256": sha256, "size": size, "path": place, "media_type": media}
