"""Bringing a table (upload, look, confirm) and taking one (export, template)."""

from __future__ import annotations

import tempfile
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from tirek.accounts.access import can, require
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.files.kinds import XLSX
from tirek.jobs.views import context_of
from tirek.sheets import actions
from tirek.sheets.forms import BringForm, ColumnsForm
from tirek.sheets.models import Import
from tirek.sheets.registry import Deed, Sheet, fitting, sheet_of
from tirek.sheets.tables import ImportTable, RowTable
from tirek.sheets.writing import csv_lines, write_xlsx

PAGE = 50
FORMS = ("csv", "xlsx")
State = Import.State


@require_http_methods(["GET", "POST"])
@page()
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """Bring a table, and what was brought before."""
    wanted = _sheet(key)
    require(request.user, wanted.permission)
    form = BringForm(request.POST or None, request.FILES or None, sheet=wanted)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return redirect(actions.bring(request.user, wanted, file, file.name))
        except Refused as refusal:
            form.add_error("file", str(refusal))
    brought = Import.objects.filter(sheet=key, person=request.user).select_related("file")
    table = ImportTable(brought)
    RequestConfig(request, paginate={"per_page": 10}).configure(table)
    context = {"sheet": wanted, "form": form, "table": table, "list_url": _list_url(wanted)}
    return render(request, "sheets/sheet.html", context)


@require_GET
@page()
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """An import at whatever stage it is."""
    brought, wanted = _import(request, pk)
    context: dict[str, Any] = {
        "found": brought,
        "sheet": wanted,
        "list_url": _list_url(wanted),
        "crumb": reverse("sheets:sheet", args=[wanted.key]),
    }
    if brought.job is not None and brought.job.is_open:
        return render(request, "sheets/at_work.html", {**context, **context_of(brought.job), "follow": True})
    headings = brought.headings
    initial = {key: str(place) for key, place in (brought.columns or {}).items()}
    context["columns_form"] = ColumnsForm(initial=initial, sheet=wanted, headings=headings) if headings else None
    if brought.state not in (State.READY, State.WRITTEN, State.BROKEN):
        missing = [str(c.title) for c in wanted.required() if c.key not in (brought.columns or {})]
        unread = brought.state != State.UNCLEAR
        # A file of another table, brought here: its own page is one click away.
        others = (
            [] if unread else [s for s in fitting(headings) if s.key != wanted.key and can(request.user, s.permission)]
        )
        return render(
            request, "sheets/unread.html", {**context, "missing": missing, "unread": unread, "others": others}
        )
    deed = request.GET.get("deed", "")
    rows = brought.rows.all()
    if deed in Deed.values:
        rows = rows.filter(deed=deed)
    table = RowTable(rows, sheet=wanted, found=brought)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    titles = {column.key: str(column.title) for column in (*wanted.told(), *wanted.columns)}
    context |= {
        "table": table,
        "deed": deed,
        "counts": {value: brought.count(value) for value in Deed.values},
        "done": {value: int(brought.done.get(value, 0)) for value in Deed.values},
        "total": sum(brought.counts.values()),
        "to_write": brought.count(Deed.ADD) + brought.count(Deed.CHANGE),
        "problems": [(titles.get(key, ""), sentence, n) for key, sentence, n in brought.problems],
    }
    return render(request, "sheets/preview.html", context)


@require_POST
@page()
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file anew, with the columns that the person chose."""
    brought, wanted = _import(request, pk)
    columns = None
    if "chosen" in request.POST:
        form = ColumnsForm(request.POST, sheet=wanted, headings=brought.headings)
        if not form.is_valid():
            messages.error(request, _("Choose a heading for every column that must be there."))
            return redirect(brought)
        columns = form.columns()
    try:
        actions.read_again(request.user, pk, columns)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(brought)


@require_POST
@page()
def write(request: HttpRequest, pk: int) -> HttpResponse:
    brought, _wanted = _import(request, pk)
    try:
        actions.write(request.user, pk, leave_out_errors="leave_out" in request.POST)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(brought)


@require_GET
@page()
def errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that have errors, as they were brought, with what is wrong in a column of its own: to put right and bring again."""
    brought, wanted = _import(request, pk)
    titles = {column.key: str(column.title) for column in wanted.columns}

    def rows() -> Any:
        for row in brought.rows.filter(deed=Deed.ERROR).iterator(chunk_size=500):
            said = "; ".join(f"{titles[key]}: {text}" if key in titles else text for key, text in row.errors)
            cells = [*row.cells, *[""] * (len(brought.headings) - len(row.cells))]
            yield [*cells, said]

    return _xlsx(
        f"{wanted.title}-{_('errors')}", str(wanted.title), [*brought.headings, capfirst(_("what is wrong"))], rows()
    )


@require_GET
@page()
def template(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """An empty table with the right headings, one example, and what each column means."""
    wanted = _sheet(key)
    require(request.user, wanted.permission)
    example = [[column.example for column in wanted.columns]]
    name = f"{wanted.title}-{_('template')}"
    if form == "csv":
        return _download(csv_lines(wanted.header(), example), name)
    if form != "xlsx":
        raise Http404
    required = wanted.required()
    notes = [[_("Column"), _("must be"), _("what it means"), _("example")]] + [
        [str(c.title), _("yes") if c in required else "", str(c.help), c.example] for c in wanted.columns
    ]
    return _xlsx(name, str(wanted.title), wanted.header(), example, notes)


@require_GET
@page()
def export(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """What the person may see and the register's filters in the address ask for. Leaves an entry in the log."""
    wanted = _sheet(key)
    require(request.user, wanted.view_permission)
    if form not in FORMS:
        raise Http404
    wanted = wanted.begin(request.user)
    records = wanted.records(request.user, request.GET)
    count = records.count() if hasattr(records, "count") and not isinstance(records, list) else len(list(records))
    actions.note_export(request.user, wanted, form, request.GET.urlencode(), count)
    name = f"{wanted.title}-{timezone.localdate().isoformat()}"
    source = records.iterator(chunk_size=500) if hasattr(records, "iterator") else records
    if form == "csv":
        return _download(csv_lines(wanted.header(), wanted.table(source)), name)
    return _xlsx(name, str(wanted.title), wanted.header(), wanted.table(source))


def _sheet(key: str) -> Sheet:
    wanted = sheet_of(key)
    if wanted is None:
        raise Http404
    return wanted


def _import(request: HttpRequest, pk: int) -> tuple[Import, Sheet]:
    """One's own import of a sheet that one may (still) bring."""
    brought = get_object_or_404(Import.objects.select_related("file", "job"), pk=pk, person=request.user)
    wanted = _sheet(brought.sheet)
    if not can(request.user, wanted.permission):
        raise PermissionDenied(wanted.permission)
    return brought, wanted


def _list_url(wanted: Sheet) -> str:
    return reverse(wanted.list_url) if wanted.list_url else ""


def _download(lines: Any, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.csv")
    response["Cache-Control"] = "private, no-store"
    return response


def _xlsx(name: str, title: str, header: list[str], rows: Any, notes: Any = ()) -> FileResponse:
    target = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    write_xlsx(target, capfirst(title), header, rows, notes)
    target.seek(0)
    response = FileResponse(target, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    response["Cache-Control"] = "private, no-store"
    return response
