"""Acts on the register: who may, what they refuse in words, what they leave in the log and in the revisions."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from tests.incidents.makers import fields, make_incident
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.incidents import actions
from tirek.incidents.models import Incident, Kind, Pair, Revision
from tirek.live.models import Event
from tirek.places.models import Area

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def analyst(person, small_province):
    return person("analyst")


def last():
    return Entry.objects.first()


def test_writing_down(analyst, small_province):
    made = actions.add_incident(analyst, fields(small_province.settlements[0]), alarm_id=17)
    assert (made.code, made.month, made.alarm_id) == ("I-000001", 2026 * 12 + 2, 17)
    assert made.cell
    assert (last().verb, last().object_id) == ("incidents.add_incident", str(made.pk))
    assert last().area_path == small_province.settlements[0].path
    revision = Revision.objects.get(incident=made)
    assert (revision.act, revision.by, revision.known_at, revision.cell) == ("added", analyst, made.known_at, made.cell)
    event = Event.objects.get(kind="incident.changed")
    assert event.data == {"id": made.pk}
    assert actions.add_incident(analyst, fields(small_province.settlements[0])).code == "I-000002"


@pytest.mark.parametrize("role", ["duty_officer", "analyst"])
def test_who_writes_down(person, small_province, role):
    assert actions.add_incident(person(role), fields(small_province.settlements[0])).pk


@pytest.mark.parametrize("role", ["chief", "secretary", "overseer", "inspector", "facility_contact", "coordinator"])
def test_who_does_not(person, small_province, role):
    with pytest.raises(PermissionDenied):
        actions.add_incident(person(role), fields(small_province.settlements[0]))
    assert not Incident.objects.exists()


@pytest.mark.parametrize(("role", "sees"), [("chief", 1), ("secretary", 1), ("overseer", 1), ("facility_contact", 0)])
def test_who_sees(person, small_province, role, sees):
    make_incident(small_province.settlements[0], facility=small_province.facilities[0])
    somebody = person(role)
    small_province.facilities[0].contacts.create(full_name="A", phone="1", person=somebody)
    assert Incident.objects.restrict(somebody, "view").count() == sees


def test_outside_the_own_part_leaves_nothing(person, small_province):
    officer = person("duty_officer", small_province.districts[1])
    with pytest.raises(PermissionDenied):
        actions.add_incident(officer, fields(small_province.settlements[0]))
    assert not Incident.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"day": timezone.localdate() + timedelta(days=1)}, "future"),
        ({"at": timezone.now() + timedelta(hours=1), "day": timezone.localdate()}, "future"),
        ({"last_day": date(2026, 3, 1)}, "before the first"),
        ({"day": date(1026, 3, 1)}, "1900"),
        ({"lat": None, "lon": None}, "very place"),
        ({"lon": None, "where_precision": "settlement"}, "both"),
        ({"severity": 6}, "1 to 5"),
        ({"description": "Позвонил 8 701 555 12 34"}, "phone"),
        ({"description": "ИИН 990101300123"}, "12 digits"),
        ({"place": "call +7 (7132) 55-00-01"}, "phone"),
        ({"description": "write to somebody@example.org"}, "e-mail"),
        ({"description": "a" * 601}, "600"),
    ],
)
def test_what_cannot_be_is_refused_in_words(analyst, small_province, more, word):
    with pytest.raises(Refused, match=word):
        actions.add_incident(analyst, fields(small_province.settlements[0], **more))
    assert not Incident.objects.exists()


def test_numbers_of_cases_and_addresses_of_pages_are_no_data_of_people(analyst, small_province):
    for number, ref in enumerate(("КУИ-18231", "ЕРДР № 231510031000123", "https://example.kz/news/202603101234"), 1):
        made = actions.add_incident(analyst, fields(small_province.settlements[0], source_ref=ref))
        assert made.code == f"I-{number:06d}"


def test_a_settlement_stands_for_its_centre_and_a_district_for_no_point(analyst, small_province):
    town, district = small_province.settlements[0], small_province.districts[0]
    one = actions.add_incident(analyst, fields(town, where_precision="settlement", lat=None, lon=None))
    assert (one.lat, one.lon) == (town.lat, town.lon)
    other = actions.add_incident(analyst, fields(district, where_precision="district"))
    assert (other.lat, other.lon, other.cell) == (None, None, "")


def test_correcting_keeps_what_was_held(analyst, small_province):
    made = make_incident(small_province.settlements[0])
    actions.correct_incident(analyst, made.pk, {"severity": 5, "dead": 1}, "report of the hospital")
    assert Incident.objects.get(pk=made.pk).severity == 5
    first, second = Revision.objects.filter(incident=made).order_by("number")
    assert (first.severity, second.severity, second.why) == (3, 5, "report of the hospital")
    assert first.known_until == second.known_at
    assert (last().verb, last().before, last().why) == (
        "incidents.correct_incident",
        {"severity": 3, "dead": None},
        "report of the hospital",
    )


def test_correcting_needs_a_difference_and_a_reason(analyst, small_province):
    made = make_incident(small_province.settlements[0])
    with pytest.raises(Refused, match="Nothing is different"):
        actions.correct_incident(analyst, made.pk, {"severity": 3}, "x")
    with pytest.raises(Refused, match="rests on"):
        actions.correct_incident(analyst, made.pk, {"severity": 4}, " ")
    assert made.revisions.count() == 1


def test_it_cannot_be_moved_out_of_reach(person, small_province):
    analyst = person("analyst", small_province.districts[0])
    made = make_incident(small_province.settlements[0])
    with pytest.raises(PermissionDenied):
        actions.correct_incident(analyst, made.pk, {"area": small_province.settlements[2]}, "x")
    elsewhere = make_incident(small_province.settlements[2])
    with pytest.raises(Incident.DoesNotExist):
        actions.correct_incident(analyst, elsewhere.pk, {"severity": 4}, "x")


def test_verify_refute_and_back(analyst, small_province):
    made = make_incident(small_province.settlements[0])
    verified = actions.verify_incident(analyst, made.pk, "seen by a patrol")
    assert (verified.verification, verified.verified_by, verified.verified_why) == (
        "verified",
        analyst,
        "seen by a patrol",
    )
    with pytest.raises(Refused, match="already"):
        actions.verify_incident(analyst, made.pk, "again")
    refuted = actions.refute_incident(analyst, made.pk, "a film was shot there")
    assert not refuted.is_counted
    back = actions.reopen_incident(analyst, made.pk, "look again")
    assert (back.verification, back.verified_by, back.verified_why) == ("unverified", None, "")
    with pytest.raises(Refused, match="nothing to take back"):
        actions.reopen_incident(analyst, made.pk, "x")
    acts = made.revisions.order_by("number").values_list("act", flat=True)
    assert list(acts) == ["added", "verified", "refuted", "reopened"]


def test_merging_and_undoing_it(analyst, small_province):
    town = small_province.settlements[0]
    one, other = make_incident(town), make_incident(town)
    merged = actions.merge_incident(analyst, other.pk, one.pk, "two calls")
    assert merged.duplicate_of == one
    pair = Pair.objects.get()
    assert (pair.first, pair.second, pair.state, pair.decided_by) == (one, other, "merged", analyst)
    third = make_incident(town)
    for pk, into, word in (
        (one.pk, one.pk, "two different"),
        (other.pk, third.pk, "already"),
        (third.pk, other.pk, "itself merged"),
        (one.pk, third.pk, "other way round"),
    ):
        with pytest.raises(Refused, match=word):
            actions.merge_incident(analyst, pk, into, "x")
    with pytest.raises(Refused, match="merged into another"):
        actions.correct_incident(analyst, other.pk, {"severity": 4}, "x")
    actions.part_incident(analyst, other.pk, "two after all")
    assert Incident.objects.get(pk=other.pk).duplicate_of is None
    pair.refresh_from_db()
    assert pair.state == "open"
    with pytest.raises(Refused, match="not merged"):
        actions.part_incident(analyst, other.pk, "x")
    acts = other.revisions.order_by("number").values_list("act", "duplicate_of")
    assert list(acts) == [("added", None), ("merged", one.pk), ("parted", None)]


def test_merging_across_ones_reach_is_not_possible(person, small_province):
    analyst = person("analyst", small_province.districts[0])
    one, other = make_incident(small_province.settlements[0]), make_incident(small_province.settlements[2])
    with pytest.raises(Incident.DoesNotExist):
        actions.merge_incident(analyst, one.pk, other.pk, "x")


def test_silence_is_declared_and_taken_back(person, small_province):
    analyst = person("analyst", small_province.districts[0])
    now = timezone.localdate()
    month = now.year * 12 + now.month - 1
    made = actions.declare_silence(analyst, small_province.districts[0], month - 3, month - 1, "journal lost")
    assert last().why == "journal lost"
    with pytest.raises(PermissionDenied):
        actions.declare_silence(analyst, small_province.districts[1], month - 3, None, "x")
    for first, until, word in ((month + 1, None, "future"), (month - 1, month - 2, "before")):
        with pytest.raises(Refused, match=word):
            actions.declare_silence(analyst, small_province.districts[0], first, until, "x")
    assert actions.withdraw_silence(analyst, made.pk, "it came by post").withdrawn_by == analyst
    with pytest.raises(Refused, match="already"):
        actions.withdraw_silence(analyst, made.pk, "x")


@pytest.mark.parametrize(
    "name", ["Arrest", "Арест", "Задержание", "Наркотики", "Есірткі", "Тінту", "Stop and search", "Досмотр"]
)
def test_no_kind_for_what_says_where_officers_looked(analyst, name):
    with pytest.raises(Refused, match="where officers looked"):
        actions.change_kind(analyst, Kind(code="new", group="violence"), {"name_ru": name})
    assert not Kind.objects.filter(code="new").exists()


def test_a_kind_of_ones_own(analyst):
    made = actions.change_kind(analyst, Kind(code="poison", group="violence"), {"name_ru": "Отравление", "severity": 5})
    assert Kind.objects.get(code="poison").severity == 5
    with pytest.raises(Refused, match="taken"):
        actions.change_kind(analyst, Kind(code="poison", group="violence"), {"name_ru": "Другое"})
    actions.change_kind(analyst, made, {"is_active": False})
    assert last().before == {"is_active": True}


def test_kinds_are_not_the_matter_of_one_district(person, client_for, small_province):
    south = person("analyst", small_province.districts[1])
    with pytest.raises(PermissionDenied):
        actions.change_kind(south, Kind.objects.first(), {"is_active": False})
    page = client_for(south).get(reverse("incidents:kinds"))
    assert (page.status_code, page.context["may_change"]) == (200, False)
    assert client_for(south).get(reverse("incidents:kind_new")).status_code == 403


def test_kinds_that_come_with_tirek_are_violence_and_threats_only():
    assert set(Kind.objects.values_list("group", flat=True)) == {"violence", "threat"}
    assert all(kind.name_kk and kind.name_ru and kind.name_en for kind in Kind.objects.all())


def test_an_area_with_incidents_is_not_removed(small_province):
    make_incident(small_province.settlements[0])
    with pytest.raises(Exception, match="protected"):
        Area.objects.get(pk=small_province.settlements[0].pk).delete()
