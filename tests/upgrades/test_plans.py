"""Plans: computed as the engine says, adopted once, never changed afterwards."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.jobs.models import Job
from tirek.jobs.running import run_waiting
from tirek.upgrades import actions, queries, whatif
from tirek.upgrades.computing import compute, prepare, problem_of
from tirek.upgrades.models import Measure, PlanLine, UpgradePlan
from tirek_engines.budget import optimise


def _bad(world) -> None:
    world.say(0, gate="unmet", lamp="unmet", door="unmet", camera="met", button="met")
    world.say(1, gate="met", lamp="unmet", door="met", camera="unmet", button="met")
    world.say(2, gate="unmet", lamp="met", door="met", camera="met", button="unmet")


def _computed(world, user, budget=1000, **fields) -> UpgradePlan:
    plan = world.plan(budget, **fields)
    actions.start_computing(user, plan.pk)
    run_waiting()
    plan.refresh_from_db()
    assert plan.state == "computed", plan.job.error
    return plan


def test_the_plan_is_what_the_engine_finds(world, analyst):
    _bad(world)
    plan = _computed(world, analyst, 500)
    work = prepare(plan)
    best = optimise(problem_of(work, plan), 50_000)
    assert plan.result["outcome"] == "optimal"
    assert plan.result["gain"] == pytest.approx(best.gain, abs=1e-9)
    assert {line.facility_id for line in plan.lines.all()} == {
        work.basis.ids[row] for row in (best.package >= 0).nonzero()[0]
    }
    assert sum(line.cost for line in plan.lines.all()) * 100 == plan.result["cost"] == best.cost <= 50_000
    assert sum(line.gain for line in plan.lines.all()) == pytest.approx(plan.result["gain"], abs=1e-9)
    entry = Entry.objects.filter(verb="upgrades.compute_upgradeplan").order_by("-pk").first()
    assert entry.after["outcome"] == "optimal"
    assert entry.actor_id == analyst.pk


def test_a_line_is_what_its_what_if_says(world, analyst):
    _bad(world)
    plan = _computed(world, analyst, 10_000)
    assert plan.lines.count() == 3
    for line in plan.lines.select_related("facility"):
        told = whatif.answer(whatif.read(line.facility), "hospital", [one["code"] for one in line.measures], [])
        assert told.cost == line.cost * 100
        assert told.before.low == pytest.approx(100 * line.gap_before)
        assert told.after.low == pytest.approx(100 * line.gap_after)
        assert len(told.remaining) == line.unmet_after
        assert line.gain == pytest.approx(told.closed * plan.tier_weights[line.tier - 1])
        assert sum(Decimal(one["cost"]) for one in line.measures) == line.cost


def test_mandatory_first_even_where_others_gain_more(world, analyst):
    world.say(0, gate="unmet", lamp="met", door="met", camera="met", button="met")  # 75 points for 200
    world.say(2, gate="met", lamp="met", door="met", camera="unmet", button="unmet")  # mandatory for 150, no gain alone
    first = _computed(world, analyst, 200)
    assert [line.facility_id for line in first.lines.all()] == [world.province.facilities[2].pk]
    assert first.lines.get().mandatory
    free = _computed(world, analyst, 200, mandatory_first=False)
    assert [line.facility_id for line in free.lines.all()] == [world.province.facilities[0].pk]


def test_too_little_money_is_said_in_words(world, analyst, chief, client_for):
    _bad(world)
    plan = _computed(world, analyst, 120)
    assert plan.result["outcome"] == "infeasible"
    assert plan.result["missing"] == 13_000
    page = client_for(analyst).get(plan.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "The money does not suffice" in page
    assert "130 ₸ are missing" in page
    assert "250 ₸" in page
    with pytest.raises(Refused, match="mandatory"):
        actions.adopt_plan(chief, plan.pk)


def test_choices_of_a_person_count(world, analyst):
    _bad(world)
    north, school, south = (facility.pk for facility in world.province.facilities)
    plan = _computed(world, analyst, 250)
    assert {line.facility_id for line in plan.lines.all()} == {north, south}
    actions.choose(analyst, plan.pk, south, "out")
    actions.choose(analyst, plan.pk, school, "in")
    UpgradePlan.objects.filter(pk=plan.pk).update(budget=Decimal(400))
    actions.start_computing(analyst, plan.pk)
    run_waiting()
    plan.refresh_from_db()
    assert {line.facility_id for line in plan.lines.all()} == {north, school}
    assert plan.lines.get(facility=school).choice == "in"
    with pytest.raises(Refused):
        actions.choose(analyst, plan.pk, south, "maybe")


def test_a_minimum_for_each_district(world, analyst):
    _bad(world)
    world.say(2, button="met", gate="met", camera="unmet")
    plain = _computed(world, analyst, 400, mandatory_first=False)
    districts = set(queries.district_of([line.facility for line in queries.lines(plain)]).values())
    both = _computed(world, analyst, 700, mandatory_first=False, least_per_district=1)
    assert set(queries.district_of([line.facility for line in queries.lines(both)]).values()) == {"North", "South"}
    assert districts <= {"North", "South"}


def test_an_adopted_plan_stays_what_it_was(world, analyst, chief):
    _bad(world)
    plan = _computed(world, analyst)
    with pytest.raises(PermissionDenied):
        actions.adopt_plan(analyst, plan.pk)
    actions.choose(analyst, plan.pk, world.province.facilities[0].pk, "out")
    with pytest.raises(Refused, match="again"):
        actions.adopt_plan(chief, plan.pk)
    actions.choose(analyst, plan.pk, world.province.facilities[0].pk, "")
    actions.adopt_plan(chief, plan.pk)
    before = list(PlanLine.objects.filter(plan=plan).order_by("pk").values("measures", "cost", "gap_after"))
    Measure.objects.update(price=Decimal(999_999))
    world.say(0, gate="met", door="met", lamp="met")
    for act in (
        lambda: actions.start_computing(chief, plan.pk),
        lambda: actions.choose(chief, plan.pk, world.province.facilities[0].pk, "out"),
        lambda: actions.remove_plan(chief, plan.pk),
        lambda: actions.adopt_plan(chief, plan.pk),
    ):
        with pytest.raises(Refused, match="adopted"):
            act()
    assert list(PlanLine.objects.filter(plan=plan).order_by("pk").values("measures", "cost", "gap_after")) == before


def test_who_may_plan_where(world, person):
    plan = world.plan(100)
    south = world.province.districts[1]
    fields = {
        "name": "P",
        "year": 2027,
        "area": world.province.region,
        "budget": Decimal(1),
        "tier_weights": [1, 1, 1, 1],
    }
    with pytest.raises(PermissionDenied):
        actions.add_plan(person("inspector"), fields)
    with pytest.raises(PermissionDenied):
        actions.add_plan(person("analyst", south), fields)
    assert actions.add_plan(person("analyst", south), {**fields, "area": south}).area == south
    with pytest.raises(UpgradePlan.DoesNotExist):
        actions.start_computing(person("analyst", south), plan.pk)


def test_a_job_that_is_stopped_changes_nothing(world, analyst):
    _bad(world)
    plan = world.plan(1000)
    job = actions.start_computing(analyst, plan.pk)
    with pytest.raises(Refused, match="already"):
        actions.start_computing(analyst, plan.pk)
    Job.objects.filter(pk=job.pk).update(stop_asked=True)
    run_waiting()
    job.refresh_from_db()
    plan.refresh_from_db()
    assert job.state == "stopped"
    assert plan.state == "draft"
    assert not plan.lines.exists()


def test_a_plan_changed_meanwhile_is_refused(world, analyst):
    _bad(world)
    plan = world.plan(1000)

    def meddle(percent: int, _note: str) -> None:
        if percent == 40:
            UpgradePlan.objects.filter(pk=plan.pk).update(budget=Decimal(5))

    row = UpgradePlan.objects.select_related("area", "scenario").get(pk=plan.pk)
    with pytest.raises(Refused, match="changed"):
        actions.plans.store_computed(analyst, plan.pk, row, meddle)
    assert not plan.lines.exists()


def test_nothing_to_do_and_nothing_known(world, analyst):
    plan = _computed(world, analyst)
    assert not plan.lines.exists()
    assert plan.result["gain"] == 0
    assert plan.result["near"] == []
    Measure.objects.all().delete()
    job = actions.start_computing(analyst, plan.pk)
    run_waiting()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "catalogue" in job.error


def test_huge_numbers(world, analyst):
    _bad(world)
    plan = _computed(world, analyst, 90_000_000_000_000)
    assert plan.lines.count() == 3
    Measure.objects.update(price=Decimal("999999999999.99"))
    assert compute(UpgradePlan.objects.get(pk=plan.pk)).lines
    Measure.objects.update(per="area_m2")
    with pytest.raises(Refused, match="90 trillion"):
        compute(UpgradePlan.objects.get(pk=plan.pk))


def test_money_is_whole_tiyn(world, analyst):
    _bad(world)
    Measure.objects.filter(code="lamps").update(price=Decimal("0.07"))
    plan = _computed(world, analyst, 5000)
    assert all(
        Decimal(one["cost"]) == one["quantity"] * Decimal(one["price"])
        for line in plan.lines.all()
        for one in line.measures
    )


def test_two_plans_side_by_side(world, analyst, client_for):
    _bad(world)
    small, large = _computed(world, analyst, 250), _computed(world, analyst, 5000)
    found = queries.comparison(small, large)
    assert found.same + len(found.other) + len(found.only_b) == 3
    assert found.only_a == []
    assert sum(row[1] for row in found.districts) == small.lines.count()
    assert sum(row[4] for row in found.districts) == found.b.cost
    page = client_for(analyst).get(f"/upgrades/compare/?a={small.pk}&b={large.pk}")
    assert page.status_code == 200
    assert "By district" in page.content.decode()


def test_the_frontier_rises_and_holds_the_plan(world, analyst):
    _bad(world)
    plan = _computed(world, analyst, 450)
    gains = [row["gain"] for row in plan.result["frontier"]]
    assert gains == sorted(gains)
    assert len(gains) > 5
    own = next(row for row in plan.result["frontier"] if row["budget"] == 45_000)
    assert own["gain"] == pytest.approx(plan.result["gain"])
    assert all(0 <= line.stays <= 1 for line in plan.lines.all())


def test_xlsx_and_paper(world, analyst, client_for):
    _bad(world)
    plan = _computed(world, analyst, 5000)
    client = client_for(analyst)
    response = client.get(reverse("sheets:export", args=["upgrade-plan", "xlsx"]) + f"?plan={plan.pk}")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.values)
    assert len(rows) == 1 + plan.lines.count()
    assert sum(row[7] for row in rows[1:]) == plan.result["cost"] / 100
    paper = client.get(f"/upgrades/plans/{plan.pk}/order.pdf")
    assert paper.content.startswith(b"%PDF")
    assert len(paper.content) > 5000
