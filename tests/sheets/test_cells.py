"""From texts to values and back."""

from datetime import date, datetime

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st

from tirek.sheets.cells import CellError, Choice, Date, Number, Parser, Reference, YesNo, as_text, guarded

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""), (5.0, "5"), (5.25, "5.25"), (True, "1"), (77132550099.0, "77132550099"), (" a\u00a0b ", "a b"),
        (datetime.fromisoformat("2026-11-25"), "2026-11-25"),
        (date(2026, 11, 25), "2026-11-25"), ("'=1+1", "=1+1"), ("'apostrophe", "'apostrophe"),
        ("a\x00\x07b", "ab"),
    ],
)  # fmt: skip
def test_cells_are_text_first(cell, text):
    assert as_text(cell) == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_what_is_guarded_is_no_formula_and_comes_back(text):
    once = as_text(text)
    kept = guarded(once)
    assert not kept.startswith(("=", "@", "\t", "\r"))
    assert not kept.startswith(("+", "-")) or kept.lstrip("+-").replace(".", "").replace(",", "").isdigit()
    assert as_text(kept) == once or once.startswith("'")


@pytest.mark.parametrize(
    ("text", "value"), [("28 196", 28196), ("50,28", 50.28), ("-3", -3), ("1e3", 1000), ("1\u202f000", 1000)]
)
def test_numbers_as_people_write_them(text, value):
    assert Number().read(text) == value


@pytest.mark.parametrize(
    ("parser", "text", "sentence"),
    [
        (Number(), "many", "not a number"),
        (Number(), "nan", "not a number"),
        (Number(), "1e999", "not a number"),
        (Number(), "1_000", "not a number"),
        (Number(whole=True), "1.5", "whole number"),
        (Number(least=0), "-1", "at least 0"),
        (Number(most=24), "25", "at most 24"),
        (Date(), "31.02.2026", "not a date"),
        (Date(), "2026", "not a date"),
        (YesNo(), "perhaps", "neither yes nor no"),
        (Parser(3), "abcd", "Longer than 3"),
        (Choice([("a", "Alpha"), ("b", "Beta")]), "gamma", "not one of: Alpha, Beta"),
    ],
)
def test_what_is_wrong_is_said(parser, text, sentence):
    with pytest.raises(CellError, match=sentence):
        parser.read(text)


def test_dates():
    for text in ("2026-11-25", "25.11.2026", "25/11/2026", "25.11.26", "2026-11-25 10:00"):
        assert Date().read(text) == date(2026, 11, 25)


def test_yes_and_choices_in_any_language():
    choice = Choice([("stopped", _("stopped")), ("done", _("done"))])
    assert {choice.read(word) for word in ("остановлено", "Тоқтатылды", "STOPPED", "stopped")} == {"stopped"}
    with translation.override("kk"):
        assert choice.write("stopped") == "тоқтатылды"
        assert YesNo().read(YesNo().write(True)) is True
        assert YesNo().read(YesNo().write(False)) is False
    assert YesNo().read("да")
    assert not YesNo().read("Нет")


def test_references_are_read_once():
    loads = []

    def load(user):
        loads.append(user)
        return {"North": "n", "n": "n"}

    read = Reference(load).prepared("somebody")
    assert (read("NORTH"), read("n")) == ("n", "n")
    with pytest.raises(CellError, match="not known"):
        read("South")
    assert loads == ["somebody"]
