import itertools
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.fixtures import make_person
from tests.notices.making import demands, make_visit
from tirek.facilities.models import Facility
from tirek.inspections.models import Finding, Inspection
from tirek.notices.actions import draft_notice, issue_notice
from tirek.notices.models import Notice
from tirek.reports import charts, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def province(small_province):
    """The hospital was visited twice and the school once in this half year, the market in the one before it."""
    hospital, school, market = small_province.facilities
    visits = [
        make_visit(hospital),
        make_visit(hospital, findings=0),
        make_visit(school, findings=1),
        make_visit(market),
    ]
    long_ago = timezone.now() - timedelta(days=200)
    Inspection.objects.filter(pk=visits[3].pk).update(submitted_at=long_ago)
    Finding.objects.filter(inspection=visits[3]).update(found_on=long_ago.date())
    for visit in (visits[0], visits[3]):
        notice = draft_notice(visit.inspector, visit.pk, demands(visit))
        issue_notice(visit.inspector, notice.pk)
    Notice.objects.filter(inspection=visits[3]).update(issued_at=long_ago, due_on=long_ago.date())
    return small_province


def period(back=0):
    return queries.Period(182, timezone.localdate() - timedelta(days=182 * back))


def half_year(user, back=0):
    return queries.counted(user, period(back))


def test_a_facility_counts_once_however_often_it_was_visited(province):
    now, before = half_year(make_person("chief")), half_year(make_person("chief"), back=1)
    figures = {
        f.key: (f.now, f.before) for f in queries.figures(now, before, queries.Period(182, timezone.localdate()))
    }
    assert figures == {"inspected": (2, 1), "issued": (1, 1), "closed": (0, 0), "found": (3, 2), "fixed": (0, 0)}


def test_the_tables_add_up_to_the_strip(province):
    chief = make_person("chief")
    done = half_year(chief)
    for table in queries.tables(chief, done, period()):
        rows = table["rows"]
        assert sum(row.listed for row in rows) == 3
        assert sum(row.inspected for row in rows) == len(done.visits) == 2
        assert sum(row.issued for row in rows) == done.issued.total() == 1
        assert sum(row.found for row in rows) == done.found.total() == 3
        assert sum(row.overdue for row in rows) == 1


def test_of_another_district_nothing_is_seen(province):
    south = make_person("chief", province.districts[1])
    done = half_year(south)
    assert not done.visits
    assert half_year(south, back=1).visits.keys() == {province.facilities[2].pk}
    by_district = queries.tables(south, done, period())[0]["rows"]
    assert [(row.name, row.listed) for row in by_district] == [("South", 1)]


def test_the_months_end_with_this_one(province):
    months = queries.trend(make_person("chief"), timezone.localdate())
    assert len(months) == 12
    assert months[-1].first == timezone.localdate().replace(day=1)
    assert months[-1].inspected == 2
    assert sum(month.issued for month in months) == 2


@pytest.mark.parametrize("day", [date(2024, 1, 31), date(2024, 2, 29), date(2024, 12, 31)])
def test_months_follow_each_other_over_the_year(day):
    firsts = [month.first for month in queries.trend(make_person("chief"), day)]
    assert all((b - a).days in range(28, 32) and b.day == 1 for a, b in itertools.pairwise(firsts))
    assert firsts[-1] == day.replace(day=1)


@pytest.mark.parametrize("most", [0, 1, 7, 110, 4321])
def test_no_bar_leaves_the_drawing(most):
    chart = charts.bars([queries.Month(date(2026, 1, 1), most, most // 2, 0)])
    for bar in chart.groups[0].bars:
        assert 0 <= bar.y <= charts.BASE
        assert bar.y + bar.height == pytest.approx(charts.BASE, abs=0.2)
    assert 2 <= len(chart.lines) <= 7
    assert chart.lines[0] == (0, charts.BASE)


@pytest.mark.parametrize("days", queries.PERIODS)
def test_periods_are_as_long_as_they_say_and_share_no_day(days):
    now = queries.Period(days, date(2026, 3, 29))
    for each in (now, now.before):
        assert (each.until - each.since).days + 1 == days
    assert now.before.until == now.since - timedelta(days=1)
    assert now.before.moments[1] == now.moments[0]


@pytest.fixture
def edges(small_province):
    """Visits, findings and notices on the last and the first day of the last 30, and on the days just outside."""
    hospital, school, market = small_province.facilities
    today = timezone.localdate()
    days = [today, today - timedelta(days=29), today - timedelta(days=30), today - timedelta(days=59)]
    for number, day in enumerate([*days, today - timedelta(days=60)]):
        for at in (queries.midnight(day), queries.midnight(day + timedelta(days=1)) - timedelta(microseconds=1)):
            visit = make_visit([hospital, school, market][number % 3])
            Inspection.objects.filter(pk=visit.pk).update(submitted_at=at, planned_on=today + timedelta(days=5))
            notice = draft_notice(visit.inspector, visit.pk, demands(visit))
            issue_notice(visit.inspector, notice.pk)
            Notice.objects.filter(pk=notice.pk).update(issued_at=at, closed_at=at)
            visit.findings.update(found_on=day)
            again = make_visit(small_province.facilities[2], findings=0, kind=Inspection.Kind.AGAIN)
            Inspection.objects.filter(pk=again.pk).update(submitted_at=at)
            fixed = visit.findings.order_by("pk")[:1].values("pk")
            visit.findings.filter(pk__in=list(fixed.values_list("pk", flat=True))).update(
                state=Finding.State.FIXED, fixed_by=again, fixed_on=day
            )
    Finding.objects.filter(pk=visit.findings.first().pk).update(
        state=Finding.State.WITHDRAWN, found_on=today, fixed_on=today
    )
    return small_province


LISTS = {
    "inspected": "inspections:visits", "issued": "notices:notices", "closed": "notices:notices",
    "found": "inspections:findings", "fixed": "inspections:findings",
}  # fmt: skip


@pytest.mark.parametrize("back", [0, 1])
def test_behind_each_figure_are_the_rows_that_were_counted(edges, client_for, back):
    chief = make_person("chief")
    now = queries.Period(30, timezone.localdate())
    now = now.before if back else now
    done = queries.counted(chief, now)
    figures = queries.figures(done, queries.counted(chief, now.before), now)
    assert {f.key: f.now for f in figures} == {"inspected": 2, "issued": 4, "closed": 4, "found": 8, "fixed": 4}
    client = client_for(chief)
    for figure in figures:
        page = client.get(reverse(LISTS[figure.key]) + figure.query)
        assert page.context["filter"].form.is_valid(), figure.key
        assert page.context["total"] == figure.now, figure.key


def test_a_second_look_is_no_inspection(small_province):
    make_visit(small_province.facilities[0], kind=Inspection.Kind.AGAIN)
    make_visit(small_province.facilities[1])
    chief = make_person("chief")
    assert half_year(chief).visits == {small_province.facilities[1].pk: 1}
    assert queries.trend(chief, timezone.localdate())[-1].inspected == 1


def test_behind_each_row_of_a_table_are_the_rows_that_were_counted(edges, client_for):
    chief = make_person("chief")
    Facility.objects.filter(pk=edges.facilities[0].pk).update(state=Facility.State.REMOVED)
    now = queries.Period(30, timezone.localdate())
    done = queries.counted(chief, now)
    client = client_for(chief)
    for table in queries.tables(chief, done, now):
        rows = table["rows"]
        assert sum(row.issued for row in rows) == done.issued.total(), "also where a facility was taken off since"
        assert all(row.share is None or row.share <= 100 for row in rows)
        for row in rows:
            if row.query:
                behind = client.get(reverse("notices:notices") + row.issued_query).context["total"]
                assert (behind, row.name) == (row.issued, row.name)
                assert client.get(reverse("facilities:register") + row.query).context["total"] == row.listed


def test_what_a_link_asks_for_is_seen_and_can_be_taken_back(edges, client_for):
    client = client_for(make_person("chief"))
    address = reverse("notices:notices")
    assert "issued from" not in client.get(address).content.decode()
    page = client.get(address, {"issued_since": "2026-01-01"}).content.decode()
    assert "issued from" in page
    assert "Show all" in page


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1899-12-31"])
def test_a_day_at_the_edge_of_the_calendar_is_no_error(edges, client_for, day):
    client = client_for(make_person("chief"))
    for name in ("issued_since", "issued_until"):
        assert client.get(reverse("notices:notices"), {name: day}).status_code == 200
