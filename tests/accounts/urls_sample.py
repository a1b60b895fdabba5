"""How the battery asks for the pages about people and one's own account."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator

from tests.battery.samples import Sample
from tests.fixtures import Province, make_person
from tirek.accounts.models import Agency, Person, SavedView


def _agency(province: Province) -> Agency:
    return Agency.objects.get_or_create(
        code="north", defaults={"name_ru": "Север", "name_en": "North office", "area": province.settlements[0]}
    )[0]


def somebody(province: Province) -> Person:
    home = _agency(province)
    return Person.objects.filter(username="of-the-north").first() or make_person(
        "analyst", province.settlements[0], home=home, username="of-the-north"
    )


def person(province: Province) -> dict[str, Any]:
    return {"pk": somebody(province).pk}


def closed_person(province: Province) -> dict[str, Any]:
    Person.objects.filter(pk=somebody(province).pk).update(is_active=False)
    return person(province)


def assignment(province: Province) -> dict[str, Any]:
    one = somebody(province)
    return {"pk": one.pk, "assignment": one.assignments.get().pk}


def agency(province: Province) -> dict[str, Any]:
    return {"pk": _agency(province).pk}


def more_people(province: Province, count: int) -> None:
    for _ in range(count):
        make_person("inspector", province.settlements[0], home=_agency(province))


def more_agencies(province: Province, count: int) -> None:
    start = Agency.objects.count()
    for number in range(start, start + count):
        Agency.objects.create(code=f"agency-{number}", name_ru=f"Ведомство {number}", area=province.settlements[0])


def more_people_of_one(province: Province, count: int) -> None:
    more_people(province, count)


def somebody_elses_passkey(province: Province) -> dict[str, Any]:
    owner = somebody(province)
    return {"pk": Authenticator.objects.get_or_create(user=owner, type="webauthn", defaults={"data": {}})[0].pk}


def somebody_elses_view(province: Province) -> dict[str, Any]:
    owner = somebody(province)
    return {"pk": SavedView.objects.get_or_create(person=owner, register="facilities:register", name="Mine")[0].pk}


SAMPLES = {
    "accounts:save_view": Sample(answers={400}),
    "accounts:remove_view": Sample(make=somebody_elses_view, answers={404}, scoped=False),
    "accounts:people": Sample(rows=more_people),
    "accounts:person": person,
    "accounts:change_person": person,
    "accounts:close_person": person,
    "accounts:reopen_person": closed_person,
    "accounts:unlock_person": person,
    "accounts:reset_password": person,
    "accounts:reset_second_factor": person,
    "accounts:assign_role": person,
    "accounts:withdraw_role": assignment,
    "accounts:agencies": Sample(rows=more_agencies),
    "accounts:agency": Sample(make=agency, rows=more_people_of_one),
    "accounts:change_agency": agency,
    "accounts:become_person": lambda province: {"username": "nobody"},
    # Pages about one's own second factors. Nobody in the battery has one, so each first asks for proof (302), or there is
    # nothing to show (404).
    "account_reauthenticate": Sample(answers={403}),
    "mfa_reauthenticate": Sample(answers={403}),
    "mfa_reauthenticate_webauthn": Sample(answers={403}),
    "mfa_deactivate_totp": Sample(answers={404}),
    "mfa_view_recovery_codes": Sample(answers={404}),
    "mfa_download_recovery_codes": Sample(answers={404}),
    "mfa_edit_webauthn": Sample(make=somebody_elses_passkey, scoped=False),
    "mfa_remove_webauthn": Sample(make=somebody_elses_passkey, scoped=False),
}
