"""One's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from tirek.accounts import own, queries
from tirek.accounts.access import is_sample_session
from tirek.accounts.forms import OwnSettingsForm, posted
from tirek.accounts.guards import page
from tirek.accounts.tables import place_of

THEME_COOKIE = "tirek_theme"  # the switch in the top bar writes it; a choice made here replaces it


@page()
def me(request: HttpRequest) -> HttpResponse:
    """Language, theme, password, second factors, sessions, roles."""
    person = request.user
    form = OwnSettingsForm(posted(request), instance=person)
    if request.method == "POST" and form.is_valid():
        person.refresh_from_db()  # the form has written into it; the act compares with what stands in the database
        own.change_own_settings(person, **form.cleaned_data)
        with override(person.language):
            messages.success(request, _("Saved."))
        response = redirect("accounts:me")
        response.delete_cookie(THEME_COOKIE)
        return response
    running = person.assignments.filter(queries.running()).select_related("area", "agency")
    context = {
        "form": form,
        "sample": is_sample_session(request),
        "roles": [(a.get_role_display(), place_of(a), a.until) for a in running],
        "factors": queries.second_factors(person),
        "sessions": queries.sessions(person),
        "this_session": request.session.session_key,
    }
    return render(request, "accounts/me.html", context)


@require_POST
@page()
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    own.end_own_sessions(request.user, keep=request.session.session_key)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:me")
