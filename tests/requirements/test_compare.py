"""Two editions side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.requirements.support import demand
from tirek.requirements.compare import GONE, NEW, compare, words
from tirek.requirements.models import Edition
from tirek.requirements.rows import requirement_row


def rows(*requirements):
    return [requirement_row(Edition(label="x"), one, order) for order, one in enumerate(requirements)]


@given(st.text("ab ,.-15үй", max_size=30), st.text("ab ,.-15үй", max_size=30))
def test_both_texts_can_be_read_out_of_the_pieces(old, new):
    pieces = words(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != NEW) == old
    assert "".join(piece.text for piece in pieces if piece.kind != GONE) == new


def test_words_and_not_letters_are_compared():
    pieces = words("kept for 15 days", "kept for 30 days")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "kept for "),
        ("gone", "15"),
        ("new", "30"),
        ("same", " days"),
    ]


def test_added_dropped_changed_same():
    old = rows(demand("gate"), demand("camera", weight=1), demand("corner"))
    new = rows(demand("camera", weight=4, mandatory=True), demand("gate"), demand("horn", text="a horn"))
    found = compare(old, new)
    assert [one.key for one in found.added] == ["horn"]
    assert [one.key for one in found.dropped] == ["corner"]
    assert [one.key for one in found.same] == ["gate"], "another place in the order is no change"
    (changed,) = found.changed
    assert [(value.field, value.old, value.new) for value in changed.values] == [
        ("mandatory", False, True),
        ("weight", 1, 4),
    ]
    assert changed.wordings == []
    assert not found.is_same


def test_a_changed_text_is_shown_in_each_language():
    found = compare(rows(demand("gate", text="closed gate")), rows(demand("gate", text="locked gate")))
    assert [one.language for one in found.changed[0].wordings] == ["kk", "ru", "en"]


def test_the_same_is_the_same():
    assert compare(rows(demand("gate")), rows(demand("gate"))).is_same


@pytest.mark.django_db
def test_the_two_sample_editions_differ_in_every_way():
    from tirek.facilities import types
    from tirek.facilities.models import FacilityType
    from tirek.requirements import queries, sample
    from tirek.requirements.models import Standard

    types.add_missing(FacilityType)
    sample.load(lambda text: None)
    editions = {row.label: row for row in Standard.objects.get(code="sample-facilities").editions.all()}
    found = compare(*(queries.requirements_of(editions[label]) for label in ("2023", "2025")))
    assert len(found.added) >= 3
    assert len(found.dropped) >= 2
    assert any(one.wordings for one in found.changed)
    assert any(value.field == "weight" for one in found.changed for value in one.values)
