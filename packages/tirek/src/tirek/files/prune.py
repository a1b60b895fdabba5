"""House-keeping: uploads that nobody went on with, and content that no row names."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tirek.files import disk
from tirek.files.models import StoredFile, Upload

UPLOADS_KEPT = timedelta(days=14)
ORPHANS_KEPT_S = 24 * 3600


def prune() -> int:
    """Clear away half uploads older than 14 days, drafts and content of rows that are gone. Returns how much went."""
    return _uploads() + _drafts() + _orphans()


def _uploads() -> int:
    gone = 0
    for upload in Upload.objects.filter(touched_at__lt=timezone.now() - UPLOADS_KEPT):
        part = disk.part_of(upload.pk)
        with transaction.atomic():
            upload.delete()
        part.unlink(missing_ok=True)
        gone += 1
    return gone


def _drafts() -> int:
    old = [p for p in (disk.root() / "drafts").glob("*") if _age(p) > ORPHANS_KEPT_S]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _orphans() -> int:
    """Content without a row: its row was removed, or the process was killed between the two."""
    gone = 0
    for path in (disk.root() / "files").glob("*/*/*"):
        sha256 = path.name.partition(".")[0]
        if _age(path) > ORPHANS_KEPT_S and not StoredFile.objects.filter(sha256=sha256).exists():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _age(path: object) -> float:
    try:
        return time.time() - path.stat().st_mtime  # type: ignore[attr-defined]
    except FileNotFoundError:
        return 0.0
