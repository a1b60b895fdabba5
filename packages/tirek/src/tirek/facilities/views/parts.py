"""Forms for what belongs to a facility: those to ring, buildings, entrances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tirek.accounts.guards import page
from tirek.facilities import actions
from tirek.facilities.forms import BuildingForm, ContactForm, EntranceForm
from tirek.facilities.models import Building, Contact, Entrance, Facility

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of part: its table, its form and its acts, and how the page speaks of it."""

    key: str
    model: type[models.Model]
    form: type[forms.ModelForm]
    rows: Callable[[Facility], Any]
    add: Callable[..., Any]
    change: Callable[..., Any]
    remove: Callable[..., Facility]
    title_new: Text
    title_edit: Text
    remove_label: Text
    remove_question: Text

    def make_form(self, facility: Facility, *args: Any, **kwargs: Any) -> forms.ModelForm:
        more = {"facility": facility} if self.form is EntranceForm else {}
        return self.form(*args, **kwargs, **more)


def _new(part: Part) -> Callable[..., HttpResponse]:
    @require_http_methods(["GET", "POST"])
    @page(actions.CHANGE)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        facility = get_object_or_404(Facility.objects.restrict(request.user, "change"), pk=pk)
        initial = {"order": part.rows(facility).count() + 1}
        form = part.make_form(facility, request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            part.add(request.user, pk, form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(facility)
        return _show(request, part, facility, form)

    return view


def _edit(part: Part) -> Callable[..., HttpResponse]:
    @require_http_methods(["GET", "POST"])
    @page(actions.CHANGE)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        row = _row(request, part, pk)
        form = part.make_form(row.facility, request.POST or None, instance=row)
        if request.method == "POST" and form.is_valid():
            part.change(request.user, pk, form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(row.facility)
        return _show(request, part, row.facility, form, row)

    return view


def _remove(part: Part) -> Callable[..., HttpResponse]:
    @require_POST
    @page(actions.CHANGE)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        facility = _row(request, part, pk).facility
        part.remove(request.user, pk)
        messages.success(request, _("Removed."))
        return redirect(facility)

    return view


def _row(request: HttpRequest, part: Part, pk: int) -> Any:
    """A part of a facility that the person may change."""
    facilities = Facility.objects.restrict(request.user, "change")
    rows = part.model._default_manager.select_related("facility").filter(pk=pk, facility__in=facilities)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _show(request: HttpRequest, part: Part, facility: Facility, form: forms.ModelForm, row: Any = None) -> HttpResponse:
    context = {
        "form": form,
        "facility": facility,
        "part": part,
        "row": row,
        "title": part.title_edit if row else part.title_new,
        "remove_url_name": f"facilities:{part.key}_remove",
    }
    return render(request, "facilities/part_form.html", context)


CONTACT = Part(
    "contact", Contact, ContactForm, lambda facility: facility.contacts,
    actions.add_contact, actions.change_contact, actions.remove_contact,
    gettext_lazy("Add a contact"), gettext_lazy("Change a contact"),
    gettext_lazy("Remove this contact"), gettext_lazy("Take this person off the list of those to ring?"),
)  # fmt: skip
BUILDING = Part(
    "building", Building, BuildingForm, lambda facility: facility.buildings,
    actions.add_building, actions.change_building, actions.remove_building,
    gettext_lazy("Add a building"), gettext_lazy("Change a building"),
    gettext_lazy("Remove this building"), gettext_lazy("Remove this building? Its entrances and documents stay."),
)  # fmt: skip
ENTRANCE = Part(
    "entrance", Entrance, EntranceForm, lambda facility: facility.entrance_rows,
    actions.add_entrance, actions.change_entrance, actions.remove_entrance,
    gettext_lazy("Add an entrance"), gettext_lazy("Change an entrance"),
    gettext_lazy("Remove this entrance"), gettext_lazy("Remove this entrance?"),
)  # fmt: skip

contact_new, contact_edit, contact_remove = _new(CONTACT), _edit(CONTACT), _remove(CONTACT)
building_new, building_edit, building_remove = _new(BUILDING), _edit(BUILDING), _remove(BUILDING)
entrance_new, entrance_edit, entrance_remove = _new(ENTRANCE), _edit(ENTRANCE), _remove(ENTRANCE)
