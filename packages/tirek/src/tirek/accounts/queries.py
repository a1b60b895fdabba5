"""Reads about people. Each starts from what the asking person may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import can_at
from tirek.accounts.models import Agency, Assignment, Person, Session
from tirek.places.models import Area
from tirek.ui.registry import Hit


def running() -> Q:
    """The condition that an assignment runs now."""
    return Q(until=None) | Q(until__gt=timezone.now())


def people(user: Person) -> QuerySet[Person]:
    """People whom `user` may see, with agency and running roles fetched beforehand (`running_roles`)."""
    roles = Assignment.objects.filter(running()).select_related("area", "agency").order_by("role", "pk")
    return (
        Person.objects.restrict(user, "view")
        .select_related("agency")
        .prefetch_related(Prefetch("assignments", queryset=roles, to_attr="running_roles"))
    )


def agencies(user: Person) -> QuerySet[Agency]:
    """Agencies that `user` may see, with the number of open accounts (`people_count`)."""
    return (
        Agency.objects.restrict(user, "view")
        .select_related("area")
        .annotate(people_count=Count("people", filter=Q(people__is_active=True)))
    )


def reachable_areas(user: Person, permission: str) -> QuerySet[Area]:
    """Areas over which `user` holds `permission`, in the order of the tree."""
    condition = Q(pk__in=[])
    for grant in user.grants(permission):
        if grant.own_only:
            continue
        if grant.area_path is None:
            return Area.objects.order_by("path")
        condition |= Q(path__startswith=grant.area_path)
    return Area.objects.filter(condition).order_by("path")


def holds_everywhere(user: Person, permission: str) -> bool:
    return can_at(user, permission, None)


def sessions(person: Person) -> QuerySet[Session]:
    """The person's open sessions, the last used first."""
    return Session.objects.filter(person=person, expire_date__gt=timezone.now())


def second_factors(person: Person) -> list[dict[str, Any]]:
    """What second factors a person has, without their secrets."""
    names = {"totp": _("authenticator app"), "webauthn": _("passkey"), "recovery_codes": _("recovery codes")}
    rows = Authenticator.objects.filter(user=person).order_by("created_at")
    return [
        {"type": row.type, "name": names.get(row.type, row.type), "created": row.created_at, "used": row.last_used_at}
        for row in rows
    ]


def locked_until_unlocked(person: Person) -> int:
    """Wrong passwords in a row, when they are enough to lock the person out from some address; else 0."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    attempts = AccessAttempt.objects.filter(username__iexact=person.username, attempt_time__gt=since)
    worst = attempts.values("ip_address").annotate(wrong=Sum("failures_since_start")).order_by("-wrong").first()
    return int(worst["wrong"]) if worst and worst["wrong"] >= settings.AXES_FAILURE_LIMIT else 0


def search(user: Any, query: str) -> Iterable[Hit]:
    """Search provider: people by name, log-in name, position or phone."""
    if not user.grants("accounts.view_person"):
        return
    found = Person.objects.restrict(user, "view").select_related("agency").filter(matching(query))[:10]
    for person in found:
        below = ", ".join(part for part in (person.position, person.agency.name if person.agency else "") if part)
        yield Hit(
            title=person.full_name,
            subtitle=below,
            url=person.get_absolute_url(),
            icon="user",
            kind=_("Person"),
        )


def matching(query: str) -> Q:
    """People with every word of `query` somewhere in their name, log-in name, position or phone.

    SQLite compares letters beyond ASCII exactly, so words are also tried with a capital first letter, as names are written.
    """
    condition = Q()
    for word in query.split():
        either = Q()
        for form in {word, word.lower(), word.capitalize()}:
            for field in ("full_name", "username", "position", "phone"):
                either |= Q(**{f"{field}__icontains": form})
        condition &= either
    return condition
