"""Which requirement binds which facility: one by one, and all at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.requirements.support import demand
from tirek.facilities.models import Entrance, FacilityType
from tirek.requirements import queries
from tirek.requirements.applicability import Facts, FactTable, binds, matrix

kinds = st.sampled_from(["school", "hospital", "market"])
numbers = st.integers(0, 5)
maybe = st.one_of(st.none(), numbers)
facts = st.builds(Facts, kinds, st.integers(1, 3), maybe, maybe, st.one_of(st.none(), st.booleans()))
rules = st.fixed_dictionaries(
    {},
    optional={
        "types": st.lists(kinds, min_size=1, unique=True),
        "categories": st.lists(st.integers(1, 3), min_size=1, unique=True),
        "min_people": numbers,
        "max_people": numbers,
        "min_floor_area_m2": numbers,
        "max_floor_area_m2": numbers,
        "vehicle_entrance": st.booleans(),
    },
)
HOSPITAL = Facts("hospital", 1, 300, 4000, True)


@settings(deadline=None, max_examples=400)
@given(st.lists(rules, max_size=6), st.lists(facts, max_size=8))
def test_all_at_once_is_the_same_as_one_by_one(some_rules, some_facts):
    found = matrix(some_rules, FactTable.of(some_facts))
    wanted = [[binds(rule, one) for rule in some_rules] for one in some_facts]
    assert found.shape == (len(some_facts), len(some_rules))
    assert np.array_equal(found, np.array(wanted, dtype=bool).reshape(found.shape))


@given(rules, facts)
def test_knowing_less_never_sets_free(rule, one):
    less = Facts(one.type, one.category)
    assert binds(rule, less) or not binds(rule, one)


@given(rules, rules, facts)
def test_more_conditions_bind_fewer(rule, more, one):
    assert binds(rule, one) or not binds({**more, **rule}, one)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({}, True),
        ({"types": ["school"]}, False),
        ({"types": ["school", "hospital"]}, True),
        ({"categories": [2, 3]}, False),
        ({"min_people": 300}, True),
        ({"min_people": 301}, False),
        ({"max_people": 299}, False),
        ({"max_people": 300}, True),
        ({"min_floor_area_m2": 4001}, False),
        ({"vehicle_entrance": False}, False),
        ({"vehicle_entrance": True, "categories": [1], "types": ["hospital"], "min_people": 1}, True),
    ],
)
def test_one(rule, wanted):
    assert binds(rule, HOSPITAL) is wanted


@pytest.mark.django_db
def test_the_checklist_of_a_facility(small_province, enforced):
    facility = small_province.facilities[0]
    school, _made = FacilityType.objects.get_or_create(code="school", defaults={"name_en": "School"})
    enforced(
        demand("all"),
        demand("schools", applies={"types": [school.code]}),
        demand("hospitals", applies={"types": ["hospital"], "categories": [2]}),
        demand("many", applies={"min_people": 100}),
        demand("few", applies={"max_people": 99}),
        demand("cars", applies={"vehicle_entrance": True}),
    )

    def keys():
        return [one.key for one in queries.checklist(facility)]

    assert keys() == ["all", "hospitals", "many", "few", "cars"], "what is not known does not set free"
    facility.capacity, facility.visitors = 20, [0] * 23 + [150]
    facility.save()
    Entrance.objects.create(facility=facility, name="Main")
    assert keys() == ["all", "hospitals", "many"]
    Entrance.objects.create(facility=facility, name="Yard", kind="vehicle")
    assert keys() == ["all", "hospitals", "many", "cars"]


@pytest.mark.django_db
def test_two_standards_bind_together(small_province, enforced):
    enforced(demand("gate"))
    enforced(demand("gate", text="another gate"), code="ministry")
    found = queries.checklist(small_province.facilities[0])
    assert [(one.edition.standard.code, one.key) for one in found] == [("ministry", "gate"), ("school-rules", "gate")]


@pytest.mark.django_db
def test_the_checklist_takes_few_queries(small_province, enforced, django_assert_max_num_queries):
    enforced(*(demand(f"key-{n}") for n in range(70)))
    with django_assert_max_num_queries(3):
        assert len(queries.checklist(small_province.facilities[0])) == 70
