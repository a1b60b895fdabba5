"""`act`: the frame around every act: permission, change, audit entry, live events, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from tirek.audit import chain
from tirek.audit.plain import plain
from tirek.live.emit import Change, emit


class Refused(Exception):
    """An act that cannot be done now. The message is a translated sentence for the person who tried."""


class Trace:
    """Collects what one act leaves behind."""

    def __init__(self, verb: str, why: str) -> None:
        self.verb = verb
        self.why = why
        self._object: dict[str, Any] | None = None
        self._changes: list[Change] = []

    def on(
        self,
        obj: models.Model,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        why: str | None = None,
    ) -> None:
        """Say what the act was done on. Of `before` and `after` only the fields that differ are kept."""
        before, after = differing(before, after)
        if why is not None:
            self.why = why
        self._object = {
            "object_type": obj._meta.label_lower,
            "object_id": str(obj.pk),
            "object_name": str(obj)[:300],
            "before": before,
            "after": after,
            "area_path": getattr(obj, "area_path", "") or "",
        }

    def event(self, kind: str, data: dict[str, Any], *, permission: str, area_path: str = "") -> None:
        """Tell open pages; see the table of kinds in docs/architecture.md."""
        self._changes.append(Change(kind, data, permission, area_path))

    def _line(self, actor: str, actor_id: int | None) -> chain.Line:
        """The entry to write. Raises RuntimeError when the act did not say what it was done on."""
        if self._object is None:
            raise RuntimeError(f"{self.verb}: the act did not say what it was done on (trace.on)")
        return chain.Line(actor=actor, actor_id=actor_id, verb=self.verb, why=self.why, **self._object)


@contextmanager
def act(verb: str, user: Any = None, *, system: str = "", own: bool = False, why: str = "") -> Iterator[Trace]:
    """Run one act.

    `verb` is also the name of the permission that `user` must hold somewhere; which rows it may touch is the business
    of `restrict()`. `own=True` is for what everybody may do with their own account: it asks for an active account only.
    A process passes `system="dispatcher"` and no user. Raises PermissionDenied, or RuntimeError when the act did not
    say what it was done on.
    """
    if user is None and not system:
        raise RuntimeError(f"{verb}: an act needs a person or the name of a process")
    if user is not None:
        if not user.is_authenticated or not user.is_active:
            raise PermissionDenied(verb)
        if not own and not user.grants(verb):
            raise PermissionDenied(verb)
    with transaction.atomic():
        trace = Trace(verb, why)
        yield trace
        actor = f"system:{system}" if user is None else user.audit_name
        chain.append_all([trace._line(actor, getattr(user, "pk", None))])
        emit(trace._changes)


@contextmanager
def acts(verb: str, *, system: str) -> Iterator[Callable[[], Trace]]:
    """Many acts of one kind that a process does at once: `begin()` gives a trace for each of them.

    Each leaves its own entry, as with `act`; they are written together, in the order in which they began.
    """
    with transaction.atomic():
        traces: list[Trace] = []

        def begin() -> Trace:
            traces.append(Trace(verb, ""))
            return traces[-1]

        yield begin
        chain.append_all([trace._line(f"system:{system}", None) for trace in traces])
        emit(change for trace in traces for change in trace._changes)


def differing(
    before: dict[str, Any] | None, after: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Both without the fields that are the same in both; unchanged where one of them is None."""
    if before is None or after is None:
        return before, after
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return {key: before.get(key) for key in changed}, {key: after.get(key) for key in changed}


def snapshot(obj: models.Model, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a row as plain JSON values, for `before` and `after`. Fields named in `AUDIT_SECRET` are left
    out.
    """
    secret = {*getattr(obj, "AUDIT_SECRET", ()), *without}
    values = {
        field.attname: field.value_from_object(obj)
        for field in obj._meta.concrete_fields
        if field.attname not in secret
    }
    return dict(plain(values))
