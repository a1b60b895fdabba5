"""Pages of the frame itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from tirek.accounts.guards import page, public
from tirek.accounts.own import change_own_settings
from tirek.ui import registry
from tirek.ui.context import Shell
from tirek.ui.gallery import gallery_context

SHORTEST_QUERY = 2


@require_GET
@page()
def home(request: HttpRequest) -> HttpResponse:
    """The first place in this person's navigation."""
    entries = Shell(request).nav
    if entries and entries[0]["url"] != request.path:
        return redirect(entries[0]["url"])
    return render(request, "ui/home.html")


@require_GET
@page()
def search(request: HttpRequest) -> HttpResponse:
    """Hits for ?q=: a list for the overlay (htmx), or a whole page."""
    query = " ".join(request.GET.get("q", "").split())[:100]
    asked = len(query) >= SHORTEST_QUERY
    hits = registry.search(request.user, query) if asked else []
    template = "ui/parts/hits.html" if getattr(request, "htmx", False) else "ui/search.html"
    return render(request, template, {"query": query, "asked": asked, "hits": hits})


@require_POST
@public
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages: in a cookie, which serves before the log-in too, and in the person's record."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        change_own_settings(request.user, language=chosen)
    return set_language(request)  # type: ignore[return-value]


@require_GET
@page("ui.view_gallery")
def gallery(request: HttpRequest) -> HttpResponse:
    """Each component once, in both themes, for those who build pages."""
    return render(request, "ui/gallery.html", gallery_context(request))
