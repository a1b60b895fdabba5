"""`many_acts`: what a person does to many rows at once (an import, a selection), with an entry for each row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from tirek.audit import chain
from tirek.audit.act import differing
from tirek.live.emit import Change, emit


class Traces:
    """Collects what many acts leave behind."""

    def __init__(self, user: Any, why: str) -> None:
        self._user = user
        self._why = why
        self._asked: set[str] = set()
        self._lines: list[chain.Line] = []
        self._changes: list[Change] = []

    def on(
        self,
        verb: str,
        obj: models.Model,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        why: str | None = None,
    ) -> None:
        """One act: what was done (also the permission that the person must hold), and on what. See `act.Trace.on`."""
        if self._user is not None and verb not in self._asked:
            if not self._user.grants(verb):
                raise PermissionDenied(verb)
            self._asked.add(verb)
        before, after = differing(before, after)
        self._lines.append(
            chain.Line(
                actor="",
                verb=verb,
                object_type=obj._meta.label_lower,
                object_id=str(obj.pk),
                object_name=str(obj)[:300],
                why=self._why if why is None else why,
                before=before,
                after=after,
                area_path=getattr(obj, "area_path", "") or "",
            )
        )

    def event(self, kind: str, data: dict[str, Any], *, permission: str, area_path: str = "") -> None:
        """Tell open pages; one event for many rows is right where the page fetches its list anew."""
        self._changes.append(Change(kind, data, permission, area_path))


@contextmanager
def many_acts(user: Any = None, *, system: str = "", why: str = "") -> Iterator[Traces]:
    """Run many acts together: all of them or none. The chain gets one entry for each, under one lock.

    Raises PermissionDenied as `act` does. Keep a batch to some hundreds of rows: everybody else who writes waits for its end.
    """
    if user is None and not system:
        raise RuntimeError("many acts need a person or the name of a process")
    if user is not None and not (user.is_authenticated and user.is_active):
        raise PermissionDenied
    with transaction.atomic():
        traces = Traces(user, why)
        yield traces
        actor = f"system:{system}" if user is None else user.audit_name
        actor_id = getattr(user, "pk", None)
        chain.append_all([replace(line, actor=actor, actor_id=actor_id) for line in traces._lines])
        emit(traces._changes)
