"""What a stocktake finds, whatever is scanned in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from tirek.equipment.counting import FACILITY, PLACE, STATE, Known, Seen, count

HERE = 1
ITEMS = st.integers(1, 12)
known = st.builds(
    Known,
    facility=st.integers(1, 2),
    building=st.one_of(st.none(), st.integers(1, 2)),
    place=st.sampled_from(["", "hall", "Hall ", "gate"]),
    is_here=st.booleans(),
)
scans = st.lists(
    st.one_of(
        st.builds(
            Seen,
            item=ITEMS,
            text=st.just("label"),
            building=st.one_of(st.none(), st.integers(1, 2)),
            place=st.sampled_from(["", "hall", "yard"]),
        ),
        st.builds(Seen, item=st.none(), text=st.sampled_from(["x", "y", "z"])),
    ),
    max_size=30,
)
registers = st.fixed_dictionaries(dict.fromkeys(range(1, 13), known))
expectations = st.sets(ITEMS)


@given(expectations, registers, scans)
def test_everything_ends_in_exactly_one_heap(expected, items, seen):
    result = count(HERE, expected, items, seen)
    found, misplaced, missing = set(result.found), set(result.misplaced), set(result.missing)
    scanned = {one.item for one in seen if one.item}
    assert not found & misplaced
    assert not found & missing
    assert not misplaced & missing
    assert found | misplaced == scanned
    assert missing == expected - scanned
    assert expected <= found | misplaced | missing
    assert set(result.unknown) == {one.text for one in seen if one.item is None}
    assert result.numbers() == {
        "found": len(found), "misplaced": len(misplaced), "missing": len(missing), "unknown": len(result.unknown),
    }  # fmt: skip


@given(expectations, registers, scans)
def test_scanning_again_changes_nothing(expected, items, seen):
    assert count(HERE, expected, items, seen + seen) == count(HERE, expected, items, seen)


@given(expectations, registers, scans, st.randoms())
def test_the_order_of_different_labels_does_not_matter(expected, items, seen, chance):
    first = {(one.item or one.text): one for one in reversed(seen)}
    mixed = list(first.values())
    chance.shuffle(mixed)
    assert count(HERE, expected, items, mixed) == count(HERE, expected, items, seen)


@given(expectations, registers, scans)
def test_what_is_found_is_where_it_should_be(expected, items, seen):
    result = count(HERE, expected, items, seen)
    for item in result.found:
        assert items[item].facility == HERE
        assert items[item].is_here
    for item, why in result.misplaced.items():
        one = items[item]
        scan = next(scan for scan in seen if scan.item == item)
        assert (why == FACILITY) == (one.facility != HERE)
        if why == STATE:
            assert not one.is_here
        if why == PLACE:
            assert (scan.building, scan.place) != (one.building, one.place)


def test_places_are_compared_as_people_write_them():
    items = {1: Known(HERE, place="Main  Hall"), 2: Known(HERE, place="gate"), 3: Known(HERE)}
    seen = [Seen(1, "a", place="main hall"), Seen(2, "b", place="yard"), Seen(3, "c", building=4, place="yard")]
    result = count(HERE, [1, 2, 3], items, seen)
    assert (result.found, result.misplaced) == ([1, 3], {2: PLACE})
