"""The alarm that a warning answers is named in every language, whoever composed it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.warning.conftest import FRESH, Scene
from tirek.accounts.models import Person
from tirek.alarms.models import Alarm, Kind
from tirek.warning import actions
from tirek.warning.models import Alert

Log = Callable[[Person], Client]
WORDS = ("дабыл түймесі, Hospital kk", "тревожная кнопка, Hospital ru", "panic button, Hospital")


@pytest.fixture
def alarm(scene: Scene) -> Alarm:
    now = timezone.now()
    return Alarm.objects.create(
        facility=scene.province.facilities[0], kind=Kind.PANIC, urgency=0, opened_at=now, last_signal_at=now
    )


def words(alert: Alert) -> tuple[str, str, str]:
    return alert.alarm_text_kk, alert.alarm_text_ru, alert.alarm_text_en


def asked(scene: Scene, **changes: object) -> str:
    hospital = scene.province.facilities[0]
    shape = {"facility": hospital.pk, "radius": 400}
    return json.dumps({"plan": "shelter", "mode": "exercise", "shape": shape} | changes)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_is_kept_in_every_language_whatever_the_author_reads(
    scene: Scene, client_for: Log, person: Any, alarm: Alarm, language: str
) -> None:
    author = client_for(person("duty_officer", language=language))
    opened = author.get(reverse("warning:compose"), {"alarm": alarm.pk}).content.decode()
    assert WORDS[("kk", "ru", "en").index(language)] in opened
    author.post(reverse("warning:compose"), {"draft": asked(scene, alarm=alarm.pk), "act": "keep"})
    alert = Alert.objects.get()
    assert alert.alarm_id == alarm.pk
    assert words(alert) == WORDS


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_each_reader_sees_it_in_their_language(
    scene: Scene, client_for: Log, person: Any, alarm: Alarm, language: str
) -> None:
    client_for(scene.officer).post(reverse("warning:compose"), {"draft": asked(scene, alarm=alarm.pk), "act": "send"})
    alert = Alert.objects.get()
    page = client_for(person("duty_officer", language=language)).get(reverse("warning:alert", args=[alert.pk]))
    assert WORDS[("kk", "ru", "en").index(language)] in page.content.decode()


def test_the_texts_of_the_alert_name_the_place_in_their_own_language(
    scene: Scene, client_for: Log, alarm: Alarm
) -> None:
    client_for(scene.officer).post(reverse("warning:compose"), {"draft": asked(scene, alarm=alarm.pk), "act": "keep"})
    texts = Alert.objects.get().texts
    assert "Hospital kk" in texts["kk"]["description"]
    assert "Hospital ru" in texts["ru"]["description"]
    assert "Hospital ru" not in str(texts["kk"]) + str(texts["en"])


def test_what_the_page_says_of_the_alarm_does_not_count(scene: Scene, client_for: Log, alarm: Alarm) -> None:
    body = asked(scene, alarm=alarm.pk, alarm_text="forged", alarm_words={"kk": "forged"})
    client_for(scene.officer).post(reverse("warning:compose"), {"draft": body, "act": "keep"})
    assert words(Alert.objects.get()) == WORDS


@pytest.mark.parametrize("given", [999_999, "²", "x", "", None, "9" * 30, -1])
def test_an_alarm_that_is_not_there_is_not_named(scene: Scene, client_for: Log, given: object) -> None:
    officer = client_for(scene.officer)
    assert officer.get(reverse("warning:compose"), {"alarm": str(given)}).status_code == 200
    officer.post(reverse("warning:compose"), {"draft": asked(scene, alarm=given), "act": "keep"})
    alert = Alert.objects.get()
    assert alert.alarm_id is None
    assert words(alert) == ("", "", "")


def test_an_alarm_that_the_author_may_not_see_is_not_named(
    scene: Scene, client_for: Log, person: Any, alarm: Alarm
) -> None:
    elsewhere = person("duty_officer", scene.province.districts[1])
    opened = client_for(elsewhere).get(reverse("warning:compose"), {"alarm": alarm.pk}).content.decode()
    assert "Hospital" not in opened
    draft = scene.draft(alarm_id=alarm.pk)  # as `intake.draft` makes it for a person who may not see the alarm
    alert = actions.compose_alert(scene.officer, draft)
    assert (alert.alarm_id, words(alert)) == (None, ("", "", ""))


def test_messages_that_follow_and_drafts_that_are_changed_keep_it(scene: Scene, client_for: Log, alarm: Alarm) -> None:
    names = dict(zip(("kk", "ru", "en"), WORDS, strict=True))
    alert = scene.issue(alarm_id=alarm.pk, alarm_words=names)
    correction = actions.correct_alert(scene.officer, alert.pk)
    assert (correction.alarm_id, words(correction)) == (alarm.pk, WORDS)
    # The author of the correction may not see the alarm: it stays named.
    changed = actions.revise_alert(scene.officer, correction.pk, scene.draft(alarm_id=alarm.pk))
    assert (changed.alarm_id, words(changed)) == (alarm.pk, WORDS)
    ending = actions.all_clear_alert(scene.chief, alert.pk, FRESH)
    assert (ending.alarm_id, words(ending)) == (alarm.pk, WORDS)
