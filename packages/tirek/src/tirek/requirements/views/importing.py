"""Bringing a file in: check, look at what would change, confirm."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.requirements import actions, queries, words
from tirek.requirements.actions.editions import IMPORT, read_file
from tirek.requirements.compare import compare as compare_editions
from tirek.requirements.forms import FileForm
from tirek.requirements.models import Edition, Standard
from tirek.requirements.rows import requirement_row
from tirek.requirements.standardfile import BadFile, StandardData
from tirek.requirements.views.editions import comparison_context

SHOWN = 200


@require_http_methods(["GET", "POST"])
@page(IMPORT)
def import_file(request: HttpRequest) -> HttpResponse:
    """Choose a file; see all that is wrong with it, or what it would change."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"]
        try:
            data = read_file(content)
        except BadFile as bad:
            context = {
                "form": FileForm(),
                "problems": bad.problems[:SHOWN],
                "more": len(bad.problems) - SHOWN,
                "name": form.files["file"].name,
            }
            return render(request, "requirements/import.html", context, status=422)
        return render(request, "requirements/preview.html", _preview(data, content))
    return render(request, "requirements/import.html", {"form": form})


def _preview(data: StandardData, content: bytes) -> dict[str, Any]:
    """What the file would change, against the edition in force (or the newest there is)."""
    standard = Standard.objects.filter(code=data.code).first()
    rows = list(Edition.objects.filter(standard=standard).defer("file")) if standard else []
    former = next((row for row in rows if row.state == Edition.State.IN_FORCE), rows[0] if rows else None)
    draft = Edition(standard=standard or Standard(code=data.code), label=data.label)
    new = [requirement_row(draft, row, order) for order, row in enumerate(data.requirements, start=1)]
    context: dict[str, Any] = {
        "data": data,
        "name": Standard(name_kk=data.name.kk, name_ru=data.name.ru, name_en=data.name.en).name,
        "former": former,
        "same_label": next((row for row in rows if row.label == data.label), None),
        "remarks": words.remarks_of(new),
        "content": base64.b64encode(content).decode(),
        "mandatory": sum(row.mandatory for row in new),
        "is_preview": True,
    }
    if former is not None:
        context |= comparison_context(compare_editions(queries.requirements_of(former), new))
    return context


@require_POST
@page(IMPORT)
def import_confirm(request: HttpRequest) -> HttpResponse:
    try:
        content = base64.b64decode(request.POST.get("content", ""), validate=True)
        made = actions.import_edition(request.user, content)
    except (binascii.Error, BadFile):
        messages.error(request, _("The file did not come through whole. Choose it again."))
        return redirect("requirements:import")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("requirements:import")
    if made.state == Edition.State.DRAFT:
        messages.success(request, _("The edition is kept as a draft. It binds nobody until it is put in force."))
    else:
        messages.info(request, _("This very file is here already. Nothing was changed."))
    return redirect(made)
