"""Whom the places for contacts in a row of the register's table stand for.

An account shows all of a facility to the person who has it. So it goes with the name and never with the place in the row: a contact
that moved up keeps its account, and a new name takes over nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tirek.facilities.models import Contact

CONTACTS = 3
PARTS = ("name", "position", "phone", "hours")
FIELD_OF = {"name": "full_name", "position": "position", "phone": "phone", "hours": "hours"}
ACCOUNT = "account"  # beside the parts: what follows from them, never read from a file

Places = dict[int, Contact | None]


def column(place: int, part: str) -> str:
    return f"contact{place}_{part}"


def account_of(contact: Contact | None) -> str:
    return contact.person.username if contact is not None and contact.person is not None else ""


def placed(there: Sequence[Contact], values: Mapping[str, Any]) -> Places:
    """The contact that is behind each place the row speaks of; None: nobody who is there.

    Whoever has the name, first at this place, then at another place that the row gives a name; else who stood here and has no
    other place now.
    """
    named = {n: values[column(n, "name")] for n in _places() if column(n, "name") in values}
    here = {n: there[n - 1] if n <= len(there) else None for n in _places()}
    found: Places = {n: here[n] for n in named if same_name(here[n], named[n])}
    for n, name in named.items():
        if n not in found:
            others = (here[m] for m in named if not _in(here[m], found))
            if match := next((contact for contact in others if same_name(contact, name)), None):
                found[n] = match
    for n in _places():
        if n not in found and any(column(n, part) in values for part in PARTS):
            found[n] = None if _in(here[n], found) else here[n]
    return dict(sorted(found.items()))


def follow(there: Sequence[Contact], values: dict[str, Any]) -> None:
    """Fill in what the row does not say of its contacts: the rest of whoever moved goes with the name, and so does the account."""
    for n, contact in placed(there, values).items():
        for part in PARTS:
            values.setdefault(column(n, part), getattr(contact, FIELD_OF[part]) if contact else "")
        keeps = same_name(contact, values[column(n, "name")])
        values[column(n, ACCOUNT)] = account_of(contact) if keeps else ""


def same_name(contact: Contact | None, name: str) -> bool:
    return contact is not None and bool(name) and _plain(contact.full_name) == _plain(name)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a facility's contacts: those to add, to bring up to date, and to take away (ids)."""

    new: Sequence[Contact] = ()
    old: Sequence[Contact] = ()
    gone: Sequence[int] = ()


def change_of(facility_pk: int, there: Sequence[Contact], values: Mapping[str, Any]) -> Change:
    """Bring the contacts of a facility to what a row says. Those it does not speak of, and those further down, stay."""
    places = placed(there, values)
    if not places:
        return Change()
    line: list[Contact] = []
    for n in range(1, max(len(there), CONTACTS) + 1):
        if n in places:
            contact = _written(places[n] or Contact(facility_id=facility_pk), n, values)
            line += [contact] if contact.full_name or contact.phone else []
        elif n <= len(there):
            line.append(there[n - 1])
    stay = {contact.pk for contact in line}
    if line != [contact for contact in there if contact.pk in stay]:
        for order, contact in enumerate(line, start=1):
            contact.order = order
    return Change(
        new=[contact for contact in line if contact.pk is None],
        old=[contact for contact in line if contact.pk is not None],
        gone=[contact.pk for contact in there if contact.pk not in stay],
    )


def _written(contact: Contact, place: int, values: Mapping[str, Any]) -> Contact:
    name = values.get(column(place, "name"))
    if name is not None and not same_name(contact, name):
        contact.person = None
    for part in PARTS:
        if column(place, part) in values:
            setattr(contact, FIELD_OF[part], values[column(place, part)])
    return contact


def _places() -> Iterable[int]:
    return range(1, CONTACTS + 1)


def _in(contact: Contact | None, found: Places) -> bool:
    return contact is not None and any(contact.pk == other.pk for other in found.values() if other)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
