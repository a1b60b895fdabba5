"""Acts on a notice. Each goes back to its page, with the result or the refusal in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.notices import actions
from tirek.notices.forms import DecideForm, ReplyForm, ServeForm, TimeForm, WithdrawForm
from tirek.notices.models import Extension, Notice
from tirek.notices.views.pages import one


@require_POST
@page("notices.issue_notice")
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    return _acted(request, pk, lambda: actions.issue_notice(request.user, pk), _("The notice is issued. Serve it now."))


@require_POST
@page("notices.draft_notice")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    found = one(request, pk)
    try:
        actions.drop_draft(request.user, pk)
    except Notice.DoesNotExist as gone:
        raise Http404 from gone
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    messages.success(request, _("The draft is gone; its findings are free again."))
    return redirect(found.inspection)


@require_POST
@page("notices.serve_notice")
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    found = one(request, pk)
    form = ServeForm(request.POST, request.FILES, notice=found)

    def act() -> None:
        data = form.cleaned_data
        proof = data["proof"].store(request.user) if data["proof"] else None
        contact = data["contact"].pk if data["contact"] else None
        actions.serve_notice(
            request.user,
            pk,
            method=data["method"],
            to=data["to"],
            position=data["position"],
            contact_id=contact,
            at=data["at"],
            proof=proof,
        )

    return _acted(request, pk, act, _("Noted how the notice is served."), form)


@require_POST
@page("notices.answer_notice")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReplyForm(request.POST, request.FILES)

    def act() -> None:
        data = form.cleaned_data
        files = [incoming.store(request.user) for incoming in [*data["photos"], *data["papers"]]]
        actions.reply(request.user, pk, data["text"], files, all_done=data["all_done"])

    return _acted(request, pk, act, _("Your answer stands with the notice."), form)


@require_POST
@page("notices.answer_notice")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    form = TimeForm(request.POST)

    def act() -> None:
        actions.ask_for_time(request.user, pk, form.cleaned_data["until"], form.cleaned_data["reason"])

    return _acted(request, pk, act, _("You asked for more time. A person decides and you read it here."), form)


@require_POST
@page("notices.extend_notice")
def decide(request: HttpRequest, pk: int, extension_pk: int) -> HttpResponse:
    get_object_or_404(Extension, pk=extension_pk, notice=one(request, pk))
    form = DecideForm(request.POST)

    def act() -> None:
        data = form.cleaned_data
        grant = request.POST.get("decision") == "grant"
        actions.decide_on_time(request.user, extension_pk, grant=grant, why=data["why"], until=data["until"])

    return _acted(request, pk, act, _("Decided; the facility reads it."), form)


@require_POST
@page("notices.withdraw_notice")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    form = WithdrawForm(request.POST)

    def act() -> None:
        actions.withdraw_notice(request.user, pk, form.cleaned_data["why"])

    return _acted(request, pk, act, _("The notice is withdrawn."), form)


def _acted(
    request: HttpRequest, pk: int, act: Callable[[], Any], done: str, form: forms.Form | None = None
) -> HttpResponse:
    found = one(request, pk)
    if form is not None and not form.is_valid():
        for name, errors in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            messages.error(request, f"{label}: {errors[0]}" if label else str(errors[0]))
        return redirect(found)
    try:
        act()
    except (Notice.DoesNotExist, Extension.DoesNotExist) as gone:
        raise Http404 from gone
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(found)
