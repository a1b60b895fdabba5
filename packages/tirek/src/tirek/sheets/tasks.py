"""The two long works of an import: reading it and checking every row, and writing what the person has confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tirek.accounts.access import require
from tirek.audit.act import Refused
from tirek.files import disk
from tirek.jobs.running import Handle
from tirek.sheets import registry
from tirek.sheets.models import Import, ImportRow
from tirek.sheets.planning import Planner, batches, in_words
from tirek.sheets.reading import opened
from tirek.sheets.registry import Deed, Row, Sheet
from tirek.ui.templatetags.tirek import number

State = Import.State
CHUNK = 500
MOST_PROBLEMS = 30


def check(handle: Handle, of: int) -> dict[str, Any]:
    """Read the file of an import and plan every row. May be run again."""
    found = Import.objects.select_related("file").get(pk=of)
    sheet = allowed(found.sheet, handle.user)
    found.rows.all().delete()
    found.problem = ""
    try:
        with opened(disk.full(found.file.path), found.file.media_type, sheet.most_rows) as table:
            found.headings = table.headings
            columns = sheet.guess(table.headings) if found.columns is None else found.columns
            found.columns = columns
            if any(column.key not in columns for column in sheet.required()):
                found.state, found.counts, found.problems = State.UNCLEAR, {}, []
            else:
                _plan_all(handle, sheet, found, table)
                found.state = State.READY
    except Refused as refusal:
        found.state, found.problem = State.FAILED, str(refusal)
        found.save()
        raise
    except BaseException:
        Import.objects.filter(pk=of).update(
            state=State.FAILED, problem=_("The reading was stopped. Read the file again.")
        )
        raise
    found.save()
    return {"url": found.get_absolute_url()}


def write(handle: Handle, of: int) -> dict[str, Any]:
    """Write the good rows in batches, each planned once more: what has become the same meanwhile is left alone."""
    found = Import.objects.select_related("file").get(pk=of)
    sheet = allowed(found.sheet, handle.user)
    planner = Planner(sheet, handle.user, found.columns or {})
    done: Counter[str] = Counter({Deed.ERROR: found.count(Deed.ERROR)})
    waiting = found.rows.exclude(deed=Deed.ERROR).order_by("number")
    total, at = waiting.count(), 0
    handle.progress(0, total, _("Writing"))
    try:
        for batch in _in_parts(waiting, sheet.batch):
            rows = planner.plan(batch)
            meant = [row for row in rows if row.deed in (Deed.ADD, Deed.CHANGE)]
            with transaction.atomic():
                if meant:
                    sheet.write(handle.user, meant)
                _note_errors(found, rows)
            done.update(row.deed for row in rows)
            at += len(batch)
            handle.progress(at, total)
    except BaseException:
        Import.objects.filter(pk=of).update(state=State.BROKEN, done=dict(done))
        raise
    Import.objects.filter(pk=of).update(state=State.WRITTEN, done=dict(done))
    sheet.after(handle.user)
    written = done[Deed.ADD] + done[Deed.CHANGE]
    text = ngettext("%(n)s row was written.", "%(n)s rows were written.", written) % {"n": number(written)}
    return {"text": text, "url": found.get_absolute_url()}


def allowed(key: str, user: Any) -> Sheet:
    """The sheet, for somebody who may bring it. Raises PermissionDenied or `Refused`."""
    sheet = registry.sheet_of(key)
    if sheet is None:
        raise Refused(_("There is no such table (any more)."))
    require(user, sheet.permission)
    return sheet.begin(user)


def _plan_all(handle: Handle, sheet: Sheet, found: Import, table: Any) -> None:
    planner = Planner(sheet, handle.user, found.columns or {})
    counts: Counter[str] = Counter()
    problems: Counter[tuple[str, str]] = Counter()
    at = 0
    expected = table.expected
    handle.progress(0, expected, _("Reading and checking"))
    for chunk in batches(table.rows, CHUNK):
        rows = planner.plan(chunk)
        cells = dict(chunk)
        ImportRow.objects.bulk_create([_kept(found, sheet, row, cells[row.number]) for row in rows])
        counts.update(row.deed for row in rows)
        problems.update((column, sentence) for row in rows for column, sentence in row.errors)
        at += len(rows)
        handle.progress(at, max(at, expected) if expected else 0)
    found.counts = dict(counts)
    found.problems = [[column, sentence, n] for (column, sentence), n in problems.most_common(MOST_PROBLEMS)]


def _kept(found: Import, sheet: Sheet, row: Row, cells: list[str]) -> ImportRow:
    changes = in_words(sheet, row) if row.deed == Deed.CHANGE else []
    return ImportRow(of=found, number=row.number, deed=row.deed, cells=cells, errors=row.errors, changes=changes)


def _in_parts(rows: QuerySet[ImportRow], size: int) -> Iterator[list[tuple[int, list[str]]]]:
    """Numbers and cells of rows in order, each part read to its end: on SQLite a query that is still open lets no transaction
    begin after somebody else has written.
    """
    last = 0
    while part := list(rows.filter(number__gt=last).values_list("number", "cells")[:size]):
        yield part
        last = part[-1][0]


def _note_errors(found: Import, rows: list[Row]) -> None:
    """Rows that were good when they were checked and are not any more."""
    for row in rows:
        if row.errors:
            found.rows.filter(number=row.number).update(deed=Deed.ERROR, errors=row.errors)
