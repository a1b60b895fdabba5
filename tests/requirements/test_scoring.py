"""The figures of protection, counted from standings."""

import pytest
from django.utils import timezone

from tests.requirements.support import demand
from tirek.facilities import figures
from tirek.facilities.models import Figures
from tirek.requirements import actions, queries, scoring

pytestmark = pytest.mark.django_db
FOUR = (
    demand("gate", point="perimeter", weight=3, mandatory=True),
    demand("fence", point="perimeter", weight=1),
    demand("camera", point="video", weight=2),
    demand("plan", point="papers", weight=2, mandatory=True, applies={"categories": [1]}),
)


def figures_of(facility):
    return Figures.objects.get(facility=facility)


def test_never_inspected_is_unknown_and_not_bad(small_province, enforced):
    enforced(*FOUR)
    found = figures_of(small_province.facilities[0])
    assert (found.protection, found.gap_low, found.gap_high) == (None, 0, 100)
    assert (found.weakest_point, found.mandatory_unmet) == ("", 0)


def test_the_figures_by_hand(small_province, enforced):
    enforced(*FOUR)
    facility = small_province.facilities[0]
    gate, fence, camera = queries.checklist(facility)
    actions.record_standings(facility, {gate: "met", fence: "unmet"}, source="inspection")
    found = figures_of(facility)
    # Weights 3 met, 1 unmet, 2 unknown; perimeter 1/4 missing; video unknown: missing at worst.
    assert (found.protection, found.gap_low, found.gap_high, found.weakest_point) == (50, 25, 100, "perimeter")
    actions.record_standings(facility, {gate: "unmet", camera: "na"}, source="inspection", at=timezone.now())
    found = figures_of(facility)
    assert (found.protection, found.gap_low, found.gap_high, found.mandatory_unmet) == (0, 100, 100, 1)


def test_little_known_is_no_share(small_province, enforced):
    enforced(*FOUR)
    facility = small_province.facilities[0]
    fence = queries.checklist(facility)[1]
    actions.record_standings(facility, {fence: "met"}, source="inspection")
    assert figures_of(facility).protection is None


def test_without_standards_nothing_is_said(small_province):
    figures.recount_all()
    assert figures_of(small_province.facilities[0]).gap_low is None


def test_counting_again_finds_nothing_wrong(small_province, enforced):
    enforced(*FOUR)
    for number, facility in enumerate(small_province.facilities):
        states = dict(
            zip(queries.checklist(facility), (*("met", "unmet", "na")[number:], "met", "unmet"), strict=False)
        )
        actions.record_standings(facility, states, source="inspection")
    assert figures.recount_all() == []
    Figures.objects.update(gap_low=1)
    assert figures.recount([small_province.facilities[0].pk]) == [small_province.facilities[0].pk]


def test_parts_of_the_score_are_those_of_the_engine(small_province, enforced):
    from tirek_engines.score import parts

    enforced(*FOUR)
    facility = small_province.facilities[0]
    gate, fence, _camera = queries.checklist(facility)
    actions.record_standings(facility, {gate: "met", fence: "unmet"}, source="inspection")
    rows = queries.in_force()
    _ids, codes = scoring.statuses(rows, [facility.pk])
    found = parts(scoring.frame(rows), codes[0])
    unmet = sum(part.gap for part in found if part.point == 0 and part.status == 2)
    assert abs(100 * unmet - figures_of(facility).gap_low) < 1e-9
