"""Which files belong to a notice: whoever sees the notice may open them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from tirek.files.models import StoredFile
from tirek.notices.queries import notices


def holds(user: Any, stored: StoredFile) -> bool:
    return notices(user).filter(Q(served_proof=stored) | Q(replies__files=stored)).exists()
