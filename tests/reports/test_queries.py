import itertools
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.fixtures import make_person
from tests.notices.making import demands, make_visit
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


def half_year(user, back=0):
    return queries.counted(user, queries.Period(182, timezone.localdate() - timedelta(days=182 * back)))


def test_a_facility_counts_once_however_often_it_was_visited(province):
    now, before = half_year(make_person("chief")), half_year(make_person("chief"), back=1)
    figures = {
        f.key: (f.now, f.before) for f in queries.figures(now, before, queries.Period(182, timezone.localdate()))
    }
    assert figures == {"inspected": (2, 1), "issued": (1, 1), "closed": (0, 0), "found": (3, 2), "fixed": (0, 0)}


def test_the_tables_add_up_to_the_strip(province):
    chief = make_person("chief")
    done = half_year(chief)
    for table in queries.tables(chief, done):
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
    by_district = queries.tables(south, done)[0]["rows"]
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
        assert charts.TOP - 0.1 <= bar.y <= charts.BASE
        assert bar.y + bar.height == pytest.approx(charts.BASE, abs=0.2)
    assert 2 <= len(chart.lines) <= 7
    assert chart.lines[0] == (0, charts.BASE)
