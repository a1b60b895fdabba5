"""What is done with people, roles and agencies. Each act checks permission and reach, changes, and leaves one entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.accounts.models import Agency, Assignment, Person
from tirek.accounts.passwords import give_one_time
from tirek.accounts.roles import ROLES
from tirek.audit.act import Refused, act, snapshot
from tirek.live.locks import hold_order
from tirek.places.models import Area

ADMINISTRATOR = "administrator"


def create_first_administrator() -> tuple[str, str] | None:
    """Make the first administrator of an installation. Returns log-in name and one-time password, or None if there
    is one.
    """
    with transaction.atomic():
        hold_order()
        if _administrators().exists():
            return None
        with act("accounts.add_person", system="installation") as trace:
            person = Person(username=_free_username("admin"), full_name=_("Administrator"))
            password = give_one_time(person)
            person.save()
            Assignment.objects.create(person=person, role=ADMINISTRATOR)
            trace.on(person, after=snapshot(person) | {"role": ADMINISTRATOR})
    return person.username, password


def add_person(user: Person, **fields: Any) -> tuple[Person, str | None]:
    """Make an account. `fields` are those of Person. Returns the person and their one-time password.

    Somebody who plays a sample person makes sample people only, and these have no password.
    """
    with act("accounts.add_person", user) as trace:
        agency: Agency | None = fields.get("agency")
        _require_place(user, "accounts.add_person", agency)
        person = Person(**fields, is_sample=user.is_sample)
        password = None
        if user.is_sample:
            person.set_unusable_password()
        else:
            password = give_one_time(person)
        person.save()
        trace.on(person, after=snapshot(person))
    return person, password


def change_person(user: Person, person_id: int, **fields: Any) -> Person:
    """Change what is written about a person: name, position, phone, e-mail, agency, language, log-in name."""
    with act("accounts.change_person", user) as trace:
        person = _person(user, person_id, "change", "accounts.change_person")
        before = snapshot(person)
        if "agency" in fields and fields["agency"] != person.agency:
            _require_place(user, "accounts.change_person", fields["agency"])
        for name, value in fields.items():
            setattr(person, name, value)
        person.save()
        trace.on(person, before=before, after=snapshot(person))
    return person


def close_person(user: Person, person_id: int, why: str) -> Person:
    """Close an account: no log-in, no rights, every session ends now. Roles stay written down for a return."""
    with act("accounts.close_person", user, why=why) as trace, _an_administrator_stays():
        person = _person(user, person_id, "close", "accounts.close_person")
        if person.pk == user.pk:
            raise Refused(_("You cannot close your own account. Ask another administrator."))
        before = snapshot(person)
        person.is_active = False
        person.save(update_fields=["is_active"])
        person.sessions.all().delete()
        trace.on(person, before=before, after=snapshot(person))
    return person


def reopen_person(user: Person, person_id: int) -> tuple[Person, str | None]:
    """Open a closed account again. Returns the person and a one-time password; the old password is gone."""
    with act("accounts.reopen_person", user) as trace:
        person = _person(user, person_id, "reopen", "accounts.reopen_person")
        if person.is_active:
            raise Refused(_("This account is open already."))
        before = snapshot(person)
        person.is_active = True
        password = None if person.is_sample else give_one_time(person)
        person.save()
        trace.on(person, before=before, after=snapshot(person))
    return person, password


def reset_password(user: Person, person_id: int) -> tuple[Person, str]:
    """Give a person a new one-time password, for one forgotten or known to others. Ends their sessions."""
    with act("accounts.reset_password", user) as trace:
        person = _person(user, person_id, "change", "accounts.reset_password")
        if person.is_sample:
            raise Refused(_("Sample people have no password."))
        before = snapshot(person)
        password = give_one_time(person)
        person.save(update_fields=["password", "one_time_until"])
        person.sessions.all().delete()
        trace.on(person, before=before, after=snapshot(person))
    return person, password


def reset_second_factor(user: Person, person_id: int, why: str) -> Person:
    """Remove all second factors of a person who has lost theirs. Ends their sessions. Nobody does this to
    themselves.
    """
    with act("accounts.reset_second_factor", user, why=why) as trace:
        person = _person(user, person_id, "change", "accounts.reset_second_factor")
        if person.pk == user.pk:
            raise Refused(_("Remove your own second factors on your own page."))
        factors = Authenticator.objects.filter(user=person)
        removed = sorted(factors.values_list("type", flat=True))
        if not removed:
            raise Refused(_("This person has no second factor."))
        factors.delete()
        person.sessions.all().delete()
        trace.on(person, before={"second_factors": removed}, after={"second_factors": []})
    return person


def recover_person(username: str, why: str) -> str:
    """Let somebody in again from the machine itself, when no administrator can: a new one-time password, no second factors, no
    lock-out. Returns the password. Whoever may type commands here owns the database anyway; this way the log says so.
    """
    with act("accounts.recover_person", system="installation", why=why) as trace:
        person = Person.objects.select_for_update().filter(username__iexact=username, is_sample=False).first()
        if person is None:
            raise Refused(_("There is no account with the log-in name “%(name)s”.") % {"name": username})
        if not person.is_active:
            raise Refused(_("This account is closed. An administrator opens it again."))
        factors = Authenticator.objects.filter(user=person)
        before = snapshot(person) | {"second_factors": sorted(factors.values_list("type", flat=True))}
        factors.delete()
        AccessAttempt.objects.filter(username__iexact=person.username).delete()
        password = give_one_time(person)
        person.save(update_fields=["password", "one_time_until"])
        person.sessions.all().delete()
        trace.on(person, before=before, after=snapshot(person) | {"second_factors": []})
    return password


def unlock_person(user: Person, person_id: int) -> Person:
    """Let a person try again who is locked out after wrong passwords."""
    with act("accounts.unlock_person", user) as trace:
        person = _person(user, person_id, "unlock", "accounts.unlock_person")
        attempts = AccessAttempt.objects.filter(username__iexact=person.username)
        wrong = sum(attempts.values_list("failures_since_start", flat=True))
        attempts.delete()
        trace.on(person, before={"wrong_passwords": wrong}, after={"wrong_passwords": 0})
    return person


def assign_role(
    user: Person,
    person_id: int,
    role: str,
    *,
    area: Area | None = None,
    agency: Agency | None = None,
    until: datetime | None = None,
) -> Assignment:
    """Give a person a role in an area and an agency (None: no such limit), until a day or for good.

    Nobody gives away more of the world than they hold themselves. The same role in the same place given again changes
    its end.
    """
    with act("accounts.assign_role", user) as trace, _an_administrator_stays():
        person = _person(user, person_id, "view", "accounts.assign_role")
        if role not in ROLES:
            raise Refused(_("There is no such role."))
        if until is not None and until <= timezone.now():
            raise Refused(_("This day has passed. Choose a later one, or none."))
        if not can_at(user, "accounts.assign_role", area.path if area else None, agency.pk if agency else None):
            raise PermissionDenied("accounts.assign_role")
        assignment, _made = Assignment.objects.update_or_create(
            person=person, role=role, area=area, agency=agency, defaults={"until": until}
        )
        trace.on(person, after=_said(assignment))
    return assignment


def withdraw_role(user: Person, assignment_id: int, why: str = "") -> Person:
    """Take a role away. The person keeps their others."""
    with act("accounts.withdraw_role", user, why=why) as trace, _an_administrator_stays():
        assignment = Assignment.objects.select_related("person", "area").get(pk=assignment_id)
        person = _person(user, assignment.person_id, "view", "accounts.withdraw_role")
        before = _said(assignment)
        assignment.delete()
        trace.on(person, before=before, after={})
    return person


def add_agency(user: Person, **fields: Any) -> Agency:
    """Write down an agency."""
    with act("accounts.add_agency", user) as trace:
        area: Area | None = fields.get("area")
        if not can_at(user, "accounts.add_agency", area.path if area else None):
            raise PermissionDenied("accounts.add_agency")
        agency = Agency.objects.create(**fields, is_sample=user.is_sample)
        trace.on(agency, after=snapshot(agency))
    return agency


def change_agency(user: Person, agency_id: int, **fields: Any) -> Agency:
    """Change what is written about an agency."""
    with act("accounts.change_agency", user) as trace:
        agency = Agency.objects.restrict(user, "change").select_for_update().get(pk=agency_id)
        before = snapshot(agency)
        area: Area | None = fields.get("area", agency.area)
        if area != agency.area and not can_at(user, "accounts.change_agency", area.path if area else None, agency.pk):
            raise PermissionDenied("accounts.change_agency")
        for name, value in fields.items():
            setattr(agency, name, value)
        agency.save()
        trace.on(agency, before=before, after=snapshot(agency))
    return agency


def require_reach(user: Person, verb: str, person: Person) -> None:
    """Raise unless `user` holds `verb` over every part of the world in which `person` holds a role.

    Otherwise an administrator of one district could reset the password of one of the whole province, and be them.
    """
    if user.is_sample and not person.is_sample:
        raise Refused(_("Sample people can only change sample people."))
    grants = user.grants(verb)
    for assignment in person.assignments.filter(Q(until=None) | Q(until__gt=timezone.now())).select_related("area"):
        path = assignment.area.path if assignment.area else None
        if not any(grant.covers(path, assignment.agency_id) for grant in grants):
            raise PermissionDenied(verb)


def _person(user: Person, person_id: int, action: str, verb: str) -> Person:
    """The person, locked, if `user` may do `action` and reaches them for `verb`. Raises Person.DoesNotExist
    otherwise.
    """
    person: Person = Person.objects.restrict(user, action).select_for_update().get(pk=person_id)
    require_reach(user, verb, person)
    return person


def _require_place(user: Person, verb: str, agency: Agency | None) -> None:
    """Raise unless `user` holds `verb` where the agency is; for a person of no agency, everywhere."""
    path, pk = (agency.area_path, agency.pk) if agency else (None, None)
    if not can_at(user, verb, path, pk):
        raise PermissionDenied(verb)


def _administrators() -> Any:
    """Assignments that make somebody an administrator of everything, for good."""
    return Assignment.objects.filter(
        role=ADMINISTRATOR, area=None, agency=None, until=None, person__is_active=True, person__is_sample=False
    )


@contextmanager
def _an_administrator_stays() -> Iterator[None]:
    """Refuse a change after which nobody administers everything. The order lock lets no two such changes meet."""
    hold_order()
    before = _administrators().exists()
    yield
    if before and not _administrators().exists():
        raise Refused(_("This is the last administrator of the whole province. Name another one first."))


def _free_username(wanted: str) -> str:
    number, name = 1, wanted
    while Person.objects.filter(username__iexact=name).exists():
        number += 1
        name = f"{wanted}{number}"
    return name


def _said(assignment: Assignment) -> dict[str, Any]:
    """An assignment in the words of the audit log."""
    return {
        "role": assignment.role,
        "area": str(assignment.area) if assignment.area else None,
        "agency": str(assignment.agency) if assignment.agency else None,
        "until": assignment.until.isoformat() if assignment.until else None,
    }
