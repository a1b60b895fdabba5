"""Hours: as people write them, as each language shows them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tirek.facilities.hours import Unreadable, is_open, on_duty, parse, show

WORK = [[480, 1080]] * 5
LUNCH = [[540, 780, 840, 1080]] * 5
ROUND = [[0, 1440]] * 7


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("", []),
        ("Mon-Fri 8:00-18:00; Sat 9-14", [*WORK, [540, 840], None]),
        ("Mon-Fri 8:00-18:00, Sat 9-14", [*WORK, [540, 840], None]),
        ("Пн–Пт 8:00–18:00; сб 9–14; вс выходной", [*WORK, [540, 840], None]),
        ("Дс-Жм 8.00-18.00; сн 9-14", [*WORK, [540, 840], None]),
        ("с понедельника по пятницу с 8 до 18", [*WORK, None, None]),
        ("дүйсенбі-жұма 8:00-18:00", [*WORK, None, None]),
        ("Monday to Friday 8-18", [*WORK, None, None]),
        ("по будням 8-18", [*WORK, None, None]),
        ("8-18", [[480, 1080]] * 7),
        ("ежедневно 8:00–18:00", [[480, 1080]] * 7),
        ("күн сайын 8:00–18:00", [[480, 1080]] * 7),
        ("круглосуточно", ROUND),
        ("Тәулік бойы", ROUND),
        ("24/7", ROUND),
        ("0:00-24:00", ROUND),
        ("Пн-Пт круглосуточно, Сб 9-14", [*[[0, 1440]] * 5, [540, 840], None]),
        ("пн, ср, пт 10-12", [[600, 720], None, [600, 720], None, [600, 720], None, None]),
        ("Sat-Mon 10:00-12:30", [[600, 750], None, None, None, None, [600, 750], [600, 750]]),
        ("Fri 22:00-6:00", [None] * 4 + [[1320, 1800], None, None]),
        ("выходные 10-12", [None] * 5 + [[600, 720]] * 2),
        ("пн-пт 9-13 14-18", [*LUNCH, None, None]),
        ("пн-пт 9-13 и 14-18", [*LUNCH, None, None]),
        ("Mon-Fri 9-13, 14-18; Sat 9-14", [*LUNCH, [540, 840], None]),
        ("Mon-Fri 14-18, 9-13", [*LUNCH, None, None]),
        ("Mon-Fri 9-18 lunch break 13-14", [*LUNCH, None, None]),
        ("Пн-Пт 9:00-18:00, перерыв 13:00-14:00, Сб 9-14", [*LUNCH, [540, 840], None]),
        ("с понедельника по пятницу с 9 до 18 с перерывом на обед с 13 до 14", [*LUNCH, None, None]),
        ("Пн-Пт 9-18; обед 13-14", [*LUNCH, None, None]),
        ("Пн-Сб 9-18; обеденный перерыв пн-пт 13-14; сб 9-14", [*LUNCH, [540, 840], None]),
        ("Дс-Жм 9:00-18:00, түскі үзіліс 13:00-14:00", [*LUNCH, None, None]),
        ("ежедневно 9-18 без перерыва и выходных", [[540, 1080]] * 7),
        ("ежедневно 9-18 без обеда", [[540, 1080]] * 7),
        ("8-12, 12-18", [[480, 1080]] * 7),
        ("Fri 10-14, 22-2", [None] * 4 + [[600, 840, 1320, 1560], None, None]),
        ("Mon-Sat 9-18; Sat 9-14", [*[[540, 1080]] * 5, [540, 840], None]),
    ],
)
def test_reading(text, week):
    assert parse(text) == week


@pytest.mark.parametrize(
    "text",
    [
        "often",
        "Mon-Xyz 8-18",
        "8:75-9",
        "Mon 25-26",
        "пн-пт 9-14 13-18",
        "Mon",
        "8",
        "1-2-3",
        "Mon 8-18 and 7",
        "Mon 9-18 break",
        "break 13-14",
        "Mon 9-18 break 17-19",
        "Mon 9-18, break 9-10",
        "Mon 9-18, closed",
    ],
)
def test_what_is_no_hours_is_said(text):
    with pytest.raises(Unreadable) as refusal:
        parse(text)
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Mon–Fri 8:00–18:00, Sat 9:00–14:00"),
        ("ru", "пн–пт 8:00–18:00, сб 9:00–14:00"),
        ("kk", "дс–жм 8:00–18:00, сн 9:00–14:00"),
    ],
)
def test_showing_and_reading_again(language, shown):
    week = [*WORK, [540, 840], None]
    with translation.override(language):
        assert show(week) == shown
        assert parse(show(week)) == week
        for other in (ROUND, [[480, 1080]] * 7, [None] * 4 + [[1320, 1800], None, None], [*LUNCH, [540, 840], None]):
            assert parse(show(other)) == other
        assert show([]) == ""


# From times in order, so that spans lie apart: an even number of them.
DAY = st.none() | st.sets(st.integers(0, 1440), min_size=2, max_size=6).map(lambda at: sorted(at)[: len(at) // 2 * 2])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.tuples(*[DAY] * 7).map(list), st.sampled_from(["kk", "ru", "en"]))
def test_every_week_can_be_written_and_read_again(week, language):
    with translation.override(language):
        assert parse(show(week)) == week


def at(day, hour, minute=0):
    return datetime(2026, 11, 22 + day, hour, minute, tzinfo=ZoneInfo("Asia/Aqtobe"))  # the 23rd is a Monday


def test_open_now():
    week = parse("Mon-Fri 8-18; Sat 22-6")
    assert is_open(week, at(1, 8)) is True
    assert is_open(week, at(1, 18)) is False
    assert is_open(week, at(6, 23)) is True
    assert is_open(week, at(7, 5, 59)) is True
    assert is_open(week, at(7, 6)) is False
    assert is_open(week, at(8, 1)) is False
    assert is_open([], at(1, 8)) is None
    assert is_open(parse("9-18, break 13-14; Fri 10-14, 22-2"), at(1, 13, 30)) is False
    assert is_open(parse("9-18, break 13-14"), at(1, 14)) is True
    assert is_open(parse("Fri 10-14, 22-2"), at(6, 1)) is True


def test_on_duty_by_free_words():
    assert on_duty("9:00–18:00", at(7, 10)) is True
    assert on_duty("круглосуточно", at(7, 3)) is True
    assert on_duty("пн-пт 9-18", at(6, 10)) is False
    assert on_duty("by agreement", at(1, 10)) is None
    assert on_duty("", at(1, 10)) is None
