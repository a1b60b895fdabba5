"""What a phone sends is taken in once, put aside or refused, and never lost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.inspections.support import Phone, make_standard, make_visit
from tirek.audit.models import Entry
from tirek.inspections import payload
from tirek.inspections.models import Change, Conflict, Inspection

pytestmark = pytest.mark.django_db


def test_an_answer_stands(phone, visit, demands):
    change = phone.answer(demands[0], "unmet", "The gate stands open", place="yard")
    told = phone.sync(visit, change).json()
    assert told["outcomes"][change["id"]]["outcome"] == "applied"
    answer = visit.answers.get()
    assert (answer.state, answer.note, answer.place, answer.version) == ("unmet", "The gate stands open", "yard", 1)
    assert told["answers"][str(demands[0].pk)]["version"] == 1
    visit.refresh_from_db()
    assert visit.state == Inspection.State.UNDER_WAY


def test_sent_again_it_gets_the_same_outcome_and_has_no_effect(phone, visit, demands):
    change = phone.answer(demands[0], "met")
    first = phone.sync(visit, change).json()
    entries = Entry.objects.count()
    again = phone.sync(visit, change).json()
    assert again["outcomes"] == first["outcomes"]
    assert again["answers"] == first["answers"]
    assert again["version"] == first["version"]
    assert Entry.objects.count() == entries
    assert Change.objects.count() == 1


def test_twice_in_one_request(phone, visit, demands):
    change = phone.answer(demands[0], "met")
    told = phone.sync(visit, change, change).json()
    assert list(told["outcomes"]) == [change["id"]]
    assert visit.answers.get().version == 1


def test_a_later_change_of_the_same_phone_needs_no_answer_of_the_server_in_between(phone, visit, demands):
    first, second = phone.answer(demands[0], "unmet", "open"), phone.answer(demands[0], "met")
    phone.sync(visit, first)
    assert phone.sync(visit, second).json()["outcomes"][second["id"]]["outcome"] == "applied"
    assert visit.answers.get().state == "met"


def test_out_of_order_the_later_one_stands(phone, visit, demands):
    first, second = phone.answer(demands[0], "unmet", "open"), phone.answer(demands[0], "met")
    phone.sync(visit, second)
    assert phone.sync(visit, first).json()["outcomes"][first["id"]]["outcome"] == "older"
    assert visit.answers.get().state == "met"


def test_two_people_differ_and_nothing_is_overwritten(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    phone.sync(visit, phone.answer(demands[0], "met", "closed"))
    change = other.answer(demands[0], "unmet", "open")
    told = other.sync(visit, change).json()
    assert told["outcomes"][change["id"]]["outcome"] == "conflict"
    (shown,) = told["conflicts"]
    assert (shown["ours"]["note"], shown["theirs"]["note"]) == ("closed", "open")
    assert shown["theirs"]["by"]["name"] == "Dana Serik"
    assert shown["ours"]["by"]["name"] == "Askar Tileuov"
    assert visit.answers.get().note == "closed"
    assert phone.sync(visit).json()["conflicts"] == told["conflicts"]


def test_the_same_person_on_another_phone_is_another_hand(phone, phone_of, inspector, visit, demands):
    second = phone_of(inspector)
    phone.sync(visit, phone.answer(demands[0], "met"))
    change = second.answer(demands[0], "unmet", "open")
    assert second.sync(visit, change).json()["outcomes"][change["id"]]["outcome"] == "conflict"


def test_two_people_who_say_the_same_do_not_differ(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    phone.sync(visit, phone.answer(demands[0], "met"))
    change = other.answer(demands[0], "met")
    assert other.sync(visit, change).json()["outcomes"][change["id"]]["outcome"] == "same"
    assert not Conflict.objects.exists()


def test_whoever_saw_the_other_answer_may_change_it(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    phone.sync(visit, phone.answer(demands[0], "met"))
    change = other.answer(demands[0], "unmet", "open", base=1)
    assert other.sync(visit, change).json()["outcomes"][change["id"]]["outcome"] == "applied"
    answer = visit.answers.get()
    assert (answer.state, answer.by, answer.version) == ("unmet", colleague, 2)


def test_a_later_change_replaces_the_own_side_of_a_conflict(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    phone.sync(visit, phone.answer(demands[0], "met"))
    first, second = other.answer(demands[0], "unmet", "open"), other.answer(demands[0], "unmet", "wide open")
    other.sync(visit, first)
    other.sync(visit, second)
    assert Conflict.objects.get().theirs["note"] == "wide open"


def test_when_both_come_to_the_same_the_conflict_ends(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    phone.sync(visit, phone.answer(demands[0], "met"))
    other.sync(visit, other.answer(demands[0], "unmet", "open"))
    other.sync(visit, other.answer(demands[0], "met"))
    conflict = Conflict.objects.get()
    assert (conflict.chosen, conflict.resolved_by) == ("same", colleague)


def test_fields_have_versions_too(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    phone.sync(visit, phone.field("representative", "Ospanova G."))
    change = other.field("representative", "Ospanov B.")
    told = other.sync(visit, change).json()
    assert told["outcomes"][change["id"]]["outcome"] == "conflict"
    assert told["fields"]["representative"] == {"value": "Ospanova G.", "version": 1}
    assert told["conflicts"][0]["field"] == "representative"


@pytest.mark.parametrize("choice", ["ours", "theirs"])
def test_a_person_chooses(phone, phone_of, colleague, visit, demands, choice):
    other = phone_of(colleague)
    phone.sync(visit, phone.answer(demands[0], "met", "closed"))
    other.sync(visit, other.answer(demands[0], "unmet", "open"))
    conflict = Conflict.objects.get()
    body = {"choose": choice, "version": 1}
    told = phone.post("device_choose", body, uid=visit.uid, conflict=conflict.pk)
    assert told.status_code == 200
    assert told.json()["conflicts"] == []
    answer = visit.answers.get()
    assert (answer.note, answer.by) == (("closed", phone.person) if choice == "ours" else ("open", colleague))
    again = phone.post("device_choose", body, uid=visit.uid, conflict=conflict.pk)
    assert again.status_code == 200
    otherwise = "theirs" if choice == "ours" else "ours"
    refused = phone.post("device_choose", {"choose": otherwise}, uid=visit.uid, conflict=conflict.pk)
    assert (refused.status_code, refused.json()["code"]) == (409, "decided")


def test_a_choice_over_an_answer_that_moved_is_not_taken(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    phone.sync(visit, phone.answer(demands[0], "met"))
    other.sync(visit, other.answer(demands[0], "unmet", "open"))
    phone.sync(visit, phone.answer(demands[0], "met", "seen again"))
    told = phone.post(
        "device_choose", {"choose": "theirs", "version": 1}, uid=visit.uid, conflict=Conflict.objects.get().pk
    )
    assert (told.status_code, told.json()["code"]) == (409, "moved")
    assert told.json()["conflicts"][0]["ours"]["note"] == "seen again"


def test_a_wrong_clock_is_put_right_and_told(phone_of, inspector, visit, demands):
    ahead = phone_of(inspector, ahead_s=3 * 3600)
    told = ahead.sync(visit, ahead.answer(demands[0], "met")).json()
    assert abs(told["clock_offset_s"] - 3 * 3600) <= 2
    assert "3 h ahead" in told["clock_note"]
    answer = visit.answers.get()
    assert abs((answer.answered_at - timezone.now()).total_seconds()) < 5
    assert not answer.doubtful


@pytest.mark.parametrize("at", [-5, 4_102_444_800_000, 10**30, "yesterday", None, True, 0])
def test_an_absurd_date_is_flagged_and_kept(phone, visit, demands, at):
    change = phone.answer(demands[0], "met") | {"at": at}
    outcome = phone.sync(visit, change).json()["outcomes"][change["id"]]
    assert (outcome["outcome"], outcome["flags"]) == ("applied", ["time"])
    answer = visit.answers.get()
    assert answer.doubtful
    assert abs((answer.answered_at - timezone.now()).total_seconds()) < 5
    assert Change.objects.get().detail["raw"]["at"] == at


def test_a_requirement_of_an_older_edition_is_taken_in_and_marked(phone, visit, demands):
    phone.start(visit)
    newer = make_standard(label="2027")
    change = phone.answer(newer[0], "met")
    outcome = phone.sync(visit, change).json()["outcomes"][change["id"]]
    assert outcome["flags"] == ["old_edition"]
    assert visit.answers.get().old_edition


def test_the_visit_keeps_the_edition_that_the_phone_had(phone, visit, demands):
    newer = make_standard(label="2027")
    old = demands[0].edition
    phone.sync(visit, phone.answer(demands[0], "met"))  # came before the start did
    assert visit.answers.get().old_edition
    told = phone.start(visit, editions=[old.pk]).json()["visit"]
    assert told["editions"] == [old.pk]
    assert [line["requirement"] for line in told["checklist"]] == [r.pk for r in demands]
    assert "keeps the edition" in told["edition_note"]
    assert not visit.answers.get().old_edition
    assert newer[0].pk not in visit.__class__.objects.get(pk=visit.pk).checklist


def test_a_phone_cannot_shorten_the_checklist(phone, visit, demands):
    phone.start(visit, editions=[demands[0].edition_id], requirements=[demands[0].pk])
    visit.refresh_from_db()
    assert visit.checklist == [r.pk for r in demands]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"state": "fine"},
        {"state": "unmet", "severity": "huge"},
        {"state": "met", "note": 5},
        {"state": "met", "note": "x" * 5001},
        {"state": "met", "place": "x" * 161},
        {"state": "met", "building": "a"},
    ],
)
def test_an_impossible_value_is_refused_in_words_and_the_others_are_taken(phone, visit, demands, value):
    bad, good = phone.answer(demands[0], "met") | {"value": value}, phone.answer(demands[1], "met")
    told = phone.sync(visit, bad, good).json()
    assert told["outcomes"][bad["id"]]["outcome"] == "refused"
    assert told["outcomes"][bad["id"]]["detail"]
    assert told["outcomes"][good["id"]]["outcome"] == "applied"
    assert [a.requirement for a in visit.answers.all()] == [demands[1]]


@pytest.mark.parametrize("requirement", [None, "1", [1], {"a": 1}, 987654321, -1, 2**70, True])
def test_an_unknown_requirement_is_refused_in_words(phone, visit, demands, requirement):
    change = phone.answer(demands[0], "met") | {"requirement": requirement}
    assert phone.sync(visit, change).json()["outcomes"][change["id"]]["outcome"] == "refused"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"device": "x"}',
        '{"changes": []}',
        "[" * 100000,
        '{"device": "x", "changes": [{}]}',
        b"\xff\xfe",
        json.dumps({"device": "x", "changes": [{"id": "a" * 65, "seq": 1}]}),
        json.dumps({"device": "x", "changes": [{"id": "a", "seq": "1"}]}),
        json.dumps({"device": "x", "changes": [{"id": f"{n}", "seq": n} for n in range(1001)]}),
    ],
)
def test_nonsense_is_answered_in_json(phone, visit, body):
    told = phone.post("device_sync", body, uid=visit.uid)
    assert told.status_code == 400
    assert told.json()["error"]


def test_more_than_two_megabytes_is_too_much(phone, visit):
    told = phone.post("device_sync", b'{"a": "' + b"x" * (2 * 1024 * 1024) + b'"}', uid=visit.uid)
    assert told.status_code == 413
    assert "in parts" in told.json()["error"]


def test_a_building_that_is_gone_does_not_take_the_answer_with_it(phone, visit, demands):
    change = phone.answer(demands[0], "unmet", "open", building=987)
    outcome = phone.sync(visit, change).json()["outcomes"][change["id"]]
    assert (outcome["outcome"], outcome["flags"]) == ("applied", ["building"])


def test_zero_characters_do_not_reach_the_database(phone, visit, demands):
    phone.sync(visit, phone.answer(demands[0], "unmet", "a\0b \ud800"))
    assert "\0" not in visit.answers.get().note


def test_somebody_elses_number_is_not_taken_for_ones_own(phone, phone_of, colleague, visit, demands):
    other = phone_of(colleague)
    change = phone.answer(demands[0], "met")
    phone.sync(visit, change)
    stolen = other.answer(demands[1], "met") | {"id": change["id"]}
    assert other.sync(visit, stolen).json()["outcomes"][change["id"]]["outcome"] == "refused"


def test_a_visit_of_another_district_is_not_there(phone, small_province, visit):
    foreign = make_visit(small_province.facilities[2])
    for told in (phone.sync(foreign), phone.start(foreign), phone.submit(foreign), phone.photo(foreign, "a")):
        assert (told.status_code, told.json()["code"]) == (404, "gone")


def test_whoever_is_signed_out_is_told_so_in_json(client, visit):
    told = Phone(client, None).sync(visit)
    assert (told.status_code, told.json()["code"]) == (401, "signed_out")
    assert "kept" in told.json()["error"]


def test_a_cancelled_visit_keeps_what_is_sent(phone, visit, demands):
    Inspection.objects.filter(pk=visit.pk).update(state="cancelled", cancelled_why="closed for repairs")
    change = phone.answer(demands[0], "met")
    told = phone.sync(visit, change).json()
    assert told["state"] == "cancelled"
    assert told["outcomes"][change["id"]]["flags"] == ["cancelled"]
    assert visit.answers.exists()
    assert phone.start(visit).json()["code"] == "cancelled"
    refused = phone.submit(visit)
    assert (refused.status_code, refused.json()["code"]) == (409, "cancelled")
    assert "closed for repairs" in refused.json()["error"]


def test_the_log_says_what_was_answered(phone, visit, demands):
    phone.sync(visit, phone.answer(demands[0], "unmet", "open"))
    entry = Entry.objects.get(verb="inspections.answer_inspection")
    assert entry.after == {"answers": ["1.: not met · open"]}
    assert entry.object_id == str(visit.pk)


def test_a_phone_that_knows_more_than_a_restored_server_is_believed(phone, visit, demands):
    change = phone.answer(demands[0], "met", base=7)
    assert phone.sync(visit, change).json()["answers"][str(demands[0].pk)]["version"] == 8


def test_a_visit_that_was_planned_long_ago_takes_dates_since_then(phone, visit, demands):
    Inspection.objects.filter(pk=visit.pk).update(made_at=timezone.now() - timedelta(days=200))
    at = phone.time() - 150 * 24 * 3600 * 1000
    phone.sync(visit, phone.answer(demands[0], "met") | {"at": at})
    assert not visit.answers.get().doubtful


def test_drafts_do_not_go_under_the_name_of_whoever_else_signed_in(phone, visit, demands):
    body = {"device": phone.device, "sent_at": phone.time(), "changes": [phone.answer(demands[0], "met")]}
    url = reverse("inspections:device_sync", args=[visit.uid])
    for person, status in ((phone.person.pk + 1, 403), (phone.person.pk, 200)):
        headers = {"Accept": "application/json", "X-Tirek-Person": str(person)}
        answer = phone.client.post(url, json.dumps(body), content_type="application/json", headers=headers)
        assert answer.status_code == status
        assert visit.changes.count() == (status == 200)
        if status == 403:
            assert answer.json()["code"] == "other_person"
            assert answer.cookies["tirek_person"].value == str(phone.person.pk)


def test_a_phone_gets_what_is_under_way_and_the_soonest(phone, visit, inspector, small_province, demands, monkeypatch):
    monkeypatch.setattr(payload, "MOST_WAITING", 2)
    phone.start(visit)
    facility = small_province.facilities[0]
    undated, later, sooner = (
        make_visit(facility, inspector, planned_on=timezone.localdate() + timedelta(days=days) if days else None)
        for days in (None, 5, 1)
    )
    told = phone.client.get(reverse("inspections:device_visits")).json()
    assert [row["uid"] for row in told["visits"]] == [str(row.uid) for row in (visit, sooner, later)]
    assert told["left_off"] == 1
    assert str(undated.uid) not in {row["uid"] for row in told["visits"]}
