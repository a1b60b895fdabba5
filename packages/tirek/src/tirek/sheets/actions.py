"""Acts on tables that come and go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import require
from tirek.audit.act import Refused, act, snapshot
from tirek.files import actions as files
from tirek.jobs import actions as jobs
from tirek.sheets.models import Export, Import
from tirek.sheets.registry import Deed, Sheet
from tirek.sheets.tasks import allowed

State = Import.State
KEPT = timedelta(days=30)


def bring(user: Any, sheet: Sheet, file: Any, name: str) -> Import:
    """Take a file and let it be read and checked; nothing is written to the register. Raises `Refused`."""
    require(user, sheet.permission)
    stored = files.store(user, file, kind="sheet", name=name, permission=sheet.permission)
    with transaction.atomic():
        found = Import.objects.create(sheet=sheet.key, file=stored, person=user)
        _check(user, sheet, found)
    return found


def read_again(user: Any, pk: int, columns: Mapping[str, int] | None = None) -> Import:
    """Check the file anew, with other columns if they are given. Raises Import.DoesNotExist, `Refused`."""
    with transaction.atomic():
        found, sheet = _own(user, pk)
        if found.state in (State.CHECKING, State.WRITING) and found.job is not None and found.job.is_open:
            raise Refused(_("This file is at work. Wait for its end, or stop it."))
        if found.state == State.WRITTEN:
            raise Refused(_("This file is already written. Bring it again to see what would change now."))
        if columns is not None:
            known = {column.key for column in sheet.columns}
            found.columns = {
                key: place for key, place in columns.items() if key in known and 0 <= place < len(found.headings)
            }
        found.state = State.CHECKING
        _check(user, sheet, found)
    return found


def write(user: Any, pk: int, *, leave_out_errors: bool = False) -> Import:
    """Let the good rows be written. Raises `Refused` while rows have errors, unless they may be left out."""
    with transaction.atomic():
        found, _sheet = _own(user, pk)
        if found.state != State.READY:
            raise Refused(_("This file cannot be written now. Read it again."))
        if found.count(Deed.ERROR) and not leave_out_errors:
            raise Refused(_("Some rows have errors. Put them right, or tick that they are left out."))
        if not found.count(Deed.ADD) + found.count(Deed.CHANGE):
            raise Refused(_("Nothing in the file is new. Nothing was changed."))
        found.state = State.WRITING
        found.job = jobs.start(
            "sheets.write",
            user,
            _("Import: %(file)s") % {"file": found.file.name},
            {"of": pk},
            url=found.get_absolute_url(),
        )
        found.save(update_fields=["state", "job"])
    return found


def note_export(user: Any, sheet: Sheet, form: str, query: str, rows: int) -> Export:
    """Leave in the log that somebody takes a table with them."""
    require(user, sheet.view_permission)
    with act("sheets.export_sheet", user, own=True) as trace:
        export = Export.objects.create(sheet=sheet.key, format=form, query=query[:2000], rows=rows, person=user)
        trace.on(export, after=snapshot(export))
    return export


def prune() -> int:
    """Forget imports that are a month old, with their rows and files. What they did stands in the log."""
    old = Import.objects.filter(created_at__lt=timezone.now() - KEPT).select_related("file")
    for found in old:
        with transaction.atomic():
            file = found.file
            found.delete()
            file.delete()
    return len(old)


def _check(user: Any, sheet: Sheet, found: Import) -> None:
    title = _("Reading: %(file)s") % {"file": found.file.name}
    found.job = jobs.start("sheets.check", user, title, {"of": found.pk}, url=found.get_absolute_url())
    found.save(update_fields=["state", "columns", "job"])


def _own(user: Any, pk: int) -> tuple[Import, Sheet]:
    found = Import.objects.select_for_update().get(pk=pk, person=user)
    try:
        return found, allowed(found.sheet, user)
    except PermissionDenied as error:
        raise Import.DoesNotExist from error
