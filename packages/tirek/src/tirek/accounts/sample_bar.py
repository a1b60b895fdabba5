"""The bar over the pages while sample people exist: one click plays another role, so one person can live the two-person rule.

It works only between this machine and itself: the request comes from a loopback address, asks for a loopback name, and has
passed no proxy. Otherwise the address does not exist (404). The session is marked, so no live alert can come of it.
"""

from __future__ import annotations

import ipaddress

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tirek.accounts.guards import public
from tirek.accounts.models import Person
from tirek.accounts.own import record_log_in
from tirek.accounts.roles import ROLES
from tirek.ui.registry import SampleBar

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}
PROXY_HEADERS = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


def from_this_machine(request: HttpRequest) -> bool:
    """Whether the request goes from this machine to itself, with no proxy in between that says so."""
    if any(header in request.headers for header in PROXY_HEADERS):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    host = request.get_host()
    name = host[: host.index("]") + 1] if host.startswith("[") else host.partition(":")[0]
    return address.is_loopback and name.lower() in LOOPBACK_NAMES


def bar(request: HttpRequest) -> SampleBar | None:
    """For ui.registry: who can be played, when they can."""
    if not from_this_machine(request):
        return None
    people = Person.objects.filter(is_sample=True, is_active=True).prefetch_related("assignments")
    choices = sorted((_rank(person), person.username, _label(person)) for person in people)
    if not choices:
        return None
    user = request.user
    current = user.username if user.is_authenticated else ""
    offered = [(username, label) for _order, username, label in choices]
    if current not in dict(offered):
        offered.insert(0, (current, user.full_name if user.is_authenticated else "—"))
    return SampleBar(reverse("accounts:become"), offered, current)


@require_POST
@public
def become(request: HttpRequest, username: str = "") -> HttpResponse:
    """Play a sample person: named in the address, or in the field "as"."""
    username = username or request.POST.get("as", "")
    person = Person.objects.filter(username=username, is_sample=True, is_active=True).first()
    if person is None or not from_this_machine(request):
        raise Http404
    login(request, person, backend=BACKEND)
    request.session["sample"] = True
    record_log_in(person, ["sample"])
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if safe else reverse("ui:home"))


def _rank(person: Person) -> int:
    """Those of the story first: the duty desk, then the others in the order of roles."""
    order = ["duty_officer", "chief", "facility_contact", *ROLES]
    held = [order.index(assignment.role) for assignment in person.assignments.all() if assignment.role in order]
    return min(held, default=len(order))


def _label(person: Person) -> str:
    roles = ", ".join(dict.fromkeys(str(ROLES[a.role].name) for a in person.assignments.all() if a.role in ROLES))
    return f"{roles}: {person.full_name}" if roles else person.full_name
