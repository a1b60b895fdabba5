"""What belongs to a facility and changes with it: those to ring, buildings, entrances. Each change is one of the facility."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.audit.act import Refused, act
from tirek.facilities.actions.facility import CHANGE, changeable
from tirek.facilities.models import Building, Contact, Entrance, Facility
from tirek.facilities.queries import contact_accounts

Part = TypeVar("Part", bound=models.Model)


def add_contact(user: Any, facility_pk: int, fields: dict[str, Any]) -> Contact:
    """Add somebody to ring. Raises Facility.DoesNotExist; Refused for an account without the role of a contact."""
    _may_be_contact(fields.get("person"))
    return _add(Contact, user, facility_pk, fields)


def change_contact(user: Any, contact_pk: int, fields: dict[str, Any]) -> Contact:
    """Change somebody to ring. Raises Contact.DoesNotExist, Facility.DoesNotExist; Refused as `add_contact`."""
    _may_be_contact(fields.get("person"))
    return _change(Contact, user, contact_pk, fields)


def remove_contact(user: Any, contact_pk: int) -> Facility:
    """Take somebody off the list of those to ring. Returns the facility. Raises Contact.DoesNotExist or Facility.DoesNotExist."""
    return _remove(Contact, user, contact_pk)


def add_building(user: Any, facility_pk: int, fields: dict[str, Any]) -> Building:
    """Add a building. Raises Facility.DoesNotExist."""
    return _add(Building, user, facility_pk, fields)


def change_building(user: Any, building_pk: int, fields: dict[str, Any]) -> Building:
    """Change a building. Raises Building.DoesNotExist or Facility.DoesNotExist."""
    return _change(Building, user, building_pk, fields)


def remove_building(user: Any, building_pk: int) -> Facility:
    """Take a building away; its entrances and documents stay with the facility. Returns the facility."""
    return _remove(Building, user, building_pk)


def add_entrance(user: Any, facility_pk: int, fields: dict[str, Any]) -> Entrance:
    """Add a way in. Raises Facility.DoesNotExist."""
    return _add(Entrance, user, facility_pk, fields)


def change_entrance(user: Any, entrance_pk: int, fields: dict[str, Any]) -> Entrance:
    """Change a way in. Raises Entrance.DoesNotExist or Facility.DoesNotExist."""
    return _change(Entrance, user, entrance_pk, fields)


def remove_entrance(user: Any, entrance_pk: int) -> Facility:
    """Take a way in away. Returns the facility."""
    return _remove(Entrance, user, entrance_pk)


def told(facility: Facility, model: type[models.Model]) -> dict[str, Any]:
    """The parts of one kind as the log keeps them: before and after a change, one line each."""
    if model is Contact:
        return told_contacts(facility.contacts.select_related("person"))
    if model is Building:
        return {
            "buildings": [
                _line(b.name, b.use, b.floors, b.area_m2, b.built, b.people) for b in facility.buildings.all()
            ]
        }
    ways = facility.entrance_rows.select_related("building")
    return {"entrance_rows": [_line(e.name, str(e.get_kind_display()), e.building, e.control) for e in ways]}


def told_contacts(contacts: Iterable[Contact]) -> dict[str, Any]:
    """Those to ring as the log keeps them, with the accounts that see the facility because of it."""
    return {
        "contacts": [
            f"{c.order}. {c.full_name}, {c.phone}" + (f" ({c.person.username})" if c.person else "") for c in contacts
        ]
    }


def _may_be_contact(person: Person | None) -> None:
    """Who is a facility's contact with an account sees all of it: an administrator has given them that role before."""
    if person is not None and not contact_accounts().filter(pk=person.pk).exists():
        raise Refused(_("This account does not have the role of a facility contact. An administrator gives it."))


def _add(model: type[Part], user: Any, facility_pk: int, fields: dict[str, Any]) -> Part:
    with act(CHANGE, user) as trace:
        facility = changeable(user, facility_pk)
        before = told(facility, model)
        part = model._default_manager.create(facility=facility, **fields)
        trace.on(facility, before=before, after=told(facility, model))
    return part


def _change(model: type[Part], user: Any, pk: int, fields: dict[str, Any]) -> Part:
    with act(CHANGE, user) as trace:
        part: Any = model._default_manager.get(pk=pk)
        facility = changeable(user, part.facility_id)
        before = told(facility, model)
        for name, value in fields.items():
            setattr(part, name, value)
        part.save()
        trace.on(facility, before=before, after=told(facility, model))
    return part


def _remove(model: type[Part], user: Any, pk: int) -> Facility:
    with act(CHANGE, user) as trace:
        part: Any = model._default_manager.get(pk=pk)
        facility = changeable(user, part.facility_id)
        before = told(facility, model)
        part.delete()
        trace.on(facility, before=before, after=told(facility, model))
    return facility


def _line(*parts: Any) -> str:
    return ", ".join(str(part) for part in parts if part not in (None, ""))
