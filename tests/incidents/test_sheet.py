"""The register as a table: what follows from what, every error by row, twice, from another table's file."""

import csv
import io
from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.incidents.makers import make_incident, moment
from tests.sheets.conftest import xlsx
from tirek.audit import chain
from tirek.audit.models import Entry
from tirek.incidents import actions, series
from tirek.incidents.models import Incident, Pair, Revision
from tirek.incidents.sheet import Hour
from tirek.incidents.sheet_acled import EnglishDate
from tirek.sheets.cells import CellError
from tirek.sheets.writing import csv_lines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HEAD = "number;kind;date;time;latitude;longitude;how it came to light;what happened"


def table(*lines, head=HEAD):
    return "\n".join([head, *lines])


def errors(found):
    return {row.number: [tuple(error) for error in row.errors] for row in found.rows.filter(deed="error")}


def test_what_follows_from_the_cells(bring, write, small_province):
    found = bring(
        table(
            "A-1;attack;10.03.2026;21:40;50.5;56.8;reported;Attack at a stop",
            "A-2;Brawl with weapons;2026-03-11;;50.51;56.81;found;",
        )
    )
    assert (found.state, found.counts, found.problems) == ("ready", {"add": 2}, [])
    assert write(found).done["add"] == 2
    one, two = Incident.objects.order_by("code")
    assert (one.at, one.when_precision, one.where_precision, one.severity) == (
        moment("2026-03-10 21:40"), "hour", "point", 4,
    )  # fmt: skip
    assert (one.area, one.source_kind, one.verification) == (small_province.settlements[0], "agency", "unverified")
    assert (two.kind.code, two.severity, two.when_precision, two.discovery_mode) == ("brawl", 3, "day", "found")
    assert two.cell
    assert two.month == 2026 * 12 + 2
    assert Revision.objects.filter(act="added", known_until=None).count() == 2
    assert Entry.objects.filter(verb="incidents.import_incident").count() == 2
    assert not Incident.objects.filter(is_compared=False).exists()  # the job after the import has looked
    assert list(chain.verify()) == []


def test_twice_doubles_nothing_and_a_change_is_a_revision(bring, write):
    first = table("A-1;attack;10.03.2026;21:40;50.5;56.8;reported;Attack")
    write(bring(first))
    assert bring(first).counts == {"same": 1}
    changed = bring(first.replace("Attack", "Attack at a stop").replace("21:40", "22:10"))
    assert changed.counts == {"change": 1}
    assert {key for key, _old, _new in changed.rows.get().changes} == {"time", "description"}
    write(changed)
    incident = Incident.objects.get()
    assert incident.at == moment("2026-03-10 22:10")
    rows = incident.revisions.order_by("number")
    assert [(row.number, row.act, row.known_until is None) for row in rows] == [
        (1, "added", False),
        (2, "corrected", True),
    ]


def test_what_was_taken_comes_back_unchanged(bring, write, analyst, small_province, client_for):
    make_incident(small_province.settlements[0], at=moment("2026-03-10 21:40"), facility=small_province.facilities[0])
    make_incident(small_province.settlements[1], where_precision="settlement", uncertainty_m=2000)
    week = {"day": date(2026, 3, 2), "last_day": date(2026, 3, 8), "when_precision": "week"}
    make_incident(small_province.districts[0], where_precision="district", lat=None, lon=None, **week)
    verified = make_incident(small_province.region, where_precision="region", lat=None, lon=None, injured=2)
    actions.verify_incident(analyst, verified.pk, "seen")
    for form, name in (("csv", "t.csv"), ("xlsx", "t.xlsx")):
        answer = client_for(analyst).get(reverse("sheets:export", args=["incidents", form]))
        found = bring(b"".join(answer.streaming_content), name=name)
        assert found.counts == {"same": 4}, [(row.errors, row.changes) for row in found.rows.all()]


def test_every_error_by_row_and_column(bring, small_province):
    tomorrow = timezone.localdate() + timedelta(days=1)
    lines = [
        f"E-1;attack;{tomorrow};;50.5;56.8;reported;",
        "E-2;attack;10.03.2026;;56.8;50.5;reported;",  # exchanged
        "E-3;attack;10.03.2026;;43.2;76.9;reported;",  # another province
        "E-4;arrest;10.03.2026;;50.5;56.8;reported;",
        "E-5;attack;31.02.2026;;50.5;56.8;reported;",
        "E-6;attack;10.03.2026;;;;reported;",  # half empty
        "E-7;attack;;;50.5;56.8;;",
        ";attack;10.03.2026;;50.5;56.8;reported;",
        "E-8;attack;10.03.2026;;50.5;;reported;",
        "E-9;attack;10.03.2026;27:00;50.5;56.8;reported;",
        "E-10;attack;10.03.2026;;191;56.8;reported;",
        "E-11;attack;10.03.2026;;50.5;56.8;reported;Звонил 87015551234",
        "E-12;attack;10.03.2026;;50.5;56.8;seen;",
        "G-1;attack;10.03.2026;;50.5;56.8;reported;",
        "G-1;attack;10.03.2026;;50.5;56.8;reported;",
    ]
    found = bring(table(*lines))
    assert found.counts == {"error": 14, "add": 1}
    said = errors(found)
    expected = {
        2: ("day", "future"), 3: ("lat", "exchanged"), 4: ("lat", "outside the province"), 5: ("kind", "not known"),
        6: ("day", "not a date"), 7: ("area", "Say where"), 8: ("day", "Must not be empty"), 9: ("code", "Must not be empty"),
        10: ("area", "Say where"), 11: ("time", "not a time"), 12: ("lat", "at most"), 13: ("description", "phone"),
        14: ("discovery_mode", "not one of"), 16: ("", "same as row 15"),
    }  # fmt: skip
    assert said.keys() == expected.keys()
    for row, (column, word) in expected.items():
        assert any(key == column and word in text for key, text in said[row]), (row, said[row])
    assert ("discovery_mode", "Must not be empty.") in said[8]


def test_when_it_became_known_is_said_once(bring, write, small_province):
    head = "number;kind;date;area;how it came to light;known since"
    area = small_province.districts[0].code
    lines = (
        f"K-1;attack;10.03.2026;{area};reported;12.03.2026",
        f"K-2;attack;10.03.2026;{area};reported;09.03.2026",
        f"K-3;attack;10.03.2026;{area};reported;",
    )
    found = bring(table(*lines, head=head))
    assert found.counts == {"add": 2, "error": 1}
    write(found, leave_out_errors=True)
    region = [small_province.region]
    march = 2026 * 12 + 2
    assert series.monthly(region, march, march, known_on=date(2026, 3, 11)).sum() == 0
    assert series.monthly(region, march, march, known_on=date(2026, 3, 12)).sum() == 1
    assert series.monthly(region, march, march).sum() == 2
    later = bring(table(lines[0].replace("12.03", "20.03"), head=head))
    assert later.counts == {"same": 1}  # what is history does not change


def test_by_area_alone_by_facility_and_by_span(bring, write, small_province):
    head = "number;kind;date;last possible day;area;code of the facility;how it came to light;place known"
    town, hospital = small_province.settlements[1], small_province.facilities[0]
    found = bring(
        table(
            f"B-1;attack;02.03.2026;08.03.2026;{town.code};;reported;",
            f"B-2;attack;10.03.2026;;;{hospital.code};reported;",
            "B-3;attack;01.01.2026;31.12.2026;North;;third;",
            f"B-4;attack;10.03.2026;;{town.code};;reported;district only",
            head=head,
        )
    )
    assert found.counts == {"add": 4}, errors(found)
    write(found)
    one, two, three, four = Incident.objects.order_by("code")
    assert (one.when_precision, one.where_precision, one.lat) == ("week", "settlement", town.lat)
    assert (two.facility, two.lat, two.area, two.where_precision) == (
        hospital, hospital.lat, small_province.settlements[0], "point",
    )  # fmt: skip
    assert (three.when_precision, three.month, three.where_precision) == ("year", None, "district")
    assert (four.where_precision, four.lat) == ("district", None)


def test_only_within_reach(bring, write, person, small_province):
    south = person("analyst", small_province.districts[1])
    north = make_incident(small_province.settlements[0], code="N-1")
    found = bring(
        table(
            "N-1;brawl;10.03.2026;;50.5;56.8;reported;changed",
            "N-2;brawl;10.03.2026;;50.5;56.8;reported;",
            "S-1;brawl;10.03.2026;;49.5;56.8;reported;",
        ),
        user=south,
    )
    assert found.counts == {"error": 2, "add": 1}
    assert {text for row in errors(found).values() for _key, text in row} == {
        "This incident lies outside what you may change.",
        "This area lies outside what you may add to.",
    }
    write(found, user=south, leave_out_errors=True)
    north.refresh_from_db()
    assert north.description == "Brawl near a café"


def test_duplicates_are_looked_for_after_an_import(bring, write):
    write(
        bring(
            table(
                "A-1;brawl;10.03.2026;21:40;50.5;56.8;reported;",
                "A-2;brawl;10.03.2026;21:55;50.5003;56.8;reported;",
                "A-3;brawl;25.03.2026;21:55;50.5003;56.8;reported;",
            )
        )
    )
    pair = Pair.objects.get()
    assert {pair.first.code, pair.second.code} == {"A-1", "A-2"}


def test_a_file_of_another_table_is_shown_the_way(bring, client_for, analyst):
    head = "id,type_of_violence,date_prec,date_start,date_end,where_prec,latitude,longitude,best"
    found = bring(f"{head}\n1,3,1,2001-01-04,2001-01-04,1,50.5,56.8,2\n")
    assert found.state == "unclear"
    page = client_for(analyst).get(found.get_absolute_url()).content.decode()
    assert reverse("sheets:sheet", args=["incidents_ged"]) in page


def test_xlsx_with_true_dates(bring, small_province):
    head = ["number", "kind", "date", "latitude", "longitude", "how it came to light"]
    found = bring(xlsx(head, ["X-1", "threat", date(2026, 3, 10), 50.5, 56.8, "reported by residents"]), name="t.xlsx")
    assert found.counts == {"add": 1}, errors(found)


def test_times_of_the_day():
    assert [Hour().read(text) for text in ("21:40", "9.05", "00:00:00")] == [time(21, 40), time(9, 5), time(0, 0)]
    for text in ("24:00", "9", "21:60", "noon"):
        with pytest.raises(CellError):
            Hour().read(text)


ACLED_HEAD = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,latitude,longitude,geo_precision,location,"
    "source_scale,fatalities,notes,actor1"
)


def test_acled(bring, write, small_province):
    rows = [
        'KAZ1,07 March 2024,1,Violence against civilians,Attack,50.5,56.8,1,Aral,National,1,"A named man",Somebody',
        "KAZ2,07-March-2024,2,Riots,Mob violence,50.5,56.8,2,Aral,Local,0,,",
        "KAZ3,2024-03-07,3,Explosions/Remote violence,Grenade,50.5,56.8,3,Region,Local,0,,",
        "KAZ4,07 March 2024,1,Protests,Peaceful protest,50.5,56.8,1,Aral,Local,0,,",
        "KAZ5,07 March 2024,1,Strategic developments,Arrests,50.5,56.8,1,Aral,Local,0,,",
        "KAZ6,07 March 2024,1,Protests,Excessive force against protesters,50.5,56.8,1,Aral,Local,0,,",
        "KAZ7,07 March 2024,4,Riots,Mob violence,50.5,56.8,1,Aral,Local,0,,",
        "KAZ8,07 March 2024,1,Riots,Mob violence,56.8,50.5,1,Aral,Local,0,,",
    ]
    content = "\n".join([ACLED_HEAD, *rows])
    found = bring(content, key="incidents_acled")
    assert found.counts == {"add": 4, "error": 4}
    said = errors(found)
    assert "arrests" in said[5][0][1]
    assert "arrests" in said[6][0][1]
    assert said[9][0][0] == "latitude"
    assert "exchanged" in said[9][0][1]
    write(found, leave_out_errors=True)
    one, two, three, six = Incident.objects.order_by("code")
    assert (one.kind.code, one.severity, one.dead, one.discovery_mode, one.where_precision) == (
        "attack", 5, 1, "third", "point",
    )  # fmt: skip
    assert (two.when_precision, two.first_day, two.last_day) == ("week", date(2024, 3, 4), date(2024, 3, 10))
    assert (two.area, two.lat) == (small_province.districts[0], None)
    assert (three.area, three.last_day, three.kind.code) == (small_province.region, date(2024, 3, 31), "explosion")
    assert six.kind.code == "attack"
    kept = " ".join(str(value) for row in Incident.objects.values() for value in row.values())
    assert "named man" not in kept
    assert "Somebody" not in kept
    assert bring(content, key="incidents_acled").counts == {"same": 4, "error": 4}


def test_dates_as_acled_writes_them():
    for text in ("07 March 2024", "07-March-2024", "07-Mar-2024", "2024-03-07", "07.03.2024"):
        assert EnglishDate().read(text) == date(2024, 3, 7)


def test_a_csv_may_have_more_rows_than_other_tables(bring):
    """The limit is the sheet's own; the test of a million rows is a benchmark."""
    rows = [[f"R-{n}", "brawl", "10.03.2026", "50.5", "56.8", "reported"] for n in range(30)]
    text = "".join(
        part.decode() if isinstance(part, bytes) else part
        for part in csv_lines(["number", "kind", "date", "latitude", "longitude", "how it came to light"], rows)
    )
    assert len(list(csv.reader(io.StringIO(text)))) == 31
    assert bring(text).counts == {"add": 30}
