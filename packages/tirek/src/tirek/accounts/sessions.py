"""The store of sessions (settings' SESSION_ENGINE): Django's, in a table that says whose each session is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from tirek.accounts.endings import BEGAN, SEEN
from tirek.accounts.models import Session

ADDRESS, BROWSER = "address", "browser"


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)
        row.person_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.began_at, row.seen_at = _moment(data.get(BEGAN)), _moment(data.get(SEEN))
        row.address, row.browser = data.get(ADDRESS, "")[:64], data.get(BROWSER, "")[:200]
        return row


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
