"""The normal form of values: what goes into the chain comes out of both databases."""

import datetime as dt
import math
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tirek.audit.models import Entry
from tirek.audit.plain import canonical, normal, plain, text

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**70), max_value=2**70)
    | st.floats()
    | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_normal_form_is_reached_once_and_for_all(value):
    once = plain(value)
    assert plain(once) == once
    assert normal(once) == once
    assert canonical(once).decode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (1e16, 10**16),
        (-0.0, 0),
        (1.5, 1.5),
        (math.nan, "nan"),
        (math.inf, "inf"),
        ("a\0b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("Қазақша 🙂", "Қазақша 🙂"),
        (b"\x01", "sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"),
        (Decimal("1.10"), "1.10"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (dt.datetime(2026, 11, 23, 12, 0, 0, 5, dt.UTC), "2026-11-23T12:00:00.000Z"),
        ((1, 2), [1, 2]),
        ({1: None}, {"1": None}),
    ],
)
def test_examples(given, kept):
    assert plain(given) == kept


def test_text_that_needs_nothing_is_left_alone():
    assert text("Aktobe") == "Aktobe"
    assert text("Ақтөбе") == "Ақтөбе"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [None, {}, [], 0.1, 1e300, -0.0, 1e-300, 5e-324, {"b": 1, "a": {"ё": [None, True, "\0"]}}, "text", {"at": 2.50}],
)
def test_a_value_hashes_the_same_after_the_database(value, entry):
    from tirek.audit import chain

    kept = entry(before=value, after={"value": value})
    assert list(chain.verify()) == []
    assert Entry.objects.get(pk=kept.pk).after == kept.after
