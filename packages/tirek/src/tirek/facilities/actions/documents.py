"""Papers of a facility. Nothing is overwritten: a newer one replaces an older, and both stay."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act
from tirek.facilities.actions.facility import CHANGE, changeable
from tirek.facilities.models import Document, Facility
from tirek.files.models import StoredFile


def add_document(
    user: Any, facility_pk: int, fields: dict[str, Any], stored: StoredFile, *, replaces: int | None = None
) -> Document:
    """Put a stored file with the facility's documents, in place of the older one `replaces` if it is given.

    Raises Facility.DoesNotExist, and Refused when the older one was replaced by another meanwhile.
    """
    with act(CHANGE, user) as trace:
        facility = changeable(user, facility_pk)
        before = _told(facility)
        document = Document.objects.create(facility=facility, file=stored, added_by=user, **fields)
        if replaces is not None:
            current = Document.objects.filter(pk=replaces, facility=facility, replaced_by=None)
            if not current.exclude(pk=document.pk).update(replaced_by=document):
                raise Refused(_("Somebody has put a newer version in its place meanwhile. Look at that one first."))
        trace.on(facility, before=before, after=_told(facility))
    return document


def remove_document(user: Any, pk: int) -> Facility:
    """Take a document away; the version before it counts again. Returns the facility."""
    with act(CHANGE, user) as trace:
        document = Document.objects.get(pk=pk)
        facility = changeable(user, document.facility_id)
        before = _told(facility)
        document.delete()
        trace.on(facility, before=before, after=_told(facility))
    return facility


def _told(facility: Facility) -> dict[str, Any]:
    rows = facility.documents.filter(replaced_by=None).select_related("file")
    return {"documents": [f"{d.get_kind_display()}: {d.title} ({d.file.name}, {d.file.sha256[:12]})" for d in rows]}
