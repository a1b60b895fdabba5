"""Saved views: a register as somebody likes to see it. Any register may have them:

    {% load saved_views %}{% saved_views "facilities:register" %}        the menu, beside the filters
    if away := saved_views.opening(request, "facilities:register"): return redirect(away)

The menu offers the own views and those that others share. Who uses a view of somebody else sees their own rows in it: a view
is a question, never an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tirek.accounts.guards import page
from tirek.accounts.models import Person, SavedView
from tirek.audit.act import Refused, act, snapshot

# Fields of an address that say where somebody is and not what they look for.
PASSING = ("page", "view", "all")
MOST_QUERY, MOST_VIEWS = 1000, 100


def save_view(
    user: Person, register: str, name: str, query: str, *, shared: bool = False, is_default: bool = False
) -> SavedView:
    """Keep the filters of a register under a name; the own view of that name is replaced. Raises Refused."""
    name, query = " ".join(name.split()), lasting(query)
    if not name or len(name) > 80:
        raise Refused(_("Give the view a name of up to 80 letters."))
    if len(query) > MOST_QUERY:
        raise Refused(_("These filters are too many to be kept. Choose fewer."))
    own = SavedView.objects.filter(person=user, register=register)
    if own.count() >= MOST_VIEWS:
        raise Refused(_("You have very many views here. Remove some first."))
    with act("accounts.save_own_view", user, own=True) as trace:
        if is_default:
            own.exclude(name=name).filter(is_default=True).update(is_default=False)
        view, _made = SavedView.objects.update_or_create(
            person=user,
            register=register,
            name=name,
            defaults={"query": query, "shared": shared, "is_default": is_default},
        )
        trace.on(view, after=snapshot(view))
    return view


def remove_view(user: Person, pk: int) -> SavedView:
    """Remove an own view. Raises SavedView.DoesNotExist."""
    with act("accounts.remove_own_view", user, own=True) as trace:
        view = SavedView.objects.get(pk=pk, person=user)
        trace.on(view, before=snapshot(view))
        view.delete()
    return view


def lasting(query: str) -> str:
    """The query without what passes: page and the like, and empty fields."""
    given = QueryDict(query.removeprefix("?"))
    kept = QueryDict(mutable=True)
    for name in given:
        values = [value for value in given.getlist(name) if value]
        if name not in PASSING and values:
            kept.setlist(name, values)
    return kept.urlencode()


def opening(request: HttpRequest, register: str) -> str:
    """Where a register that was opened without filters goes first: the person's default view, or "" for nowhere."""
    if request.GET:
        return ""
    mine = (view for view in _views(request, register) if view.is_default and view.person_id == request.user.pk)
    view = next(mine, None)
    return address(view) if view is not None else ""


def address(view: SavedView) -> str:
    """The address of a view."""
    query = f"view={view.pk}&{view.query}" if view.query else f"view={view.pk}"
    return f"{reverse(view.register)}?{query}"


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the menu."""

    view: SavedView
    url: str
    own: bool
    here: bool


def offers(request: HttpRequest, register: str) -> list[Offer]:
    """The views that the person may open here: the own ones first, then those of others, by name."""
    now, asked = lasting(request.GET.urlencode()), request.GET.get("view", "")
    found = [
        Offer(row, address(row), row.person_id == request.user.pk, str(row.pk) == asked and row.query == now)
        for row in _views(request, register)
    ]
    return sorted(found, key=lambda offer: (not offer.own, offer.view.name.casefold()))


def _views(request: HttpRequest, register: str) -> list[SavedView]:
    """The own views and those that others share; read once for a request."""
    kept: dict[str, list[SavedView]] = request.__dict__.setdefault("_saved_views", {})
    if register not in kept:
        rows = SavedView.objects.filter(register=register).select_related("person")
        kept[register] = list(rows.filter(person=request.user) | rows.filter(shared=True, person__is_active=True))
    return kept[register]


@require_POST
@page()
def save(request: HttpRequest) -> HttpResponse:
    """The form of the menu: register, query, name, shared, is_default."""
    given = request.POST
    register = given.get("register", "")
    try:
        where = reverse(register)
    except NoReverseMatch:
        return HttpResponse(status=400)
    try:
        view = save_view(
            request.user,
            register[:60],
            given.get("name", ""),
            given.get("query", ""),
            shared="shared" in given,
            is_default="is_default" in given,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{where}?{lasting(given.get('query', ''))}")
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(address(view))


@require_POST
@page()
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(SavedView, pk=pk, person=request.user)
    view = remove_view(request.user, pk)
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return redirect(f"{reverse(view.register)}?{view.query or 'all=1'}")
