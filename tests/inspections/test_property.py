"""Whatever the network does to the requests, the same stands in the end."""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.inspections.support import make_visit
from tirek.inspections.models import Answer, Change, Conflict, Inspection

pytestmark = pytest.mark.django_db

STATES = ("met", "unmet", "na", "unknown")
changes_of_one_phone = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(STATES), st.text("abc", max_size=2)), min_size=1, max_size=6
)
LIGHT = settings(
    max_examples=int(os.environ.get("TIREK_EXAMPLES", "12")),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # each example is many requests: a smaller one is not worth the wait
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def batches(draw, changes):
    """The changes of one phone as the network brings them: in pieces, some twice, in any order."""
    sent = list(changes)
    pieces = []
    while sent:
        size = draw(st.integers(1, len(sent)))
        pieces.append(sent[:size])
        sent = sent[size:]
    pieces += draw(st.lists(st.sampled_from(pieces), max_size=3))
    return draw(st.permutations(pieces))


def sent(visit, phone, pieces):
    for piece in pieces:
        assert phone.sync(visit, *json.loads(json.dumps(piece))).status_code == 200


def what_stands(visit):
    return {a.requirement_id: (a.state, a.note) for a in Answer.objects.filter(inspection=visit)}


def every_side(visit):
    """Each requirement with everything that stands for it: the answer and both sides of its open conflicts."""
    sides = {key: {value} for key, value in what_stands(visit).items()}
    for conflict in Conflict.objects.filter(inspection=visit, chosen=""):
        sides[conflict.requirement_id].add((conflict.theirs["state"], conflict.theirs["note"]))
    return sides


@LIGHT
@given(data=st.data(), made=changes_of_one_phone)
def test_one_phone_in_any_order_and_number(data, made, phone, demands, small_province):
    straight = make_visit(small_province.facilities[0], phone.person)
    crooked = make_visit(small_province.facilities[0], phone.person)
    changes = [phone.answer(demands[place], state, note) for place, state, note in made]
    sent(straight, phone, [changes])
    sent(crooked, phone, batches(data.draw, changes))
    assert what_stands(crooked) == what_stands(straight)
    last = {demands[place].pk: (state, note) for place, state, note in made}
    assert what_stands(crooked) == last
    assert Change.objects.filter(inspection=crooked).count() == len(changes)
    assert not Conflict.objects.filter(inspection=crooked).exists()
    Inspection.objects.filter(pk__in=[straight.pk, crooked.pk]).delete()


@LIGHT
@given(data=st.data(), mine=changes_of_one_phone, theirs=changes_of_one_phone)
def test_two_phones_in_any_order_lose_nothing(data, mine, theirs, phone, phone_of, colleague, demands, small_province):
    """Whoever comes first stands as the answer; the last word of each stands as one of the sides, in every order."""
    other = phone_of(colleague)
    visit = make_visit(small_province.facilities[0], phone.person)
    my_changes = [phone.answer(demands[place], state, note) for place, state, note in mine]
    their_changes = [other.answer(demands[place], state, note) for place, state, note in theirs]
    queue = [(phone, piece) for piece in batches(data.draw, my_changes)]
    queue += [(other, piece) for piece in batches(data.draw, their_changes)]
    for who, piece in data.draw(st.permutations(queue)):
        sent(visit, who, [piece])
    wanted: dict[int, set[tuple[str, str]]] = {}
    for changes in (mine, theirs):
        for key, value in {demands[place].pk: (state, note) for place, state, note in changes}.items():
            wanted.setdefault(key, set()).add(value)
    assert every_side(visit) == wanted
    numbers = Counter(Change.objects.filter(inspection=visit).values_list("client_id", flat=True))
    assert set(numbers.values()) == {1}
    assert sum(numbers.values()) == len(mine) + len(theirs)
    visit.delete()
