"""What is known of zones is read in the reader's language: at the desk, in the time line, on the panel's page and form."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from tirek.alarms.models import Alarm, Panel, Zone
from tirek.alarms.queries.lines import time_line

pytestmark = pytest.mark.django_db

NAMES = {"kk": "Дабыл түймесі", "ru": "Тревожная кнопка", "en": "Panic switch"}
PLACES = {"kk": "қабылдау бөлімі", "ru": "приёмный покой", "en": "admissions"}
FACILITY = {"kk": "Hospital kk", "ru": "Hospital ru", "en": "Hospital"}
KINDS = {"kk": "дабыл түймесі", "ru": "тревожная кнопка", "en": "panic button"}


@pytest.fixture
def alarm(make_panel: Any, side: Any) -> Alarm:
    fields = {f"name_{code}": name for code, name in NAMES.items()}
    fields |= {f"place_{code}": place for code, place in PLACES.items()}
    make_panel("1234").zones.create(number="12", **fields)
    side.send(side.sia("1234", "PA", 12))
    return Alarm.objects.get()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_zones_are_read_in_the_readers_language(person: Any, client_for: Any, alarm: Alarm, language: str) -> None:
    officer = client_for(person("duty_officer", language=language))
    desk = officer.get(reverse("alarms:desk")).content.decode()
    detail = officer.get(reverse("alarms:alarm", args=[alarm.pk])).content.decode()
    panel = officer.get(reverse("alarms:panel", args=[Panel.objects.get().pk])).content.decode()
    assert NAMES[language] in desk
    for page in (detail, panel):
        assert NAMES[language] in page
        assert PLACES[language] in page
    for other in {"kk", "ru", "en"} - {language}:
        assert PLACES[other] not in detail + panel


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_time_line_and_the_alarms_own_name_too(person: Any, alarm: Alarm, language: str) -> None:
    with override(language):
        (line,) = time_line(alarm, person("duty_officer"))
    assert NAMES[language] in line.text
    assert alarm.name_in(language) == f"{KINDS[language]}, {FACILITY[language]}"


def test_a_language_that_nobody_wrote_gives_the_nearest(make_panel: Any) -> None:
    zone = Zone(panel=make_panel(), number="1", name_ru="Кнопка", place_kk="дәліз")
    assert [zone.name_in(code) for code in ("kk", "ru", "en")] == ["Кнопка"] * 3
    assert zone.place == "дәліз"


WRITTEN = [
    ("12 Button", ("Button",) * 3, ("",) * 3),
    ("12 Button; hall", ("Button",) * 3, ("hall",) * 3),
    ("12 Түйме | Кнопка | Button; зал", ("Түйме", "Кнопка", "Button"), ("зал",) * 3),
    (
        "12 Түйме | Кнопка | Button; дәліз | коридор | corridor",
        ("Түйме", "Кнопка", "Button"),
        ("дәліз", "коридор", "corridor"),
    ),
    ("12 | Кнопка | ; | 1 этаж | ", ("", "Кнопка", ""), ("", "1 этаж", "")),
]


@pytest.mark.parametrize(("line", "names", "places"), WRITTEN)
def test_the_form_takes_three_languages_and_shows_them_again(
    person: Any, client_for: Any, small_province: Any, line: str, names: tuple[str, ...], places: tuple[str, ...]
) -> None:
    technician = client_for(person("administrator"))
    fields = {"facility": small_province.facilities[0].pk, "account": "4f39", "heartbeat_s": 60, "zones": line}
    technician.post(reverse("alarms:panel_new"), fields)
    zone = Zone.objects.get()
    assert (zone.name_kk, zone.name_ru, zone.name_en) == names
    assert (zone.place_kk, zone.place_ru, zone.place_en) == places
    address = reverse("alarms:panel_edit", args=[zone.panel_id])
    shown = technician.get(address).context["form"]["zones"].value()
    technician.post(address, {**fields, "zones": shown})
    again = Zone.objects.get()
    assert (again.name_kk, again.name_ru, again.name_en) == names
    assert (again.place_kk, again.place_ru, again.place_en) == places


@pytest.mark.parametrize(
    "line", ["12", "12 a | b", "12 a | b | c | d", "12 | |", "12 a; b | c", "x-1 Button", "12 ; hall"]
)
def test_the_form_refuses_what_is_no_zone(person: Any, client_for: Any, small_province: Any, line: str) -> None:
    technician = client_for(person("administrator"))
    fields = {"facility": small_province.facilities[0].pk, "account": "4f39", "heartbeat_s": 60, "zones": line}
    assert technician.post(reverse("alarms:panel_new"), fields).status_code == 200
    assert not Panel.objects.exists()
