"""Signing, renewing, withdrawing, objecting: who may, what is refused, and what stands in the log."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from tests.flashpoints import makers
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.flashpoints import actions
from tirek.flashpoints.models import Flashpoint, Objection, Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def north(small_province):
    return small_province.districts[0]


@pytest.fixture
def run(small_province):
    north, south = small_province.districts
    return makers.made_run(small_province.region, {north: 2.0, south: None})


@pytest.fixture
def chief(person):
    return person("chief")


@pytest.fixture
def signed(chief, run, north):
    return actions.sign(chief, north.pk, run.pk, "Disputes at the market")


def moved(flag: Flashpoint, days: int) -> None:
    """As if it had been signed so many days earlier."""
    Flashpoint.objects.filter(pk=flag.pk).update(
        starts_on=flag.starts_on - timedelta(days=days), expires_on=flag.expires_on - timedelta(days=days)
    )
    flag.refresh_from_db()


def test_a_person_signs_with_reasons_and_it_ends_by_itself(signed, chief, north):
    today = timezone.localdate()
    assert (signed.starts_on, signed.expires_on) == (today, today + timedelta(days=29))
    assert signed.signed_as == "chief"
    assert signed.is_standing
    assert Flashpoint.objects.standing().get() == signed
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.actor_id) == ("flashpoints.sign_flashpoint", chief.pk)
    assert entry.after["reasons"] == "Disputes at the market"
    assert entry.area_path == north.path

    moved(signed, 30)
    assert signed.state == Flashpoint.State.EXPIRED
    assert not Flashpoint.objects.standing().exists()


@pytest.mark.parametrize("days", [0, 91])
def test_not_for_longer_than_the_rules_allow(chief, run, north, days):
    with pytest.raises(Refused, match="1 to 90 days"):
        actions.sign(chief, north.pk, run.pk, "why", days=days)


def test_not_without_reasons(chief, run, north):
    with pytest.raises(Refused, match="Say why"):
        actions.sign(chief, north.pk, run.pk, "   ")


def test_not_where_nothing_can_be_said(chief, run, small_province):
    south = small_province.districts[1]
    with pytest.raises(Refused, match="can say nothing of this district"):
        actions.sign(chief, south.pk, run.pk, "why")
    makers.cluster(run, south)  # a cluster is something to say
    assert actions.sign(chief, south.pk, run.pk, "why").is_standing


def test_only_from_the_newest_computation(chief, run, north, small_province):
    makers.made_run(small_province.region, {north: 1.0}, origin=run.origin)
    with pytest.raises(Refused, match="newer computation"):
        actions.sign(chief, north.pk, run.pk, "why")


def test_only_districts_that_it_looks_at(chief, run, small_province):
    with pytest.raises(Refused, match="does not look at this area"):
        actions.sign(chief, small_province.settlements[0].pk, run.pk, "why")


def test_not_twice(signed, chief, run, north):
    with pytest.raises(Refused, match="Let it stand longer"):
        actions.sign(chief, north.pk, run.pk, "again")


@pytest.mark.parametrize("role", ["analyst", "overseer", "administrator", "inspector", "duty_officer"])
def test_only_chiefs_and_secretaries_sign(person, run, north, role):
    with pytest.raises(PermissionDenied):
        actions.sign(person(role), north.pk, run.pk, "why")


def test_not_in_another_area(person, run, north, small_province):
    southerner = person("secretary", small_province.districts[1])
    with pytest.raises(PermissionDenied):
        actions.sign(southerner, north.pk, run.pk, "why")


def test_renewed_with_a_reason(signed, chief):
    moved(signed, 20)
    renewed = actions.renew(chief, signed.pk, "The bus runs only since this week", days=30)
    assert renewed.expires_on == timezone.localdate() + timedelta(days=29)
    kept = renewed.renewals.get()
    assert (kept.reason, kept.before) == ("The bus runs only since this week", signed.expires_on)
    assert Entry.objects.latest("pk").why == "The bus runs only since this week"
    with pytest.raises(Refused, match="Say why"):
        actions.renew(chief, signed.pk, " ", days=60)
    with pytest.raises(Refused, match="anyway"):
        actions.renew(chief, signed.pk, "why", days=5)


def test_what_is_over_is_not_renewed(signed, chief):
    moved(signed, 31)
    with pytest.raises(Refused, match="does not stand any more"):
        actions.renew(chief, signed.pk, "why")


def test_withdrawn_with_a_reason(signed, person):
    secretary = person("secretary")
    with pytest.raises(Refused, match="Say why"):
        actions.withdraw(secretary, signed.pk, "")
    withdrawn = actions.withdraw(secretary, signed.pk, "It was one family")
    assert withdrawn.state == Flashpoint.State.WITHDRAWN
    assert not Flashpoint.objects.standing().exists()


# --- The cap ------------------------------------------------------------------------------------------------------


def test_the_cap_on_flags_without_a_pause(signed, chief, run, north):
    moved(signed, 29)  # 30 days stand behind it
    actions.renew(chief, signed.pk, "why", days=60)  # 89 days in all
    with pytest.raises(Refused, match="90 days at most"):
        actions.renew(chief, signed.pk, "why", days=62)
    signed.refresh_from_db()
    moved(signed, 70)  # it ended eleven days ago
    with pytest.raises(Refused, match="1 days are left"):
        actions.sign(chief, north.pk, run.pk, "why", days=30)


def test_taking_it_back_for_a_while_does_not_start_the_count_anew(chief, run, north):
    today = timezone.localdate()
    makers.flashpoint(run, north, chief, today - timedelta(days=100), 80)  # ended 21 days ago
    with pytest.raises(Refused, match="10 days are left"):
        actions.sign(chief, north.pk, run.pk, "why", days=30)
    assert actions.sign(chief, north.pk, run.pk, "why", days=10).is_standing


def test_after_a_rest_it_can_be_signed_anew(chief, run, north):
    makers.flashpoint(run, north, chief, timezone.localdate() - timedelta(days=121), 90)
    assert actions.sign(chief, north.pk, run.pk, "why", days=90).is_standing


def test_the_cap_is_a_setting(chief, run, north, settings):
    settings.FLASHPOINT_MOST_MONTHS = 1
    with pytest.raises(Refused, match="30 days at most"):
        actions.sign(chief, north.pk, run.pk, "why", days=31)


# --- Objections ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["analyst", "overseer", "administrator", "secretary", "chief"])
def test_whoever_sees_it_may_object(signed, person, role):
    made = actions.object_to(person(role), signed.pk, "Only officers find more")
    assert made.answered_at is None
    assert Entry.objects.latest("pk").verb == "flashpoints.object_flashpoint"


def test_another_person_answers(signed, chief, person):
    secretary = person("secretary")
    objection = actions.object_to(secretary, signed.pk, "Only one market")
    for nobody in (secretary, chief):
        with pytest.raises(Refused, match="Another person answers"):
            actions.answer_objection(nobody, objection.pk, "no", upheld=False)
    answered = actions.answer_objection(person("chief"), objection.pk, "The villages are named", upheld=False)
    assert answered.upheld is False
    signed.refresh_from_db()
    assert signed.is_standing
    with pytest.raises(Refused, match="is answered"):
        actions.answer_objection(person("chief"), objection.pk, "again", upheld=True)


def test_whoever_let_it_stand_longer_does_not_answer(signed, person, client_for):
    renewer, other = person("chief"), person("chief")
    actions.renew(renewer, signed.pk, "The same every week", days=45)
    objection = actions.object_to(person("overseer"), signed.pk, "Only one market")
    with pytest.raises(Refused, match="Another person answers"):
        actions.answer_objection(renewer, objection.pk, "no", upheld=False)
    answering = reverse("flashpoints:answer", args=[objection.pk])
    assert answering not in client_for(renewer).get(signed.get_absolute_url()).content.decode()
    assert answering in client_for(other).get(signed.get_absolute_url()).content.decode()
    assert actions.answer_objection(other, objection.pk, "The villages are named", upheld=False).answered_by == other


def test_an_objection_that_is_right_ends_it_the_same_day(signed, person):
    objection = actions.object_to(person("overseer"), signed.pk, "Only officers find more")
    actions.answer_objection(person("secretary"), objection.pk, "True", upheld=True)
    signed.refresh_from_db()
    assert signed.state == Flashpoint.State.WITHDRAWN
    assert "True" in signed.withdrawn_why
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.after["upheld"]) == ("flashpoints.answer_objection", True)
    assert entry.after["withdrawn_on"]


def test_one_objection_at_a_time_and_none_to_what_is_over(signed, person):
    overseer = person("overseer")
    actions.object_to(overseer, signed.pk, "why")
    with pytest.raises(Refused, match="not answered yet"):
        actions.object_to(overseer, signed.pk, "why")
    moved(signed, 40)
    with pytest.raises(Refused, match="nothing to object to"):
        actions.object_to(person("analyst"), signed.pk, "why")


def test_the_table_itself_wants_another_person(signed, chief):
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.create(
            flashpoint=signed,
            text="a",
            made_by=chief,
            answered_by=chief,
            answered_at=timezone.now(),
            answer="b",
            upheld=True,
        )


def test_somebody_of_another_area_learns_nothing(signed, person, small_province):
    southerner = person("overseer", small_province.districts[1])
    with pytest.raises(Flashpoint.DoesNotExist):
        actions.object_to(southerner, signed.pk, "why")
    with pytest.raises(Run.DoesNotExist):
        actions.sign(person("chief"), small_province.districts[0].pk, 0, "why")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_sentence_that_ends_with_a_day_ends_with_one_stop(signed, chief, language):
    """A Russian day ends with an abbreviation; a Kazakh one cannot stand before "дейін" as it is."""
    with translation.override(language), pytest.raises(Refused) as refused:
        actions.renew(chief, signed.pk, "Once more", days=1)
    assert ".." not in str(refused.value)
    assert language != "kk" or "күніне дейін" in str(refused.value)
