"""Reads of the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.audit.models import Entry
from tirek.audit.verbs import KINDS, label_of


def entries(user: Any) -> QuerySet[Entry]:
    """Entries that `user` may read, the newest first."""
    return Entry.objects.restrict(user, "view")


def history(obj: models.Model, limit: int = 20) -> QuerySet[Entry]:
    """The newest entries about one object. For pages of that object: whoever sees it sees who changed it."""
    return Entry.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))[:limit]


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, in words. `technical`: the field has a name for programmers only."""

    label: str
    before: str
    after: str
    technical: bool = False


def changes(entry: Entry) -> list[Change]:
    """What an act changed, field by field, as people read it."""
    return list(_changes(entry))


def object_kind(object_type: str) -> str:
    """What sort of thing "alarms.alarm" is, in words."""
    if words := KINDS.get(object_type):
        return capfirst(str(words))
    model = _model(object_type)
    return capfirst(str(model._meta.verbose_name)) if model else object_type


def object_url(entry: Entry) -> str:
    """The address of the object's page, or "" when it has none or is gone."""
    model = _model(entry.object_type)
    if model is None or not hasattr(model, "get_absolute_url") or not entry.object_id.isdigit():
        return ""
    obj = model._base_manager.filter(pk=entry.object_id).first()
    return str(obj.get_absolute_url()) if obj else ""


def _changes(entry: Entry) -> Iterator[Change]:
    before, after = _mapping(entry.before), _mapping(entry.after)
    model = _model(entry.object_type)
    for name in dict.fromkeys([*before, *after]):
        field = _field(model, name)
        was, now = _words(field, before.get(name)), _words(field, after.get(name))
        if was == now or (field is not None and field.primary_key):
            continue  # a new row's empty fields and its number say nothing
        named = field is not None and isinstance(field.verbose_name, Promise)
        label = str(field.verbose_name) if field is not None and named else label_of(name)
        yield Change(capfirst(label) if label else name, was, now, technical=not label)


def _mapping(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return value if isinstance(value, dict) else {"": value}


def _model(object_type: str) -> type[models.Model] | None:
    try:
        return apps.get_model(object_type)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> models.Field | None:
    """The field behind a name of a snapshot; a foreign key stands there by its column ("agency_id")."""
    if model is None:
        return None
    for candidate in (name, name.removesuffix("_id")):
        try:
            field = model._meta.get_field(candidate)
        except FieldDoesNotExist:
            continue
        return field if isinstance(field, models.Field) else None
    return None


def _words(field: models.Field | None, value: Any) -> str:
    """A value as people read it: choices, names of what a key points to, dates, yes and no."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.ForeignKey):
        found = field.related_model._base_manager.filter(pk=value).first()
        return str(found) if found else f"№ {value}"
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField) and isinstance(value, str) and (moment := parse_datetime(value)):
        return formats.date_format(timezone.localtime(moment) if moment.tzinfo else moment, "DATETIME_FORMAT")
    if isinstance(value, list):
        return ", ".join(_words(None, item) for item in value) or "—"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_words(None, item)}" for key, item in value.items()) or "—"
    return str(value)
