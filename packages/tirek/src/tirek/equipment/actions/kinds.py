"""Kinds of equipment are data: add one, change one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tirek.audit.act import act, snapshot
from tirek.equipment.models import Kind

CHANGE = "equipment.change_kind"


def add_kind(user: Any, fields: Mapping[str, Any]) -> Kind:
    """Add a kind. `fields`: code, icon, group, test_every_days, names, is_active."""
    with act(CHANGE, user) as trace:
        kind = Kind.objects.create(**fields)
        trace.on(kind, after=snapshot(kind))
    return kind


def change_kind(user: Any, pk: int, fields: Mapping[str, Any]) -> Kind:
    """Change a kind; its code stays, since standards and tables name it. Raises Kind.DoesNotExist."""
    with act(CHANGE, user) as trace:
        kind: Kind = Kind.objects.restrict(user, "change").select_for_update().get(pk=pk)
        before = snapshot(kind)
        for name, value in fields.items():
            if name != "code":
                setattr(kind, name, value)
        kind.save()
        trace.on(kind, before=before, after=snapshot(kind))
    return kind
