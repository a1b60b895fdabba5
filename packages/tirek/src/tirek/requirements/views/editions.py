"""Standards, their editions, and two of them side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.requirements import actions, queries, words
from tirek.requirements.compare import Comparison
from tirek.requirements.compare import compare as compare_editions
from tirek.requirements.forms import EditionFilter
from tirek.requirements.models import Edition, Requirement, Standing
from tirek.requirements.rows import standard_data
from tirek.requirements.standardfile import write


@require_GET
@page("requirements.view_standard")
def standards(request: HttpRequest) -> HttpResponse:
    """Every standard with its editions."""
    found = queries.with_editions(request.user)
    context = {"standards": found, "may_import": can(request.user, "requirements.import_edition")}
    return render(request, "requirements/standards.html", context)


@require_GET
@page("requirements.view_standard")
def standard(request: HttpRequest, pk: int) -> HttpResponse:
    """One standard: to the edition that matters now, which shows the others beside it."""
    found = get_object_or_404(queries.standards(request.user), pk=pk)
    rows = list(queries.editions(request.user).filter(standard=found))
    if not rows:
        raise Http404
    return redirect(next((row for row in rows if row.state == Edition.State.IN_FORCE), rows[0]))


@require_GET
@page("requirements.view_edition")
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition with all its requirements; of the one in force also whom it binds and how they stand."""
    found = get_object_or_404(queries.editions(request.user), pk=pk)
    rows = queries.requirements_of(found)
    form = EditionFilter(request.GET)
    kept = form.keep(rows)
    in_force = found.state == Edition.State.IN_FORCE
    ids, binds = queries.binding(rows, request.user)
    bound = dict(zip((row.pk for row in rows), binds.sum(axis=0).tolist(), strict=True))
    states = queries.counts_of_states(rows, request.user) if in_force else {}
    others = [row for row in queries.editions(request.user).filter(standard=found.standard_id) if row.pk != found.pk]
    types = words.type_names()
    context = {
        "edition": found,
        "others": others,
        "former": next((row for row in others if row.state == Edition.State.IN_FORCE), None),
        "form": form,
        "total": len(kept),
        "all": len(rows),
        "mandatory": sum(row.mandatory for row in rows),
        "live": sum(bool(row.live_check) for row in rows),
        "facilities": int(binds.any(axis=1).sum()) if len(ids) else 0,
        "in_force": in_force,
        "sections": _sections(kept, bound, states, types),
        "remarks": words.remarks_of(rows),
        "may_enforce": can(request.user, "requirements.enforce_edition") and found.state == Edition.State.DRAFT,
        "may_remove": can(request.user, "requirements.remove_edition") and found.state == Edition.State.DRAFT,
    }
    return render(request, "requirements/edition.html", context)


def _sections(
    rows: list[Requirement],
    bound: dict[int, int],
    states: dict[tuple[int, str], dict[str, int]],
    types: dict[str, str],
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The requirements under their headings, with what a row shows of each."""
    found: list[tuple[str, list[dict[str, Any]]]] = []
    for row in rows:
        if not found or found[-1][0] != row.section:
            found.append((row.section, []))
        counts = states.get((row.edition.standard_id, row.key), {})
        found[-1][1].append(
            {
                "row": row,
                "applies": words.applies(row.applies, types),
                "bound": bound[row.pk],
                "met": counts.get(Standing.State.MET, 0),
                "unmet": counts.get(Standing.State.UNMET, 0),
            }
        )
    return found


@require_GET
@page("requirements.view_edition")
def edition_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was imported, to keep, change and bring back."""
    found = get_object_or_404(Edition.objects.restrict(request.user, "view").select_related("standard"), pk=pk)
    text = found.file or write(standard_data(found))
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    label = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in found.label)
    response["Content-Disposition"] = f'attachment; filename="{found.standard.code}-{label}.yaml"'
    return response


@require_POST
@page("requirements.enforce_edition")
def enforce(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(queries.editions(request.user), pk=pk)
    try:
        job = actions.enforce_and_count(request.user, pk, reverse("requirements:edition", args=[pk]))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("requirements:edition", pk)
    messages.success(request, _("The edition is in force. Checklists follow it from now on."))
    return redirect(job)


@require_POST
@page("requirements.remove_edition")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(queries.editions(request.user), pk=pk)
    try:
        actions.remove_edition(request.user, pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("requirements:edition", pk)
    messages.success(request, _("The draft was removed."))
    return redirect("requirements:standards")


@require_GET
@page("requirements.view_edition")
def compare(request: HttpRequest) -> HttpResponse:
    """Two editions of a standard: ?old=<id>&new=<id>."""
    rows = list(queries.editions(request.user))
    old, new = (_chosen(rows, request.GET.get(name, "")) for name in ("old", "new"))
    context: dict[str, Any] = {
        "editions": rows,
        "old": old,
        "new": new,
        "choosers": [("old", pgettext("edition", "Old"), old), ("new", pgettext("edition", "New"), new)],
    }
    if old and new:
        found = compare_editions(queries.requirements_of(old), queries.requirements_of(new))
        context |= comparison_context(found)
    return render(request, "requirements/compare.html", context)


def comparison_context(found: Comparison) -> dict[str, Any]:
    """What the part that shows a comparison needs."""
    types = words.type_names()
    changed = [
        {
            "old": one.old,
            "new": one.new,
            "wordings": one.wordings,
            "values": [
                (words.FIELDS[v.field], words.value(v.field, v.old, types), words.value(v.field, v.new, types))
                for v in one.values
            ],
        }
        for one in found.changed
    ]
    return {"found": found, "changed": changed}


def _chosen(rows: list[Edition], text: str) -> Edition | None:
    return next((row for row in rows if str(row.pk) == text), None)
