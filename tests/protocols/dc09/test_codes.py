"""The tables of codes: kinds to act on, names in three languages."""

import re

import pytest

from tirek_protocols import dc09

ROWS = [("SIA", row) for row in dc09.SIA_CODES.values()] + [("CID", row) for row in dc09.CID_CODES.values()]


@pytest.mark.parametrize(
    ("system", "code", "kind"),
    [
        ("SIA", "PA", "panic"),
        ("SIA", "HA", "holdup"),
        ("SIA", "MA", "medical"),
        ("SIA", "FA", "fire"),
        ("SIA", "GA", "fire"),
        ("SIA", "BA", "burglary"),
        ("SIA", "TA", "tamper"),
        ("SIA", "QA", "panic"),
        ("SIA", "AT", "trouble"),
        ("SIA", "PT", "trouble"),
        ("SIA", "RP", "supervision"),
        ("SIA", "RX", "test"),
        ("SIA", "PR", "restore"),
        ("SIA", "PH", "restore"),
        ("SIA", "CL", "open_close"),
        ("SIA", "OP", "open_close"),
        ("SIA", "BB", "bypass"),
        ("SIA", "PU", "restore"),
        ("SIA", "BC", "other"),
        ("SIA", "!!", "other"),
        ("CID", "120", "panic"),
        ("CID", "121", "duress"),
        ("CID", "122", "panic"),
        ("CID", "123", "panic"),
        ("CID", "110", "fire"),
        ("CID", "100", "medical"),
        ("CID", "130", "burglary"),
        ("CID", "137", "tamper"),
        ("CID", "301", "trouble"),
        ("CID", "401", "open_close"),
        ("CID", "406", "other"),
        ("CID", "570", "bypass"),
        ("CID", "602", "test"),
        ("CID", "12F", "panic"),
        ("CID", "19F", "trouble"),
        ("CID", "7FF", "other"),
    ],
)
def test_kind(system, code, kind):
    assert dc09.event_kind(system, code) == kind


def test_the_end_of_a_condition():
    assert dc09.event_kind("CID", "120", "restore") == "restore"
    assert dc09.event_concerns("CID", "120") == "panic"
    assert dc09.event_kind("CID", "401", "restore") == "open_close"
    assert dc09.event_kind("CID", "607", "restore") == "test"
    assert dc09.event_concerns("SIA", "PR") == "panic"
    assert dc09.event_concerns("SIA", "PJ") == "trouble"
    assert dc09.event_concerns("SIA", "PU") == "bypass"


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("SIA", "PA"), ("Panic button: alarm", "Тревожная кнопка: тревога", "Дабыл түймесі: дабыл")),
        (("CID", "120"), ("Panic button", "Тревожная кнопка", "Дабыл түймесі")),
        (("CID", "401"), ("Disarmed: by a user", "Снято с охраны: пользователем", "Күзеттен алынды: пайдаланушы")),
        (("SIA", "X?"), ("Unknown event X?", "Неизвестное событие X?", "Белгісіз оқиға X?")),
    ],
)
def test_names(arguments, names):
    assert tuple(dc09.event_name(*arguments, lang) for lang in ("en", "ru", "kk")) == names
    assert dc09.event_name(*arguments, "de") == names[0]


def test_names_by_qualifier():
    assert dc09.event_name("CID", "120", "en", "restore") == "Panic button: ended"
    assert dc09.event_name("CID", "120", "en", "status") == "Panic button: still present"
    assert dc09.event_name("CID", "401", "en", "restore") == "Armed: by a user"
    assert dc09.event_name("CID", "401", "en", "status") == "Arming state: by a user"
    assert dc09.event_name("SIA", "PR", "en", "restore") == "Panic button: restored"


@pytest.mark.parametrize(("system", "row"), ROWS, ids=lambda value: value if isinstance(value, str) else value.code)
def test_every_row(system, row):
    assert row.kind in dc09.KINDS
    assert row.concerns in dc09.KINDS
    assert row.concerns != "restore"
    assert row.unit in dc09.UNITS
    assert dc09.find_code(system, row.code) is row
    assert tuple(row.names) == dc09.LANGUAGES
    english, russian, kazakh = row.names.values()
    assert not re.search("[А-Яа-я]", english)
    assert re.search("[А-Яа-я]", russian)
    assert re.search("[А-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі]", kazakh)
    assert not re.search("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]", russian)
    for name in row.names.values():
        assert name == name.strip()
        assert 0 < len(name) <= 60


def test_kinds_that_matter_are_all_there():
    assert {row.kind for _, row in ROWS} == set(dc09.KINDS)


def test_another_system_is_an_error():
    with pytest.raises(KeyError):
        dc09.event_kind("PUL", "14")
