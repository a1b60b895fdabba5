"""Rounds, who is drawn, who is sent, and who may not be."""

from __future__ import annotations

import hashlib
import sys
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.fixtures import make_facility
from tests.inspections.support import make_finding, make_round, make_visit
from tirek.accounts.models import Assignment
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.facilities.bulk import run
from tirek.facilities.hours import parse
from tirek.facilities.models import Facility, Figures
from tirek.facilities.registry import find_bulk_act
from tirek.inspections import draw, queries, routing
from tirek.inspections.actions import findings, planning
from tirek.inspections.models import Finding, Inspection, Round
from tirek.jobs.models import Job
from tirek.jobs.running import run_waiting

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def candidates(*rows):
    return [draw.Candidate(number, f"F-{number}", day) for number, day in enumerate(rows, start=1)]


def test_due_are_those_not_visited_for_long_enough():
    rows = candidates(None, TODAY - timedelta(days=400), TODAY - timedelta(days=365), TODAY - timedelta(days=364))
    drawn = draw.due(rows, TODAY)
    assert [(row.candidate.pk, row.is_in, row.why) for row in drawn] == [
        (1, True, "never"),
        (2, True, "due"),
        (3, True, "due"),
        (4, False, "recent"),
    ]


@pytest.mark.parametrize(("percent", "n"), [(1, 1), (10, 1), (25, 3), (50, 5), (100, 10)])
def test_a_share_is_drawn_as_anybody_can_repeat_it(percent, n):
    drawn = draw.share(candidates(*[None] * 10), 4711, percent)
    inside = {row.candidate.code for row in drawn if row.is_in}
    codes = [f"F-{number}" for number in range(1, 11)]
    by_hand = sorted(codes, key=lambda code: hashlib.sha256(f"4711:{code}".encode()).hexdigest())
    assert inside == set(by_hand[:n])
    assert draw.share(candidates(*[None] * 10), 4712, 30) != draw.share(candidates(*[None] * 10), 4711, 30)


def test_a_share_is_fair():
    """Over many seeds each facility is drawn about equally often."""
    rows, drawn = candidates(*[None] * 20), [0] * 21
    for seed in range(2000):
        for row in draw.share(rows, seed, 10):
            drawn[row.candidate.pk] += row.is_in
    assert all(150 < n < 250 for n in drawn[1:])


def test_nobody_to_draw_from():
    assert draw.share([], 1, 10) == []


def test_a_round_makes_one_visit_to_each(chief, small_province):
    round_ = make_round(small_province)
    planning.start_round(chief, round_.pk)
    assert {v.facility for v in round_.inspections.all()} == set(small_province.facilities[:2])
    with pytest.raises(Refused, match="runs already"):
        planning.start_round(chief, round_.pk)
    assert Entry.objects.filter(verb="inspections.plan_round").count() == 1


def test_only_what_stands_on_the_register_is_visited(chief, small_province):
    Facility.objects.filter(pk=small_province.facilities[0].pk).update(state=Facility.State.REMOVED)
    round_ = make_round(small_province)
    planning.start_round(chief, round_.pk)
    assert [v.facility for v in round_.inspections.all()] == [small_province.facilities[1]]


def test_due_counts_what_was_handed_in(chief, small_province):
    Figures.objects.create(facility=small_province.facilities[0], inspected_on=timezone.localdate())
    round_ = make_round(small_province, rule=Round.Rule.DUE)
    assert [row.candidate.pk for row in queries.drawn(round_) if row.is_in] == [small_province.facilities[1].pk]


def test_a_random_round_is_unannounced_and_its_seed_is_the_servers(chief, small_province):
    today = timezone.localdate()
    fields = {"name": "R", "rule": Round.Rule.RANDOM, "area": small_province.region, "options": {"share": 50}}
    fields |= {"starts_on": today, "ends_on": today, "announced": True}
    round_ = planning.plan_round(chief, fields)
    assert not round_.announced
    assert round_.seed > 0
    planning.start_round(chief, round_.pk)
    assert set(round_.inspections.values_list("kind", flat=True)) == {"unannounced"}
    assert round_.inspections.count() == 2


def test_the_facility_does_not_learn_of_an_unannounced_visit(person, client_for, small_province, inspector):
    contact = person("facility_contact")
    small_province.facilities[0].contacts.create(person=contact, full_name="x", phone="1")
    visit = make_visit(small_province.facilities[0], inspector, kind="unannounced")
    client = client_for(contact)
    assert client.get(visit.get_absolute_url()).status_code == 404
    assert not queries.visits(contact).exists()
    Inspection.objects.filter(pk=visit.pk).update(state="under_way")
    assert client.get(visit.get_absolute_url()).status_code == 200


def test_nobody_without_the_right_plans(inspector, small_province):
    round_ = make_round(small_province)
    with pytest.raises((PermissionDenied, Round.DoesNotExist)):
        planning.start_round(inspector, round_.pk)
    with pytest.raises(PermissionDenied):
        planning.plan_visits(inspector, [small_province.facilities[2]], inspector=inspector)


def test_an_inspector_plans_for_themselves_only(inspector, colleague, small_province):
    (visit,) = planning.plan_visits(inspector, [small_province.facilities[0]], kind="cause", inspector=inspector)
    assert (visit.state, visit.inspector) == ("assigned", inspector)
    with pytest.raises(Refused, match="visits of your own"):
        planning.plan_visits(inspector, [small_province.facilities[1]], inspector=colleague)


def test_a_second_visit_is_not_planned_while_one_is_open(chief, small_province):
    planning.plan_visits(chief, small_province.facilities[:1])
    made = planning.plan_visits(chief, small_province.facilities[:2])
    assert [visit.facility for visit in made] == [small_province.facilities[1]]
    with pytest.raises(Refused, match="planned already"):
        planning.plan_visits(chief, small_province.facilities[:2])


@pytest.mark.parametrize("days", [-1, 4000])
def test_a_day_that_is_over_or_too_far(chief, small_province, days):
    with pytest.raises(Refused):
        planning.plan_visits(chief, small_province.facilities[:1], on=timezone.localdate() + timedelta(days=days))


def test_nobody_is_sent_where_they_may_not_inspect(chief, inspector, small_province):
    with pytest.raises(Refused, match="outside the area"):
        planning.plan_visits(chief, [small_province.facilities[2]], inspector=inspector)
    round_ = make_round(small_province, area=small_province.region)
    planning.start_round(chief, round_.pk)
    with pytest.raises(Refused, match="None of those chosen"):
        planning.assign_round(chief, round_.pk, [inspector], by_area=True)
    assert not round_.inspections.exclude(inspector=None).exists()


def test_a_round_is_given_out_evenly(chief, inspector, colleague, person, small_province):
    for number in range(8):
        make_facility(f"S{number}", small_province.settlements[number % 2])
    round_ = make_round(small_province)
    planning.start_round(chief, round_.pk)
    assert sorted(planning.assign_round(chief, round_.pk, [inspector, colleague], by_area=False).values()) == [5, 5]


def test_a_round_is_given_out_by_district(chief, person, small_province):
    everywhere, also = person("inspector"), person("inspector")
    for number in range(6):
        make_facility(f"S{number}", small_province.settlements[number % 4])
    round_ = make_round(small_province, area=small_province.region)
    planning.start_round(chief, round_.pk)
    planning.assign_round(chief, round_.pk, [everywhere, also], by_area=True)
    south = round_.inspections.filter(facility__area__path__startswith=small_province.districts[1].path)
    assert len(set(south.values_list("inspector", flat=True))) == 1


@pytest.fixture
def chief_of_the_south(person, small_province):
    """Somebody who sees and inspects the whole province, and sends others in one district only."""
    somebody = person("inspector")
    Assignment.objects.create(person=somebody, role="chief", area=small_province.districts[1])
    return somebody


def test_a_round_is_given_out_where_one_may_send_others(
    chief, inspector, chief_of_the_south, client_for, small_province
):
    round_ = make_round(small_province)
    planning.start_round(chief, round_.pk)
    with pytest.raises(Refused, match="that you may give out"):
        planning.assign_round(chief_of_the_south, round_.pk, [inspector], by_area=True)
    assert not round_.inspections.exclude(inspector=None).exists()
    assert "give-out" not in client_for(chief_of_the_south).get(round_.get_absolute_url()).content.decode()
    assert "give-out" in client_for(chief).get(round_.get_absolute_url()).content.decode()


def test_of_a_round_of_the_province_each_gives_out_what_is_theirs(
    chief, chief_of_the_south, person, client_for, small_province
):
    everywhere = person("inspector")
    round_ = make_round(small_province, area=small_province.region)
    planning.start_round(chief, round_.pk)
    page = client_for(chief_of_the_south).get(round_.get_absolute_url()).content.decode()
    assert "2 visits lie outside of what you may give out" in page
    planning.assign_round(chief_of_the_south, round_.pk, [everywhere], by_area=True)
    south = round_.inspections.filter(facility__area__path__startswith=small_province.districts[1].path)
    given = round_.inspections.filter(inspector=everywhere)
    assert set(given) == set(south)
    assert given.count() == round_.inspections.count() - 2


def test_a_visit_is_planned_for_others_where_one_may_send_them(chief_of_the_south, person, small_province):
    everywhere = person("inspector")
    with pytest.raises(Refused, match="visits of your own"):
        planning.plan_visits(chief_of_the_south, small_province.facilities[:1], inspector=everywhere)
    (visit,) = planning.plan_visits(chief_of_the_south, small_province.facilities[2:3], inspector=everywhere)
    assert visit.inspector == everywhere


def test_a_re_inspection_is_by_another_person(chief, inspector, colleague, small_province):
    finding = make_finding(small_province.facilities[0], inspector)
    with pytest.raises(Refused, match="must be seen by another person"):
        planning.plan_recheck(chief, [finding], timezone.localdate(), inspector)
    visit = planning.plan_recheck(chief, [finding], timezone.localdate(), colleague)
    assert (visit.kind, list(visit.verifies.all())) == ("again", [finding])
    with pytest.raises(Refused, match="planned already"):
        planning.plan_recheck(chief, [finding], timezone.localdate(), colleague)
    with pytest.raises(Refused, match="must be seen by another person"):
        planning.assign_visit(chief, visit.pk, inspector=inspector, on=visit.planned_on)


def test_a_re_inspection_is_of_one_facility_and_of_open_findings(chief, inspector, colleague, small_province):
    one, other = (make_finding(facility, inspector) for facility in small_province.facilities[:2])
    with pytest.raises(Refused, match="one facility"):
        planning.plan_recheck(chief, [one, other], None, colleague)
    Finding.objects.filter(pk=one.pk).update(state="withdrawn")
    with pytest.raises(Refused, match="not open any more"):
        planning.plan_recheck(chief, [one], None, colleague)


def test_a_visit_under_way_keeps_its_inspector(chief, inspector, colleague, small_province):
    visit = make_visit(small_province.facilities[0], inspector, state="under_way")
    with pytest.raises(Refused, match="under way"):
        planning.assign_visit(chief, visit.pk, inspector=colleague)
    planning.assign_visit(chief, visit.pk, inspector=inspector, companions=[colleague], on=visit.planned_on)
    assert list(visit.companions.all()) == [colleague]


def test_closing_a_round_cancels_what_has_not_begun(chief, inspector, small_province):
    round_ = make_round(small_province, state="running")
    waiting = make_visit(small_province.facilities[0], inspector, round=round_)
    begun = make_visit(small_province.facilities[1], inspector, round=round_, state="under_way")
    planning.close_round(chief, round_.pk)
    waiting.refresh_from_db()
    begun.refresh_from_db()
    assert (waiting.state, begun.state) == ("cancelled", "under_way")
    assert "Autumn" in waiting.cancelled_why


def test_cancel_and_reopen(chief, inspector, small_province):
    visit = make_visit(small_province.facilities[0], inspector)
    with pytest.raises(Refused, match="Say why"):
        planning.cancel_visit(chief, visit.pk, " ")
    assert planning.cancel_visit(chief, visit.pk, "repairs").state == "cancelled"
    assert planning.reopen_visit(chief, visit.pk).state == "assigned"


def test_a_finding_is_withdrawn_by_another_person_with_a_reason(inspector, colleague, small_province):
    finding = make_finding(small_province.facilities[0], inspector)
    with pytest.raises(Refused, match="found it yourself"):
        findings.withdraw_finding(inspector, finding.pk, "mistake")
    with pytest.raises(Refused, match="Say why"):
        findings.withdraw_finding(colleague, finding.pk, "")
    assert findings.withdraw_finding(colleague, finding.pk, "It was another gate").state == "withdrawn"
    with pytest.raises(Refused, match="not open"):
        findings.withdraw_finding(colleague, finding.pk, "again")


def day(weekday):
    start = timezone.localdate() + timedelta(days=1)
    return start + timedelta(days=(weekday - start.weekday()) % 7)


@pytest.fixture
def route(chief, inspector, small_province, monkeypatch):
    """A running round of six visits for one inspector; the schools keep the weekend and Wednesday closed."""
    monkeypatch.setattr(routing, "SEARCH_S", 0.3)
    monkeypatch.setattr(routing.work, "__kwdefaults__", {"search_s": 0.3})
    opening = [[480, 1080], [480, 1080], None, [480, 1080], [480, 1080], None, None]
    for number in range(4):
        lat = small_province.settlements[0].lat + number / 200
        make_facility(f"S{number}", small_province.settlements[0], lat=lat, opening=opening)
    round_ = make_round(small_province, state="draft")
    planning.start_round(chief, round_.pk)
    planning.assign_round(chief, round_.pk, [inspector], by_area=True)
    return round_


ASKED = {"begin": time(9), "end": time(18), "minutes": 60, "most": 6, "weekends": False}


def test_nobody_visits_in_a_break_nor_when_it_is_closed():
    week = parse("Mon-Fri 9-18, break 13-14; Sat 20-2")
    facility = Facility(opening=week)
    at = [routing.windows(facility, day(weekday), 480, 1200) for weekday in (0, 5, 6)]
    assert at == [((540, 780), (840, 1080)), ((1200, 1440),), ()]
    assert routing.windows(Facility(opening=[]), day(0), 480, 1200) == ((480, 1200),), "not known: all of the shift"


def test_routes_are_planned_by_a_job(chief, inspector, route):
    job = routing.start(chief, route, ASKED | {"first": day(0), "days": 3})
    assert run_waiting() == 1
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    visits = list(route.inspections.order_by("planned_on", "planned_order"))
    assert all(visit.planned_on and visit.planned_order and visit.planned_at for visit in visits)
    assert "6 visits have a day" in job.result["text"]
    on = visits[0].planned_on
    planned = routing.day_of(inspector, queries.day(chief, inspector, on))
    assert planned.metres > 0
    assert planned.line["coordinates"][0] == planned.line["coordinates"][-1]


def test_closed_facilities_have_no_route_and_it_is_said_why(chief, route):
    job = routing.start(chief, route, ASKED | {"first": day(2), "days": 1})
    run_waiting()
    job.refresh_from_db()
    assert "4 visits have none" in job.result["text"]
    assert "it is closed then" in job.result["text"]
    assert route.inspections.filter(planned_on=None).count() == 4


def test_routes_that_are_stopped_change_nothing(chief, route, monkeypatch):
    job = routing.start(chief, route, ASKED | {"first": day(0), "days": 3})
    monkeypatch.setattr("tirek.jobs.running.WRITE_EVERY_S", 0)
    Job.objects.filter(pk=job.pk).update(stop_asked=True)
    run_waiting()
    job.refresh_from_db()
    assert job.state == Job.State.STOPPED
    assert not route.inspections.exclude(planned_on=None).exists()


def test_a_visit_is_moved_by_hand(chief, client_for, inspector, small_province):
    first = make_visit(small_province.facilities[0], inspector, planned_order=1, planned_at=time(9))
    second = make_visit(small_province.facilities[1], inspector, planned_order=2, planned_at=time(11))
    client_for(chief).post(f"/inspections/{second.pk}/move/", {"to": "up"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.planned_order, second.planned_at) == (1, time(9))
    assert (first.planned_order, first.planned_at) == (2, time(11))


def test_many_facilities_are_planned_from_the_register(chief, inspector, small_province):
    deed = find_bulk_act("plan_inspections")
    data = {"kind": "planned", "on": timezone.localdate().isoformat(), "inspector": inspector.pk, "reason": ""}
    outcome = run(chief, deed, [facility.pk for facility in small_province.facilities], data)
    assert outcome.done == 2
    assert len(outcome.refused) == 1  # the South lies outside the inspector's area
    assert run(chief, deed, [small_province.facilities[0].pk], data).done == 0


def test_the_form_of_the_bulk_act_offers_an_inspector_only_themselves(chief, inspector, colleague):
    form = find_bulk_act("plan_inspections").form
    assert set(form(user=chief).fields["inspector"].queryset) == {inspector, colleague}
    assert set(form(user=inspector).fields["inspector"].queryset) == {inspector}


def test_a_round_of_facilities_ticked_in_the_register(client_for, chief, small_province):
    """The register leads to the form, the form keeps the choice, the round visits just these."""
    client, chosen = client_for(chief), small_province.facilities[:2]
    ids = sorted(facility.pk for facility in chosen)
    answer = client.get("/facilities/bulk/", {"act": "plan_round", "row": ids})
    assert answer.url == f"/inspections/rounds/new/?facilities={ids[0]},{ids[1]}"
    form = client.get(answer.url).context["form"]
    assert form["rule"].initial == "chosen"
    assert form["area"].initial == queries.area_of_all(ids)
    fields = {"name": "Two", "rule": "chosen", "area": form["area"].initial.pk, "starts_on": "2026-06-01"}
    fields |= {"ends_on": "2026-06-30", "older_than_days": 365, "share": 10}
    answer = client.post(answer.url, fields | {"facilities": ids[:1]})
    assert [row.candidate.pk for row in queries.drawn(Round.objects.get(name="Two")) if row.is_in] == ids[:1]
    kept = client.get(answer.url + "edit/").context["form"]
    assert kept["facilities"].initial == ids[:1]


def test_chosen_by_hand_but_nobody_chosen(client_for, chief, small_province):
    fields = {"name": "None", "rule": "chosen", "area": small_province.region.pk, "starts_on": "2026-06-01"}
    fields |= {"ends_on": "2026-06-30", "older_than_days": 365, "share": 10}
    answer = client_for(chief).post("/inspections/rounds/new/", fields)
    assert "tick the rows" in answer.context["form"].errors["rule"][0]
    assert not Round.objects.exists()


def test_too_many_for_an_address(client_for, chief, small_province, monkeypatch):
    monkeypatch.setattr(sys.modules["tirek.facilities.views.bulk"], "MOST_LED", 1)
    rows = [facility.pk for facility in small_province.facilities[:2]]
    answer = client_for(chief).get("/facilities/bulk/", {"act": "plan_round", "row": rows}, follow=True)
    assert "Choose at most 1 facilities for this." in answer.content.decode()
