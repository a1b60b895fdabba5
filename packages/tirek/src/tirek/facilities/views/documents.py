"""Papers of a facility: put in, replaced by a newer version, taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.facilities import actions
from tirek.facilities.forms import DocumentForm, NewVersionForm
from tirek.facilities.models import Document, Facility


@require_http_methods(["GET", "POST"])
@page(actions.CHANGE)
def document_new(request: HttpRequest, pk: int) -> HttpResponse:
    facility = get_object_or_404(Facility.objects.restrict(request.user, "change"), pk=pk)
    form = DocumentForm(request.POST or None, request.FILES or None, facility=facility)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        incoming = replace(given.pop("file"), kind=form.file_kind)
        try:
            actions.add_document(request.user, pk, given, incoming.store(request.user, permission=actions.CHANGE))
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("The document is kept."))
            return redirect(f"{facility.get_absolute_url()}?tab=documents")
    return render(request, "facilities/document_form.html", {"form": form, "facility": facility})


@require_http_methods(["GET", "POST"])
@page(actions.CHANGE)
def document_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """A newer version of a document. The one before stays and can be looked at."""
    document = _document(request, pk)
    facility = document.facility
    form = NewVersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        fields: dict[str, Any] = {name: getattr(document, name) for name in ("kind", "title", "building")}
        fields["dated"] = form.cleaned_data["dated"]
        incoming = replace(form.cleaned_data["file"], kind=document.file.kind)
        try:
            stored = incoming.store(request.user, permission=actions.CHANGE)
            actions.add_document(request.user, facility.pk, fields, stored, replaces=pk)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("The newer version is kept; the one before stays."))
            return redirect(f"{facility.get_absolute_url()}?tab=documents")
    return render(request, "facilities/document_form.html", {"form": form, "facility": facility, "document": document})


@require_POST
@page(actions.CHANGE)
def document_remove(request: HttpRequest, pk: int) -> HttpResponse:
    facility = _document(request, pk).facility
    actions.remove_document(request.user, pk)
    messages.success(request, _("Removed."))
    return redirect(f"{facility.get_absolute_url()}?tab=documents")


def _document(request: HttpRequest, pk: int) -> Document:
    facilities = Facility.objects.restrict(request.user, "change")
    rows = Document.objects.select_related("facility", "file", "building")
    found: Document | None = rows.filter(pk=pk, facility__in=facilities).first()
    if found is None:
        raise Http404
    return found
