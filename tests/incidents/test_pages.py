"""Pages: what the list filters and shows, what the form takes and says, what leads from an alarm, a facility and an area."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.incidents.makers import make_incident, moment
from tests.incidents.urls_sample import make_pair
from tirek.alarms.models import Alarm
from tirek.incidents import actions
from tirek.incidents.duplicates import compare
from tirek.incidents.models import Incident, Kind, Pair, Silence
from tirek.places.models import Area
from tirek.ui import registry as frame

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def client(client_for, analyst):
    return client_for(analyst)


def shown(client, **query):
    page = client.get(reverse("incidents:incidents"), query)
    return {row.record.code for row in page.context["table"].page.object_list}


def sent(**more):
    given = {
        "kind": "", "severity": "", "when_precision": "day", "day": "2026-03-10", "hour": "", "where_precision": "point",
        "area": "", "facility": "", "lat": "50.5", "lon": "56.8", "uncertainty_m": "", "place": "", "discovery_mode": "reported",
        "source_kind": "call", "source_ref": "", "dead": "", "injured": "", "description": "", "alarm": "",
    }  # fmt: skip
    return {**given, **{key: str(value) for key, value in more.items()}}


@pytest.fixture
def brawl():
    return Kind.objects.get(code="brawl").pk


# The list


def test_filters_stand_in_the_address(client, small_province):
    north, south = small_province.settlements[0], small_province.settlements[2]
    today = timezone.localdate()
    make_incident(north, code="NEW", day=today - timedelta(days=3), place="Market")
    make_incident(north, code="OLD", day=today - timedelta(days=400), discovery_mode="found", severity=5)
    make_incident(south, code="SOUTH", day=today - timedelta(days=50), kind="threat", verification="refuted")
    gone = make_incident(south, code="GONE", day=today - timedelta(days=50))
    Incident.objects.filter(pk=gone.pk).update(duplicate_of=Incident.objects.get(code="SOUTH"))
    assert shown(client) == {"NEW", "OLD", "SOUTH"}
    assert shown(client, period="30") == {"NEW"}
    assert shown(client, period="365") == {"NEW", "SOUTH"}
    assert shown(client, area=small_province.districts[1].pk) == {"SOUTH"}
    assert shown(client, mode="found") == {"OLD"}
    assert shown(client, severity="5") == {"OLD"}
    assert shown(client, verification="refuted") == {"SOUTH"}
    assert shown(client, group="threat") == {"SOUTH"}
    assert shown(client, q="market") == {"NEW"}
    assert shown(client, q="south") == {"SOUTH"}  # the number has it too
    assert shown(client, duplicates="all") == {"NEW", "OLD", "SOUTH", "GONE"}
    assert shown(client, duplicates="only") == {"GONE"}
    assert shown(client, since=today - timedelta(days=60), until=today - timedelta(days=10)) == {"SOUTH"}
    assert shown(client, box="56.7,50.4,56.9,50.6") == {"NEW", "OLD"}


def test_only_what_one_may_see(client_for, person, small_province):
    make_incident(small_province.settlements[0], code="N")
    make_incident(small_province.settlements[2], code="S")
    assert shown(client_for(person("chief", small_province.districts[1]))) == {"S"}


def test_the_map_fades_what_is_known_roughly(client, small_province):
    town = small_province.settlements[0]
    make_incident(town)
    make_incident(town, where_precision="settlement")
    make_incident(small_province.districts[0], where_precision="district", lat=None, lon=None)
    make_incident(small_province.region, where_precision="region", lat=None, lon=None)
    rows = client.get(reverse("incidents:map_json")).json()["faded"]
    assert sorted((row[5], row[6]) for row in rows) == [("around", 0.4), ("around", 0.6), ("place", 1.0)]


def test_months_of_the_chart_are_those_of_the_filter(client, small_province):
    make_incident(small_province.settlements[0], day=date(2026, 3, 10))
    make_incident(small_province.settlements[0], day=date(2026, 3, 11), discovery_mode="found")
    make_incident(small_province.settlements[0], day=date(2026, 3, 12), verification="refuted")
    chart = client.get(reverse("incidents:incidents"), {"since": "2026-02-01", "until": "2026-04-30"}).context["chart"]
    assert [column.counts for column in chart.columns] == [
        {"reported": 0, "third": 0, "found": 0},
        {"reported": 1, "third": 0, "found": 1},
        {"reported": 0, "third": 0, "found": 0},
    ]


def test_many_at_once(client, analyst, small_province):
    rows = [make_incident(small_province.settlements[0]) for _ in range(3)]
    verified = make_incident(small_province.settlements[0], verification="verified")
    ids = [row.pk for row in (*rows, verified)]
    page = client.get(reverse("incidents:bulk"), {"act": "verify", "row": ids})
    assert page.context["count"] == 4
    stale = client.post(reverse("incidents:bulk"), {"act": "verify", "row": ids, "count": 3, "why": "seen"})
    assert stale.context["changed"]
    done = client.post(reverse("incidents:bulk"), {"act": "verify", "row": ids, "count": 4, "why": "seen"})
    assert done.context["outcome"]["done"] == 3
    assert done.context["outcome"]["refused"][0][0] == verified.pk
    assert Incident.objects.filter(verification="verified").count() == 4


def test_too_many_at_once_are_not_done(client, small_province, monkeypatch):
    monkeypatch.setattr(import_module("tirek.incidents.views.bulk"), "MOST", 2)
    for _ in range(3):
        make_incident(small_province.settlements[0])
    page = client.post(reverse("incidents:bulk"), {"act": "refute", "all": "1", "count": 3, "why": "x"})
    assert page.context["too_many"]
    assert not Incident.objects.filter(verification="refuted").exists()


# The form


def test_writing_down_by_a_point(client, small_province, brawl):
    answer = client.post(reverse("incidents:new"), sent(kind=brawl, when_precision="hour", hour="21:40"))
    made = Incident.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.area, made.at, made.severity) == (small_province.settlements[0], moment("2026-03-10 21:40"), 3)


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        ("day", date(2026, 3, 10), date(2026, 3, 10)),
        ("week", date(2026, 3, 7), date(2026, 3, 13)),
        ("month", date(2026, 3, 1), date(2026, 3, 31)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_time_by_one_choice(client, small_province, brawl, precision, first, last):
    client.post(reverse("incidents:new"), sent(kind=brawl, when_precision=precision))
    made = Incident.objects.get()
    assert (made.first_day, made.last_day, made.when_precision) == (first, last, precision)


def test_degrees_with_a_comma(client, small_province, brawl):
    client.post(reverse("incidents:new"), sent(kind=brawl, lat="50,5", lon=" 56,8 "))
    found = Incident.objects.get()
    assert (found.lat, found.lon) == (50.5, 56.8)
    page = client.post(
        reverse("incidents:correct", args=[found.pk]), sent(kind=brawl, lat="50,5", lon="56,8x", why="Map")
    )
    assert page.context["form"].errors["lon"] == ["Enter a number."]


def test_areas_to_choose_from_stand_below_the_one_above_by_name(client, small_province):
    north, south = small_province.districts
    for area, name in ((north, "Қобда"), (south, "Әйтеке би")):
        Area.objects.filter(pk=area.pk).update(name_kk=name, name_ru=name, name_en=name)
    choices = [
        str(label) for _value, label in client.get(reverse("incidents:new")).context["form"].fields["area"].choices
    ]
    assert choices.index("Әйтеке би") < choices.index("Қобда")
    assert choices.index("Әйтеке би") < choices.index(str(small_province.settlements[2].name)) < choices.index("Қобда")
    filters = [
        label
        for _value, label in client.get(reverse("incidents:incidents")).context["filter"].form.fields["area"].choices
    ]
    assert filters.index("Әйтеке би") < filters.index("Қобда")


def test_an_hour_that_is_not_given_leaves_the_day(client, small_province, brawl):
    client.post(reverse("incidents:new"), sent(kind=brawl, when_precision="hour"))
    assert Incident.objects.get().when_precision == "day"


def test_by_facility_by_settlement_and_by_district(client, small_province, brawl):
    hospital, town, district = (
        small_province.facilities[0], small_province.settlements[1], small_province.districts[1],
    )  # fmt: skip
    empty = {"kind": brawl, "lat": "", "lon": ""}
    client.post(reverse("incidents:new"), sent(**empty, facility=hospital.code.lower()))
    client.post(reverse("incidents:new"), sent(**empty, area=town.pk, where_precision="settlement"))
    client.post(reverse("incidents:new"), sent(**empty, area=town.pk, where_precision="district"))
    client.post(reverse("incidents:new"), sent(**empty, area=district.pk, where_precision="district"))
    one, two, three, four = Incident.objects.order_by("pk")
    assert (one.facility, one.lat, one.area) == (hospital, hospital.lat, small_province.settlements[0])
    assert (two.area, two.lat, two.where_precision) == (town, town.lat, "settlement")
    assert (three.area, three.lat) == (small_province.districts[0], None)
    assert four.area == district


@pytest.mark.parametrize(
    ("more", "field", "word"),
    [
        ({"day": (timezone.localdate() + timedelta(days=2)).isoformat()}, "day", "future"),
        ({"lat": "56.8", "lon": "50.5"}, "lat", "exchanged"),
        ({"lat": "43.2", "lon": "76.9"}, "lat", "outside the province"),
        ({"lat": "150"}, "lat", "no such place"),
        ({"lon": ""}, "lat", "both"),
        ({"lat": "", "lon": ""}, "where_precision", "Say where"),
        ({"facility": "NONE"}, "facility", "No facility"),
        ({"kind": ""}, "kind", "required"),
        ({"discovery_mode": ""}, "discovery_mode", "required"),
        ({"description": "звонил 8 701 555 12 34"}, "description", "phone"),
        ({"place": "ИИН 990101300123"}, "place", "12 digits"),
    ],
)
def test_errors_in_words_at_their_field(client, small_province, brawl, more, field, word):
    page = client.post(reverse("incidents:new"), sent(**{"kind": brawl, **more}))
    assert page.status_code == 200
    assert any(word in error for error in page.context["form"].errors[field]), page.context["form"].errors
    assert not Incident.objects.exists()


def test_exchanged_coordinates_are_offered_the_right_way_round(client, small_province, brawl):
    wrong = sent(kind=brawl, lat="56.8", lon="50.5", description="Brawl")
    page = client.post(reverse("incidents:new"), wrong)
    assert 'name="exchange"' in page.content.decode()
    turned = client.post(reverse("incidents:new"), wrong | {"exchange": "1"})
    assert not Incident.objects.exists()  # it is shown first
    form = turned.context["form"]
    assert (form["lat"].value(), form["lon"].value(), form["description"].value()) == ("50.5", "56.8", "Brawl")
    client.post(reverse("incidents:new"), wrong | {"lat": "50.5", "lon": "56.8"})
    assert Incident.objects.get().area == small_province.settlements[0]


def test_outside_ones_own_part_is_said(client_for, person, small_province, brawl):
    client = client_for(person("duty_officer", small_province.districts[1]))
    page = client.post(reverse("incidents:new"), sent(kind=brawl))
    assert page.status_code == 200
    assert "outside what you may add to" in page.content.decode()


def test_correcting_leaves_alone_what_was_not_touched(client, small_province):
    odd = {"day": date(2026, 3, 2), "last_day": date(2026, 3, 6), "when_precision": "week"}
    made = make_incident(small_province.settlements[0], **odd, uncertainty_m=50)
    url = reverse("incidents:correct", args=[made.pk])
    form = client.get(url).context["form"]
    given = {name: form[name].value() for name in form.fields}
    given = {name: "" if value is None else str(value) for name, value in given.items()}
    client.post(url, given | {"severity": "5", "why": "two were badly hurt"})
    made.refresh_from_db()
    assert (made.severity, made.first_day, made.last_day, made.uncertainty_m) == (
        5,
        date(2026, 3, 2),
        date(2026, 3, 6),
        50,
    )
    assert made.revisions.get(number=2).why == "two were badly hurt"


def test_places_by_name(client, small_province):
    found = client.get(reverse("incidents:where_json"), {"q": "ar"}).json()["found"]
    assert {one.get("area") or one.get("facility") for one in found} >= {
        small_province.settlements[0].pk,
        small_province.facilities[2].code,
    }
    assert client.get(reverse("incidents:where_json"), {"q": "a"}).json() == {"found": []}


# The record


def test_the_history_in_words(client, small_province, analyst):
    made = make_incident(small_province.settlements[0])
    actions.correct_incident(analyst, made.pk, {"severity": 5, "lat": 50.51}, "report")
    actions.verify_incident(analyst, made.pk, "seen")
    page = client.get(f"{made.get_absolute_url()}?tab=history")
    newest, corrected, first = page.context["steps"]
    assert (newest.act, newest.why, newest.changes) == ("verified", "seen", [])
    assert {change.label for change in corrected.changes} == {"Place", "Severity"}
    assert (first.act, first.changes) == ("written down", [])


def test_sources_are_those_of_what_was_merged_too(client, small_province):
    made = make_incident(small_province.settlements[0], source_ref="A-1")
    make_incident(small_province.settlements[0], source_ref="B-2", duplicate_of=made)
    text = client.get(f"{made.get_absolute_url()}?tab=sources").content.decode()
    assert "A-1" in text
    assert "B-2" in text


@pytest.mark.parametrize(("act", "state"), [("verify", "verified"), ("refute", "refuted")])
def test_acts_with_a_reason(client, small_province, act, state):
    made = make_incident(small_province.settlements[0])
    url = reverse(f"incidents:{act}", args=[made.pk])
    assert "required" in str(client.post(url, {"why": ""}).context["form"].errors)
    client.post(url, {"why": "patrol"})
    made.refresh_from_db()
    assert (made.verification, made.verified_why) == (state, "patrol")


def test_merging_by_number_and_undoing_it(client, small_province):
    made, other = make_incident(small_province.settlements[0]), make_incident(small_province.settlements[0])
    url = reverse("incidents:merge", args=[made.pk])
    assert "No incident" in str(client.post(url, {"into": "NONE", "why": "x"}).context["form"].errors)
    assert client.post(url, {"into": other.code, "why": "x"}).url == other.get_absolute_url()
    made.refresh_from_db()
    assert made.duplicate_of == other
    client.post(reverse("incidents:part", args=[made.pk]), {"why": "two"})
    made.refresh_from_db()
    assert made.duplicate_of is None


def test_a_pair_is_decided_by_a_person(client, small_province):
    pair = make_pair(small_province)
    page = client.get(reverse("incidents:pairs")).content.decode()
    assert pair.first.code in page
    assert "12 minutes apart" in page
    assert "60 m apart" in page
    client.post(reverse("incidents:decide", args=[pair.pk]), {"keep": pair.second_id})
    assert Incident.objects.get(pk=pair.first_id).duplicate_of_id == pair.second_id
    other = make_pair(small_province)
    client.post(reverse("incidents:decide", args=[other.pk]), {"keep": "both", "why": "two streets"})
    other.refresh_from_db()
    assert (other.state, other.why) == ("apart", "two streets")
    assert not client.get(reverse("incidents:pairs")).context["total"]
    compare([other.first_id, other.second_id])
    assert Pair.objects.filter(first=other.first, second=other.second).get().state == "apart"  # not offered again


def test_a_pair_is_seen_only_with_both_sides(client_for, person, small_province):
    first, second = make_incident(small_province.settlements[0]), make_incident(small_province.settlements[2])
    Pair.objects.create(first=first, second=second, likeness=0.9)
    north = client_for(person("analyst", small_province.districts[0]))
    assert north.get(reverse("incidents:pairs")).context["total"] == 0


# Silences, kinds


def test_silence_by_the_page(client, small_province):
    given = {"area": small_province.districts[0].pk, "first_month": "2026-03", "last_month": "", "why": "no journal"}
    client.post(reverse("incidents:silences"), given)
    made = Silence.objects.get()
    assert (made.first_month, made.last_month) == (2026 * 12 + 2, None)
    wrong = client.post(reverse("incidents:silences"), given | {"first_month": "March"})
    assert "2026-03" in str(wrong.context["form"].errors)
    client.post(reverse("incidents:silence_withdraw", args=[made.pk]), {"why": "it came"})
    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_who_may_not_declare_only_reads(client_for, person, small_province):
    client = client_for(person("chief"))
    assert client.get(reverse("incidents:silences")).context["form"] is None
    assert client.post(reverse("incidents:silences"), {}).status_code == 403


def test_a_kind_by_the_page(client):
    given = {
        "code": "poison",
        "group": "violence",
        "name_kk": "",
        "name_ru": "Отравление",
        "name_en": "",
        "severity": 5,
        "order": 5,
    }
    assert client.post(reverse("incidents:kind_new"), given | {"is_active": "on"}).status_code == 302
    refused = client.post(reverse("incidents:kind_new"), given | {"code": "x", "name_ru": "Арест"})
    assert "where officers looked" in refused.content.decode()


# From elsewhere


def test_an_alarm_leads_to_writing_it_down(client_for, person, small_province):
    officer = person("duty_officer")
    client = client_for(officer)
    hospital = small_province.facilities[0]
    at = moment("2026-03-10 03:12")
    alarm = Alarm.objects.create(facility=hospital, kind="panic", opened_at=at, last_signal_at=at)
    desk = client.get(reverse("alarms:alarm", args=[alarm.pk])).content.decode()
    url = f"{reverse('incidents:new')}?alarm={alarm.pk}"
    assert url in desk
    form = client.get(url).context["form"]
    assert (form["facility"].value(), form["source_kind"].value()) == (hospital.code, "alarm")
    assert str(form["hour"].value())[:5] == "03:12"
    given = sent(
        kind=form.fields["kind"].queryset.first().pk, facility=hospital.code, alarm=alarm.pk, source_kind="alarm"
    )
    client.post(reverse("incidents:new"), given)
    made = Incident.objects.get()
    assert made.alarm_id == alarm.pk
    assert reverse("alarms:alarm", args=[alarm.pk]) in client.get(made.get_absolute_url()).content.decode()
    desk = client.get(reverse("alarms:alarm", args=[alarm.pk])).content.decode()
    assert url not in desk
    assert made.get_absolute_url() in desk


def test_an_alarm_that_one_may_not_see_is_not_linked(client_for, person, small_province, brawl):
    at = moment("2026-03-10 03:12")
    alarm = Alarm.objects.create(facility=small_province.facilities[2], kind="panic", opened_at=at, last_signal_at=at)
    client = client_for(person("duty_officer", small_province.districts[0]))
    client.post(reverse("incidents:new"), sent(kind=brawl, alarm=alarm.pk))
    assert Incident.objects.get().alarm_id is None


def test_facility_and_area_show_theirs(client_for, person, small_province):
    make_incident(small_province.settlements[0], facility=small_province.facilities[0], code="HERE")
    client = client_for(person("duty_officer"))
    facility = client.get(small_province.facilities[0].get_absolute_url()).content.decode()
    assert reverse("incidents:incident", args=[Incident.objects.get().pk]) in facility
    area = client.get(small_province.districts[0].get_absolute_url()).content.decode()
    assert f"{reverse('incidents:incidents')}?area={small_province.districts[0].pk}" in area
    contact = person("facility_contact")
    small_province.facilities[0].contacts.create(full_name="A", phone="1", person=contact)
    own = client_for(contact).get(small_province.facilities[0].get_absolute_url()).content.decode()
    assert "/incidents/" not in own


def test_the_search_finds_them(analyst, small_province):
    make_incident(small_province.settlements[0], code="I-000777", description="Драка у рынка")
    for words in ("I-000777", "драка РЫНКА", "aral драка"):
        assert [hit.title for hit in frame.search(analyst, words) if hit.kind == "incident"] == [
            "Brawl with weapons I-000777"
        ]
