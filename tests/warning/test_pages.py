"""The pages of warning: composing in few acts, deciding, the live page, exports, registers."""

from __future__ import annotations

import io
import json
import wave
from collections.abc import Callable

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.fixtures import Province
from tests.warning.conftest import FRESH, Scene
from tirek.accounts.models import Person
from tirek.warning import actions
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.models import Alert, Command, Endpoint, Plan, PlanText

Log = Callable[[Person], Client]


def asked(scene: Scene, **changes: object) -> dict[str, object]:
    hospital = scene.province.facilities[0]
    return {"plan": "shelter", "mode": "exercise", "shape": {"facility": hospital.pk, "radius": 400}} | changes


def test_an_exercise_takes_four_requests_from_opening_to_issue(scene: Scene, client_for: Log) -> None:
    officer, second = client_for(scene.officer), client_for(scene.second)
    hospital = scene.province.facilities[0]
    opened = officer.get(reverse("warning:compose"), {"plan": "shelter", "facility": hospital.pk, "radius": 400})
    assert opened.status_code == 200
    read = officer.post(reverse("warning:read_back"), json.dumps(asked(scene)), content_type="application/json").json()
    assert read["endpoints"] == len(scene.near)
    assert read["problems"] == []
    assert "Hospital" in read["texts"]["en"]["description"]
    sent = officer.post(reverse("warning:compose"), {"draft": json.dumps(asked(scene)), "act": "send"})
    alert = Alert.objects.get(state=Alert.State.WAITING)
    assert sent.url == reverse("warning:alert", args=[alert.pk])
    page = second.get(sent.url).content.decode()
    assert "Issue EXERCISE to 5 loudspeakers" in page
    second.post(reverse("warning:confirm", args=[alert.pk]), {"seen": fingerprint(alert)})
    alert.refresh_from_db()
    assert alert.state == Alert.State.ISSUED
    assert Command.objects.count() == 1


def test_people_are_read_back_as_round_as_they_are_shown_later(
    scene: Scene, client_for: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tirek.places.queries.people_in", lambda geometry: 3471)
    body = json.dumps(asked(scene))
    read = client_for(scene.officer).post(reverse("warning:read_back"), body, content_type="application/json").json()
    assert read["people"] == 3500


def test_live_is_sent_to_show_the_second_factor_and_the_draft_is_kept(scene: Scene, client_for: Log) -> None:
    answer = client_for(scene.officer).post(
        reverse("warning:compose"), {"draft": json.dumps(asked(scene, mode="live")), "act": "send"}
    )
    assert answer.status_code == 302
    assert not answer.url.startswith("/warning/")
    assert Alert.objects.get().state == Alert.State.DRAFT


@pytest.mark.parametrize(
    "shape", [{}, {"geometry": None}, {"area": 999999}, {"facility": 999999}, {"circle": {"lat": 50}}, {"circle": "x"}]
)
def test_no_area_is_a_refusal(scene: Scene, client_for: Log, shape: object) -> None:
    officer = client_for(scene.officer)
    body = json.dumps(asked(scene, shape=shape))
    assert officer.post(reverse("warning:read_back"), body, content_type="application/json").status_code == 409
    assert officer.post(reverse("warning:compose"), {"draft": body, "act": "send"}).status_code == 409
    assert not Alert.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "nonsense", "null", "{}", '{"plan": 5, "shape": []}'])
def test_rubbish_is_a_refusal(scene: Scene, client_for: Log, body: str) -> None:
    officer = client_for(scene.officer)
    assert officer.post(reverse("warning:read_back"), body, content_type="application/json").status_code == 409


def test_the_author_sees_no_button_to_confirm(scene: Scene, client_for: Log) -> None:
    alert = scene.waiting("exercise")
    confirm = reverse("warning:confirm", args=[alert.pk])
    assert confirm not in client_for(scene.officer).get(reverse("warning:alert", args=[alert.pk])).content.decode()
    assert confirm in client_for(scene.second).get(reverse("warning:alert", args=[alert.pk])).content.decode()


def test_every_page_says_what_waits_and_what_was_issued_alone(scene: Scene, client_for: Log) -> None:
    waiting = scene.waiting("exercise")
    alone = scene.compose("live")
    actions.override_alert(scene.officer, alone.pk, "shots are heard, nobody else is here", FRESH)
    told = client_for(scene.chief).get(reverse("warning:now")).json()
    assert [line["id"] for line in told["waiting"]] == [waiting.pk]
    assert told["overridden"][0]["reason"] == "shots are heard, nobody else is here"
    mine = client_for(scene.officer).get(reverse("warning:now")).json()
    assert mine["waiting"] == []
    assert mine["overridden"] == []


def test_a_page_is_told_whether_its_person_may_be_called(
    scene: Scene, client_for: Log, person: Callable[..., Person]
) -> None:
    people = {scene.chief: True, scene.second: True, person("analyst"): False}
    for who, called in people.items():
        assert client_for(who).get(reverse("warning:now")).json()["called"] is called


def test_drafts_are_for_those_who_compose(scene: Scene, client_for: Log, person: Callable[..., Person]) -> None:
    draft = scene.compose("exercise")
    analyst = client_for(person("analyst"))
    assert analyst.get(reverse("warning:alert", args=[draft.pk])).status_code == 404
    issued = scene.issue("exercise")
    assert analyst.get(reverse("warning:alert", args=[issued.pk])).status_code == 200


def test_the_time_line_is_the_same_on_page_in_json_and_on_paper(scene: Scene, client_for: Log) -> None:
    alert = scene.issue("exercise")
    alert.deliveries.filter(endpoint=scene.near[0]).update(
        state="failed", reason="too quiet", finished_at=alert.issued_at
    )
    officer = client_for(scene.officer)
    page = officer.get(reverse("warning:timeline", args=[alert.pk])).content.decode()
    assert "Confirmed and issued" in page
    plain = officer.get(reverse("warning:timeline_json", args=[alert.pk])).json()
    assert plain["counts"]["failed"] == 1
    assert len(plain["sha256"]) == 64
    assert [line["text"] for line in plain["lines"] if "Failed" in line["text"]]
    pdf = officer.get(reverse("warning:timeline_pdf", args=[alert.pk]))
    assert pdf.content.startswith(b"%PDF")
    xml = officer.get(reverse("warning:cap", args=[alert.pk]))
    assert xml.content.decode() == alert.cap


def test_what_is_heard_here_is_what_sounds_there(scene: Scene, client_for: Log) -> None:
    alert = scene.issue("exercise")
    answer = client_for(scene.officer).get(reverse("warning:listen", args=[alert.pk]))
    assert answer["Content-Type"] == "audio/wav"
    with wave.open(io.BytesIO(answer.content)) as file:
        assert file.getnframes() / file.getframerate() > 20


def recording(seconds: float = 2.0, loud: bool = True) -> bytes:
    out = io.BytesIO()
    samples = (np.sin(np.arange(int(16000 * seconds)) / 8) * (8000 if loud else 0)).astype("<i2")
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def test_a_recording_wins_until_its_words_change(scene: Scene, client_for: Log) -> None:
    chief, plan = client_for(scene.chief), Plan.objects.get(code="test")
    url = reverse("warning:clip", args=[plan.pk, "ru"])
    chief.post(url, {"clip": SimpleUploadedFile("a.wav", recording())})
    text = PlanText.objects.get(plan=plan, language="ru")
    assert text.clip_s == 2.0
    fetched = Client().get(reverse("agent:clip", args=[text.clip_sha256]))
    assert b"".join(fetched.streaming_content) == recording()
    assert Client().get(reverse("agent:clips")).json()["clips"][0]["sha256"] == text.clip_sha256
    words = {part: getattr(text, part) for part in ("headline", "description", "instruction")}
    chief.post(reverse("warning:change_text", args=[plan.pk, "ru"]), words | {"headline": "Внимание всем! Проверка"})
    text.refresh_from_db()
    assert text.clip_sha256 == ""


@pytest.mark.parametrize("data", [b"", b"RIFF", b"not sound at all", recording(0.1), recording(2, loud=False)])
def test_a_file_that_is_no_recording_is_refused(scene: Scene, client_for: Log, data: bytes) -> None:
    plan = Plan.objects.get(code="test")
    client_for(scene.chief).post(
        reverse("warning:clip", args=[plan.pk, "kk"]), {"clip": SimpleUploadedFile("a.wav", data)}
    )
    assert PlanText.objects.get(plan=plan, language="kk").clip_sha256 == ""


def test_an_endpoint_is_added_where_it_stands(scene: Scene, client_for: Log, person: Callable[..., Person]) -> None:
    admin = client_for(person("administrator"))
    fields = {
        "name": "School, hall",
        "code": "school-1",
        "kind": "loudspeaker",
        "lat": 50.5,
        "lon": 56.8,
        "range_m": 150,
    }
    admin.post(reverse("warning:add_endpoint"), fields)
    made = Endpoint.objects.get(code="school-1")
    assert made.area.name_en
    again = admin.post(reverse("warning:add_endpoint"), fields)
    assert "is taken" in again.content.decode()


@pytest.mark.parametrize("act", ["send", "keep"])
def test_a_double_click_makes_one_alert(scene: Scene, client_for: Log, act: str) -> None:
    officer, url = client_for(scene.officer), reverse("warning:compose")
    key = str(officer.get(url).context["key"])
    body = {"draft": json.dumps(asked(scene)), "act": act, "key": key}
    first, second = officer.post(url, body), officer.post(url, body)
    alert = Alert.objects.get()
    assert first.url == second.url == reverse("warning:alert", args=[alert.pk])
    assert alert.state == (Alert.State.WAITING if act == "send" else Alert.State.DRAFT)


def test_what_was_kept_can_be_sent_and_what_was_changed_is_another_alert(scene: Scene, client_for: Log) -> None:
    officer, url = client_for(scene.officer), reverse("warning:compose")
    body = {"draft": json.dumps(asked(scene)), "act": "keep", "key": "of one page"}
    officer.post(url, body)
    officer.post(url, body | {"act": "send"})
    kept = Alert.objects.get()
    assert kept.state == Alert.State.WAITING
    wider = json.dumps(asked(scene, shape={"facility": scene.province.facilities[0].pk, "radius": 600}))
    officer.post(url, body | {"draft": wider, "act": "send"})
    assert Alert.objects.count() == 2
    # The same press of somebody else, and pages of an older Tirek, which send no key.
    client_for(scene.second).post(url, body)
    officer.post(url, {"draft": wider, "act": "keep"})
    officer.post(url, {"draft": wider, "act": "keep"})
    assert Alert.objects.count() == 5


def test_a_second_press_on_the_page_of_a_draft_leads_to_its_alert(scene: Scene, client_for: Log) -> None:
    """Every correction is sent from such a page, and its first press may have gone through unseen."""
    issued, officer = scene.issue("exercise"), client_for(scene.officer)
    edit = officer.post(reverse("warning:correct", args=[issued.pk])).url
    body = {"draft": json.dumps(asked(scene)), "act": "send", "key": "of one page"}
    first, second = officer.post(edit, body), officer.post(edit, body)
    correction = issued.followed_by.get()
    assert first.url == second.url == officer.get(edit).url == reverse("warning:alert", args=[correction.pk])
    assert correction.state == Alert.State.WAITING


@pytest.mark.parametrize("end", ["rejected", "all clear"])
def test_a_press_whose_alert_is_over_composes_anew(scene: Scene, client_for: Log, end: str) -> None:
    """The officer has gone back to the page and sends the same once more: it must not vanish behind the old alert."""
    officer, url = client_for(scene.officer), reverse("warning:compose")
    body = {"draft": json.dumps(asked(scene)), "act": "send", "key": "of one page"}
    officer.post(url, body)
    first = Alert.objects.get()
    if end == "rejected":
        actions.reject_alert(scene.second, first.pk, "the wind has turned")
    else:
        actions.confirm_alert(scene.second, first.pk, seen=fingerprint(first))
        assert officer.post(url, body).url == reverse("warning:alert", args=[first.pk])
        actions.all_clear_alert(scene.chief, first.pk)
    answers = {officer.post(url, body).url for _ in range(2)}
    new = Alert.objects.get(state=Alert.State.WAITING)
    assert answers == {reverse("warning:alert", args=[new.pk])}
    assert new.pk != first.pk


def test_a_contact_learns_of_the_own_loudspeakers_only(
    scene: Scene, client_for: Log, person: Callable[..., Person]
) -> None:
    """A warning of a whole town reached the school as well: how it went elsewhere is not the school's."""
    hospital, school = scene.province.facilities[:2]
    mine, *others = scene.near
    Endpoint.objects.filter(pk=mine.pk).update(facility=school)
    Endpoint.objects.filter(pk__in=[one.pk for one in others]).update(facility=hospital)
    contact = person("facility_contact")
    school.contacts.create(person=contact, full_name="Director", phone="1")
    alert = scene.issue("live")
    alert.deliveries.update(state="failed", reason="silence", finished_at=alert.issued_at)
    client = client_for(contact)
    points = client.get(reverse("warning:alert_points", args=[alert.pk])).json()["points"]
    assert [point["id"] for point in points] == [mine.pk]
    for name in ("warning:alert", "warning:board", "warning:deliveries", "warning:timeline", "warning:timeline_json"):
        page = client.get(reverse(name, args=[alert.pk])).content.decode()
        assert mine.name in page, name
        assert not [one.name for one in others if one.name in page], name
    for row in alert.deliveries.all():
        answer = client.get(reverse("warning:delivery", args=[alert.pk, row.pk]))
        assert answer.status_code == (200 if row.endpoint_id == mine.pk else 404)


def test_a_plan_is_not_the_matter_of_one_district(
    scene: Scene, client_for: Log, person: Callable[..., Person], small_province: Province
) -> None:
    plan = Plan.objects.get(code="shelter")
    south = person("chief", small_province.districts[1])
    with pytest.raises(PermissionDenied):
        actions.change_plan(south, plan.pk, {"is_active": False})
    page, change = reverse("warning:plan", args=[plan.pk]), reverse("warning:change_plan", args=[plan.pk])
    assert change not in client_for(south).get(page).content.decode()
    assert client_for(south).post(change, {"is_active": ""}).status_code == 403
    assert change in client_for(person("chief")).get(page).content.decode()


def test_the_search_of_every_page_finds_alerts_endpoints_and_plans(scene: Scene, client_for: Log) -> None:
    alert, endpoint, plan = scene.issue("exercise"), Endpoint.objects.first(), Plan.objects.first()
    assert endpoint is not None
    assert plan is not None
    client = client_for(scene.officer)
    for query, url in (
        (alert.identifier, reverse("warning:alert", args=[alert.pk])),
        (endpoint.code, reverse("warning:endpoint", args=[endpoint.pk])),
        (plan.name, reverse("warning:plan", args=[plan.pk])),
    ):
        found = client.get(reverse("ui:search"), {"q": query}, headers={"HX-Request": "true"}).content.decode()
        assert f'href="{url}"' in found, query
