"""Pages about people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from tirek.accounts import actions, queries
from tirek.accounts.access import can
from tirek.accounts.filters import PeopleFilter
from tirek.accounts.forms import AssignmentForm, PersonForm, WhyForm, posted
from tirek.accounts.guards import page
from tirek.accounts.models import Person
from tirek.accounts.tables import PeopleTable, place_of
from tirek.audit.act import Refused

PER_PAGE = 50


@require_GET
@page("accounts.view_person")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody whom one may see."""
    found = PeopleFilter(request.GET, queries.people(request.user), user=request.user)
    table = PeopleTable(found.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "filter": found,
        "table": table,
        "total": table.paginator.count,
        "may_add": can(request.user, "accounts.add_person"),
        "may_see_agencies": can(request.user, "accounts.view_agency"),
    }
    return render(request, "accounts/people.html", context)


@require_GET
@page("accounts.view_person")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: what they may do, how they sign in, what was done with the account."""
    somebody = get_object_or_404(queries.people(request.user), pk=pk)
    may = {
        verb: can(request.user, f"accounts.{verb}")
        for verb in (
            "change_person", "close_person", "reopen_person", "unlock_person", "reset_password",
            "reset_second_factor", "assign_role", "withdraw_role",
        )
    }  # fmt: skip
    inside = may["change_person"] or somebody == request.user
    return render(
        request,
        "accounts/person.html",
        {
            "person": somebody,
            "may": may,
            "roles": [(a, a.get_role_display(), place_of(a)) for a in somebody.running_roles],
            "inside": inside,
            "sessions": queries.sessions(somebody) if inside else [],
            "factors": queries.second_factors(somebody) if inside else [],
            "wrong_passwords": queries.locked_until_unlocked(somebody) if inside else 0,
        },
    )


@never_cache
@page("accounts.add_person")
def add_person(request: HttpRequest) -> HttpResponse:
    """Make an account; the one-time password is shown once."""
    form = PersonForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made, password = actions.add_person(request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _show_password(request, made, password)
    return render(request, "accounts/person_form.html", {"form": form, "person": None})


@page("accounts.change_person")
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is written about a person."""
    somebody = get_object_or_404(Person.objects.restrict(request.user, "change"), pk=pk)
    form = PersonForm(posted(request), instance=somebody, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_person(request.user, pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("accounts:person", pk)
    return render(request, "accounts/person_form.html", {"form": form, "person": somebody})


@page("accounts.close_person")
def close_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, with a reason."""
    somebody = get_object_or_404(Person.objects.restrict(request.user, "close"), pk=pk)
    return _with_reason(
        request,
        somebody,
        actions.close_person,
        heading=_("Close the account of %(name)s") % {"name": somebody},
        text=_("They are signed out at once and can do nothing any more. The account can be opened again."),
        act=_("Close the account"),
    )


@page("accounts.reset_second_factor")
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the second factors of somebody who has lost theirs."""
    somebody = get_object_or_404(Person.objects.restrict(request.user, "change"), pk=pk)
    return _with_reason(
        request,
        somebody,
        actions.reset_second_factor,
        heading=_("Remove the second factors of %(name)s") % {"name": somebody},
        text=_("Make sure that it is really they who ask: see them, or ring a number that you know."),
        act=_("Remove the second factors"),
    )


@require_POST
@never_cache
@page("accounts.reopen_person")
def reopen_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    somebody = get_object_or_404(Person.objects.restrict(request.user, "reopen"), pk=pk)
    return _new_password(request, somebody, actions.reopen_person)


@require_POST
@never_cache
@page("accounts.reset_password")
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a new one-time password; it is shown once."""
    somebody = get_object_or_404(Person.objects.restrict(request.user, "change"), pk=pk)
    return _new_password(request, somebody, actions.reset_password)


@require_POST
@page("accounts.unlock_person")
def unlock_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody try again who was locked out."""
    somebody = get_object_or_404(Person.objects.restrict(request.user, "unlock"), pk=pk)
    return _plainly(request, somebody, lambda: actions.unlock_person(request.user, pk), _("They can try again now."))


@page("accounts.assign_role")
def assign_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role, bound to a place."""
    somebody = get_object_or_404(Person.objects.restrict(request.user, "view"), pk=pk)
    form = AssignmentForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.assign_role(request.user, pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("accounts:person", pk)
    return render(request, "accounts/role_form.html", {"form": form, "person": somebody})


@require_POST
@page("accounts.withdraw_role")
def withdraw_role(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    """Take a role away."""
    somebody = get_object_or_404(Person.objects.restrict(request.user, "view"), pk=pk, assignments=assignment)
    return _plainly(
        request, somebody, lambda: actions.withdraw_role(request.user, assignment), _("The role is withdrawn.")
    )


def _plainly(request: HttpRequest, somebody: Person, act: Any, done: str) -> HttpResponse:
    """Do it, say so or say why not, and go back to the person."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("accounts:person", somebody.pk)


def _with_reason(
    request: HttpRequest, somebody: Person, action: Any, *, heading: str, text: str, act: str
) -> HttpResponse:
    """A page that asks why, then does it."""
    form = WhyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            action(request.user, somebody.pk, form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("accounts:person", somebody.pk)
    context = {"form": form, "person": somebody, "heading": heading, "text": text, "act": act}
    return render(request, "accounts/why_form.html", context)


def _new_password(request: HttpRequest, somebody: Person, action: Any) -> HttpResponse:
    try:
        changed, password = action(request.user, somebody.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:person", somebody.pk)
    return _show_password(request, changed, password)


def _show_password(request: HttpRequest, somebody: Person, password: str | None) -> HttpResponse:
    """The one time that a one-time password is seen; sample people have none."""
    if password is None:
        return redirect("accounts:person", somebody.pk)
    return render(request, "accounts/password_once.html", {"person": somebody, "password": password})
