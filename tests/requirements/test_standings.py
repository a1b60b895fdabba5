"""Where facilities stand: what people saw, what live data says, what counts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.requirements.support import demand
from tirek.audit.act import Refused
from tirek.facilities.models import Contact, Facility
from tirek.requirements import actions, queries, registry
from tirek.requirements.models import FormerStanding, Standing
from tirek.requirements.registry import LiveFact
from tirek.requirements.standing import Statement, counting, replaces

DAY = timedelta(days=1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIVE = demand("camera", point="video", mandatory=True, verify="live", live={"name": "test_check", "days": 30})

moments = st.integers(0, 4).map(lambda n: NOW + n * DAY)
people = st.builds(
    Statement,
    st.sampled_from(["met", "unmet", "na", "unknown"]),
    moments,
    st.sampled_from(["inspection", "notice", "declared"]),
)
machines = st.builds(Statement, st.sampled_from(["met", "unmet", "unknown"]), moments, st.just("live"))


# --- the rule -----------------------------------------------------------------------------------------------------------
@given(st.one_of(st.none(), people), st.one_of(st.none(), machines))
def test_the_newer_known_statement_counts(said, live):
    found = counting(said, live)
    known = [one for one in (said, live) if one and one.is_known]
    assert (found is None) == (not known)
    if found is not None:
        assert found in known
        assert all(found.since >= one.since for one in known)


@given(people, people)
def test_a_declaration_never_takes_the_place_of_what_was_seen(new, old):
    if new.source == "declared" and old.source != "declared" and old.is_known:
        assert not replaces(new, old)
    if new.source != "declared" and old.source == "declared":
        assert replaces(new, old)


# --- recording ----------------------------------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


@pytest.fixture
def facility(small_province):
    return small_province.facilities[0]


def one(facility, key="camera"):
    return Standing.objects.get(facility=facility, key=key)


def test_what_an_inspection_saw(facility, enforced):
    enforced(demand("gate"), LIVE)
    gate, camera = queries.checklist(facility)
    at = timezone.now() - DAY
    actions.record_standings(
        facility, {gate: "met", camera: ("unmet", "two are dark")}, source="inspection", source_id=7, at=at
    )
    row = one(facility)
    assert (row.state, row.since, row.source, row.source_id, row.note) == ("unmet", at, "inspection", 7, "two are dark")
    facility.figures.refresh_from_db()
    assert (facility.figures.mandatory_unmet, facility.figures.weakest_point) == (1, "video")
    assert (facility.figures.protection, facility.figures.gap_low, facility.figures.gap_high) == (50, 100, 100)


def test_a_state_of_no_meaning_is_an_error(facility, enforced):
    enforced(LIVE)
    with pytest.raises(ValueError, match="fine"):
        actions.record_standings(facility, dict.fromkeys(queries.checklist(facility), "fine"), source="inspection")
    assert not Standing.objects.exists()


def test_a_newer_visit_wins_whichever_comes_in_first(facility, enforced):
    enforced(LIVE)
    (camera,) = queries.checklist(facility)
    older, newer = timezone.now() - 9 * DAY, timezone.now() - DAY
    actions.record_standings(facility, {camera: "met"}, source="inspection", source_id=2, at=newer)
    actions.record_standings(facility, {camera: "unmet"}, source="inspection", source_id=1, at=older)
    assert (one(facility).state, one(facility).source_id) == ("met", 2)
    late = FormerStanding.objects.get()
    assert (late.state, late.since, late.until, late.source_id) == ("unmet", older, newer, 1)


def test_a_change_goes_to_the_history(facility, enforced):
    enforced(LIVE)
    (camera,) = queries.checklist(facility)
    first, second, third = (timezone.now() - n * DAY for n in (9, 5, 1))
    for at, state in ((first, "unmet"), (second, "unmet"), (third, "met")):
        actions.record_standings(facility, {camera: state}, source="inspection", at=at)
    former = FormerStanding.objects.get()
    assert (former.state, former.until, former.why) == ("unmet", third, "newer")
    assert list(queries.former(facility, camera.edition.standard_id, "camera")) == [former]


def test_many_visits_at_once_are_few_queries(small_province, enforced, django_assert_max_num_queries):
    enforced(*(demand(f"key-{n}") for n in range(40)))
    rows = queries.in_force()
    records = [
        actions.Record(f.pk, dict.fromkeys(rows, "met"), "inspection", timezone.now())
        for f in small_province.facilities
    ]
    with django_assert_max_num_queries(14):
        actions.record_many(records, recount=False)  # what other rooms count of a facility is theirs to hold down
    assert Standing.objects.filter(state="met").count() == 120


# --- live ---------------------------------------------------------------------------------------------------------------
@pytest.fixture
def fact(checks):
    """What the live check says of every facility; None leaves it out."""
    says = {"fact": None, "asked": []}

    @registry.live_check("test_check")
    def test_check(facility_ids: list[int], *, days: int) -> dict[int, LiveFact]:
        says["asked"].append((facility_ids, days))
        return {} if says["fact"] is None else dict.fromkeys(facility_ids, says["fact"])

    return says


def test_a_live_fact_becomes_a_standing(facility, enforced, fact):
    since = timezone.now() - 3 * DAY
    fact["fact"] = LiveFact("unmet", since, {"en": "17 of 19 work", "ru": "работают 17 из 19"})
    enforced(LIVE)
    row = one(facility)
    assert (row.state, row.source, row.since, row.live_words) == ("unmet", "live", since, "17 of 19 work")
    assert fact["asked"][-1][1] == 30
    facility.figures.refresh_from_db()
    assert facility.figures.mandatory_unmet == 1


def test_what_live_data_does_not_know_leaves_no_row(facility, enforced, fact):
    fact["fact"] = LiveFact("unknown")
    enforced(LIVE)
    assert not Standing.objects.exists()


def test_a_check_of_an_unknown_name_is_not_known_and_no_error(facility, enforced):
    enforced(demand("camera", verify="live", live={"name": "of_another_server"}))
    actions.refresh_live([facility.pk])
    assert not Standing.objects.exists()
    (part,) = queries.where_it_stands(facility)
    assert part.unknown == 1
    assert part.lines[0].state == "unknown"


def test_a_check_with_wrong_parameters_is_not_asked(facility, enforced, fact):
    fact["fact"] = LiveFact("met")
    enforced(
        demand("camera", live={"name": "test_check", "weeks": 4}),
        demand("gate", live={"name": "test_check", "days": "x"}),
    )
    assert fact["asked"] == []
    assert not Standing.objects.exists()


def test_since_when_where_nothing_tells(facility, enforced, fact):
    fact["fact"] = LiveFact("met")
    enforced(LIVE)
    first = one(facility).since
    actions.refresh_live([facility.pk])
    assert one(facility).since == first, "the same fact is as old as when it was first seen"
    fact["fact"] = LiveFact("unmet")
    actions.refresh_live([facility.pk])
    assert one(facility).since > first
    assert FormerStanding.objects.get().state == "met"


def test_a_newer_inspection_wins_and_both_are_shown(facility, enforced, fact):
    fact["fact"] = LiveFact("met", timezone.now() - 9 * DAY, {"en": "all report"})
    enforced(LIVE)
    (camera,) = queries.checklist(facility)
    actions.record_standings(facility, {camera: ("unmet", "dark")}, source="inspection", at=timezone.now() - 5 * DAY)
    row = one(facility)
    assert (row.state, row.source, row.live_state, row.is_disputed) == ("unmet", "inspection", "met", True)
    actions.refresh_live([facility.pk])
    assert one(facility).state == "unmet", "the same old fact does not come back"
    fact["fact"] = LiveFact("met", timezone.now() - DAY, {"en": "all report again"})
    actions.refresh_live([facility.pk])
    row = one(facility)
    assert (row.state, row.source, row.said_state, row.is_disputed) == ("met", "live", "unmet", True)


def test_when_live_data_falls_silent_what_was_seen_counts_again(facility, enforced, fact):
    enforced(LIVE)
    (camera,) = queries.checklist(facility)
    actions.record_standings(facility, {camera: "unmet"}, source="inspection", at=timezone.now() - 5 * DAY)
    fact["fact"] = LiveFact("met", timezone.now() - DAY)
    actions.refresh_live([facility.pk])
    assert one(facility).state == "met"
    fact["fact"] = None
    actions.refresh_live([facility.pk])
    assert (one(facility).state, one(facility).source) == ("unmet", "inspection")


def test_what_does_not_bind_is_not_asked(small_province, enforced, fact):
    fact["fact"] = LiveFact("met")
    enforced(demand("camera", live={"name": "test_check", "days": 3}, applies={"categories": [1]}))
    assert not Standing.objects.exists()


def test_one_question_of_two_standards_is_asked_once(facility, enforced, fact):
    fact["fact"] = LiveFact("met")
    enforced(LIVE)
    enforced(LIVE, code="ministry")
    fact["asked"].clear()
    actions.refresh_live([facility.pk])
    assert len(fact["asked"]) == 1
    assert Standing.objects.filter(facility=facility).count() == 2


def test_the_check_of_contacts(facility, enforced):
    enforced(demand("contacts", verify="live", live={"name": "contacts_on_duty"}))
    assert one(facility, "contacts").state == "unmet"
    Contact.objects.create(facility=facility, full_name="Guard", phone="112", hours="day and night")
    actions.refresh_live([facility.pk])
    assert one(facility, "contacts").state == "met"


def test_the_check_of_documents(facility, enforced):
    from tirek.facilities.models import Document
    from tirek.files.models import StoredFile

    enforced(demand("plan", verify="live", live={"name": "document_present", "kind": "site_plan", "years": 5}))
    assert one(facility, "plan").state == "unmet"
    file = StoredFile.objects.create(
        sha256="0" * 64,
        source_sha256="0" * 64,
        size=1,
        source_size=1,
        name="plan.pdf",
        media_type="application/pdf",
        kind="pdf",
        path="p",
    )
    document = Document.objects.create(
        facility=facility, kind="site_plan", title="Plan", file=file, dated=timezone.localdate() - 6 * 365 * DAY
    )
    actions.refresh_live([facility.pk])
    assert one(facility, "plan").state == "unmet"
    assert "too old" in one(facility, "plan").live_words
    document.dated = timezone.localdate() - 2 * 365 * DAY
    document.save()
    actions.refresh_live([facility.pk])
    row = one(facility, "plan")
    assert row.state == "met"
    assert timezone.localdate(row.since) == document.dated
    assert set(row.live_text) == {"kk", "ru", "en"}
    assert len(set(row.live_text.values())) == 3


# --- declared -----------------------------------------------------------------------------------------------------------
def test_a_facility_says_it_of_itself(person, facility, enforced):
    enforced(LIVE)
    (camera,) = queries.checklist(facility)
    contact = person("facility_contact")
    Contact.objects.create(facility=facility, person=contact, full_name="C", phone="1")
    row = actions.declare_standing(contact, facility.pk, camera.pk, "met", "repaired")
    assert (row.state, row.source, row.source_id) == ("met", "declared", contact.pk)
    with pytest.raises(Refused, match="why"):
        actions.declare_standing(contact, facility.pk, camera.pk, "na")


def test_a_declaration_does_not_overrule_an_inspection(person, facility, enforced):
    enforced(LIVE)
    (camera,) = queries.checklist(facility)
    actions.record_standings(facility, {camera: "unmet"}, source="inspection", at=timezone.now() - 9 * DAY)
    with pytest.raises(Refused, match="Only another visit"):
        actions.declare_standing(person("inspector"), facility.pk, camera.pk, "met")
    assert one(facility).state == "unmet"


def test_who_may_not_declare(person, small_province, facility, enforced):
    enforced(LIVE)
    (camera,) = queries.checklist(facility)
    with pytest.raises(PermissionDenied):
        actions.declare_standing(person("duty_officer"), facility.pk, camera.pk, "met")
    for stranger in (person("facility_contact"), person("inspector", small_province.districts[1])):
        with pytest.raises(Facility.DoesNotExist):
            actions.declare_standing(stranger, facility.pk, camera.pk, "met")
