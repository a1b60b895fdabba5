"""Pages of the desk and of panels: what they show, to whom, and how acts answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tirek.alarms import registry
from tirek.alarms.models import Alarm, Panel, Signal, UnknownAccount
from tirek.alarms.queries.desk import day_figures

from .urls_sample import SAMPLES

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def officer(person: Any, client_for: Any) -> Any:
    return client_for(person("duty_officer"))


@pytest.fixture
def technician(person: Any, client_for: Any) -> Any:
    return client_for(person("administrator"))


@pytest.fixture
def alarm(small_province: Any, make_panel: Any, side: Any) -> Alarm:
    panel = make_panel("1234")
    panel.zones.create(number="12", name_ru="Тревожная кнопка", place_ru="приёмный покой")
    side.send(side.sia("1234", "PA", 12))
    return Alarm.objects.get()


def test_the_desk_lists_it_and_the_page_shows_it(officer: Any, alarm: Alarm) -> None:
    page = officer.get(reverse("alarms:desk")).content.decode()
    assert f'id="alarm-{alarm.pk}"' in page
    assert "is-loud" in page
    assert 'data-new="1"' in page
    detail = officer.get(reverse("alarms:alarm", args=[alarm.pk])).content.decode()
    for words in ("приёмный покой", "Hospital", "zone 12", "SIA DC-09", 'data-key="Enter"', 'data-mark="live"'):
        assert words in detail
    part = officer.get(reverse("alarms:alarm", args=[alarm.pk]), **HTMX).content.decode()
    assert "<html" not in part
    assert part.strip().startswith("<article")


def test_an_act_answers_with_the_alarm_as_it_is_now(officer: Any, alarm: Alarm) -> None:
    answer = officer.post(reverse("alarms:acknowledge", args=[alarm.pk]), **HTMX)
    assert answer.status_code == 200
    assert "desk:acted" in answer["HX-Trigger-After-Settle"]
    assert 'data-state="acknowledged"' in answer.content.decode()
    refused = officer.post(reverse("alarms:close", args=[alarm.pk]), {"outcome": "false"}, **HTMX)
    assert refused.status_code == 409
    assert refused.content.decode() == "Write in a few words what caused the false alarm."
    plain = officer.post(reverse("alarms:close", args=[alarm.pk]), {"outcome": "real"})
    assert plain.status_code == 302
    assert Alarm.objects.get().outcome == "real"


def test_shown_is_kept_once(officer: Any, alarm: Alarm) -> None:
    page = officer.get(reverse("alarms:desk_list")).content.decode()
    assert "data-unshown" in page
    assert officer.post(reverse("alarms:shown"), {"ids": f"{alarm.pk} x 999999"}).status_code == 204
    assert Alarm.objects.get().shown_at
    assert "data-unshown" not in officer.get(reverse("alarms:desk_list")).content.decode()


def test_a_test_makes_no_noise(officer: Any, make_panel: Any, side: Any, clock: Any) -> None:
    make_panel("1234", test_until=clock() + timedelta(hours=1))
    side.send(side.sia("1234", "PA"))
    page = officer.get(reverse("alarms:desk_list")).content.decode()
    assert "is-loud" not in page
    assert 'data-new="0"' in page


def test_what_a_warning_would_reach_comes_by_the_registry(officer: Any, alarm: Alarm, monkeypatch: Any) -> None:
    found = registry.Around(people=900, endpoints=7, failing=2)
    monkeypatch.setattr(registry, "_around", [lambda user, lat, lon, radius: found])
    monkeypatch.setattr(
        registry, "_lines", [lambda user, pk: [registry.Line(timezone.now(), "Warning issued", "/w/1/")]]
    )
    page = officer.get(reverse("alarms:alarm", args=[alarm.pk])).content.decode()
    assert 'href="/w/1/"' in page
    assert "7 sirens and loudspeakers" in page
    assert "2 do not answer" in page
    assert [p["state"] for p in officer.get(reverse("alarms:map_json")).json()["points"]] == ["facility"]


def test_time_to_accept_is_the_median_of_the_day(person: Any, small_province: Any) -> None:
    now = timezone.now()
    for seconds, kind in ((5, "panic"), (9, "fire"), (40, "burglary")):
        Alarm.objects.create(
            facility=small_province.facilities[0], kind=kind, opened_at=now, last_signal_at=now, state="closed",
            outcome="false", acknowledged_at=now + timedelta(seconds=seconds),
        )  # fmt: skip
    day = day_figures(person("chief"))
    assert (day.opened, day.false, day.median_s) == (3, 3, 9.0)


def test_history_is_filtered_by_the_address(officer: Any, alarm: Alarm) -> None:
    address = reverse("alarms:history")
    today = timezone.localdate(alarm.opened_at)
    assert "Hospital" in officer.get(address, {"kind": "panic", "q": "hosp"}).content.decode()
    assert "Hospital" in officer.get(address, {"since": today, "until": today}).content.decode()
    for query in ({"kind": "fire"}, {"q": "market"}, {"outcome": "real"}, {"until": today - timedelta(days=1)}):
        assert "Hospital" not in officer.get(address, query).content.decode(), query


def test_a_panel_page_shows_frames_as_they_came(officer: Any, alarm: Alarm) -> None:
    page = officer.get(reverse("alarms:panel", args=[Panel.objects.get().pk])).content.decode()
    assert "[#1234|NPA12]" in page
    assert "Panic button" in page


def test_a_technician_adds_and_changes_a_panel(technician: Any, small_province: Any) -> None:
    key = "ab" * 16
    fields = {
        "facility": small_province.facilities[0].pk, "account": "4f39", "heartbeat_s": 60, "key": key,
        "zones": "12 Button; reception\n\n13 Door",
    }  # fmt: skip
    answer = technician.post(reverse("alarms:panel_new"), fields)
    panel = Panel.objects.get()
    assert answer.url == reverse("alarms:panel", args=[panel.pk])
    assert [(z.number, z.name, z.place) for z in panel.zones.all()] == [
        ("12", "Button", "reception"),
        ("13", "Door", ""),
    ]
    form = technician.get(reverse("alarms:panel_edit", args=[panel.pk])).content.decode()
    assert key not in form.lower()
    technician.post(reverse("alarms:panel_edit", args=[panel.pk]), {**fields, "key": "", "drop_key": "on"})
    assert Panel.objects.get().key is None
    wrong = technician.post(reverse("alarms:panel_new"), {**fields, "account": "7", "key": "xyz", "zones": "nonsense"})
    assert wrong.status_code == 200
    assert Panel.objects.count() == 1


def test_an_unknown_account_becomes_a_panel(technician: Any, side: Any, small_province: Any) -> None:
    side.send(side.sia("9999", "PA", 3))
    page = technician.get(reverse("alarms:unknown")).content.decode()
    assert "9999" in page
    assert "Panic button" in page
    fields = {"facility": small_province.facilities[0].pk, "heartbeat_s": 60}
    technician.post(reverse("alarms:adopt", args=[UnknownAccount.objects.get().pk]), fields)
    assert Panel.objects.get().account == "9999"
    assert Signal.objects.get().panel == Panel.objects.get()


def test_the_button_is_there_only_with_sample_panels(officer: Any, make_panel: Any, settings: Any) -> None:
    panel = make_panel()
    assert officer.get(reverse("alarms:press")).status_code == 404
    Panel.objects.update(is_sample=True)
    assert officer.get(reverse("alarms:press")).status_code == 200
    settings.DC09_ADDRESS = "127.0.0.1:9"
    page = officer.post(reverse("alarms:press"), {"facility": panel.facility.code}).content.decode()
    assert "does not answer" in page


def test_what_lies_elsewhere_is_not_there(person: Any, client_for: Any, small_province: Any, alarm: Alarm) -> None:
    south = client_for(person("duty_officer", small_province.districts[1]))
    assert south.get(reverse("alarms:alarm", args=[alarm.pk])).status_code == 404
    assert south.post(reverse("alarms:acknowledge", args=[alarm.pk])).status_code == 404
    assert south.get(reverse("alarms:panel", args=[Panel.objects.get().pk])).status_code == 404
    assert f"alarm-{alarm.pk}" not in south.get(reverse("alarms:desk")).content.decode()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_in_every_language(
    person: Any, client_for: Any, small_province: Any, language: str, side: Any
) -> None:
    names = ["desk", "desk_list", "history", "panels", "panel_new", "unknown", "map_json"]
    addresses = [reverse(f"alarms:{name}") for name in names]
    for name in ("alarms:alarm", "alarms:panel", "alarms:panel_edit", "alarms:adopt", "alarms:press"):
        sample = SAMPLES[name]
        make = getattr(sample, "make", sample)
        addresses.append(reverse(name, kwargs=make(small_province)))
    everything = [client_for(person(role, language=language)) for role in ("duty_officer", "administrator")]
    for address in addresses:
        statuses = {client.get(address, headers={"Accept-Language": language}).status_code for client in everything}
        assert 200 in statuses, address


def test_pages_ask_the_database_a_fixed_number_of_times(
    officer: Any, alarm: Alarm, side: Any, django_assert_max_num_queries: Any
) -> None:
    for code in ("FA", "BA", "TA", "MA"):
        side.send(side.sia("1234", code, 12))
    with django_assert_max_num_queries(26):
        officer.get(reverse("alarms:desk_list"))
    with django_assert_max_num_queries(40):
        officer.get(reverse("alarms:alarm", args=[alarm.pk]))
