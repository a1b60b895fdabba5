"""What inspections tell the register of a facility."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.inspections.support import make_visit
from tirek.facilities import figures
from tirek.facilities.models import Figures
from tirek.facilities.queries import head
from tirek.inspections import queries
from tirek.inspections.models import Inspection, Round

pytestmark = pytest.mark.django_db
KIND = Inspection.Kind
LONG_AGO = 500


@pytest.fixture
def visited(small_province, inspector):
    """A facility that was inspected long ago and looked at again today; one that was only looked at again; one inspected today."""

    def visit(facility, kind, days):
        at = timezone.now() - timedelta(days=days)
        make_visit(
            facility, inspector, kind=kind, state=Inspection.State.SUBMITTED, finished_at=at, submitted_at=at,
            planned_on=at.date(),
        )  # fmt: skip

    hospital, school, market = small_province.facilities
    visit(hospital, KIND.PLANNED, LONG_AGO)
    visit(hospital, KIND.AGAIN, 0)
    visit(school, KIND.AGAIN, 0)
    visit(market, KIND.CAUSE, 0)
    figures.recount(facility.pk for facility in small_province.facilities)
    return small_province


def test_a_re_inspection_is_no_inspection(visited, chief):
    today = timezone.localdate()
    then = today - timedelta(days=LONG_AGO)
    days = [Figures.objects.get(facility=facility).inspected_on for facility in visited.facilities]
    assert days == [then, None, today]
    assert head(chief).inspected == 1


def test_a_re_inspection_does_not_put_off_when_a_facility_is_due(visited, chief):
    due = Round(rule=Round.Rule.DUE, area=visited.region, options={"older_than_days": 365})
    drawn = {one.candidate.code: one.is_in for one in queries.drawn(due)}
    codes = [facility.code for facility in visited.facilities]
    assert [drawn[code] for code in codes] == [True, True, False]
