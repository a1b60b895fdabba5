"""A `Locator` answers as the look-ups by query do, everywhere, and asks the database nothing once it is made."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tirek.places.locator import Locator
from tirek.places.queries import place_at_each
from tirek.places.rebuild import rebuild_population

pytestmark = pytest.mark.django_db


def test_the_same_as_by_query(small_province):
    rebuild_population()
    rng = random.Random(7)
    points = [(rng.uniform(48.8, 51.2), rng.uniform(55.8, 58.2)) for _ in range(300)]
    points += [(50.5, 56.8), (50.4501, 56.8), (50.05, 57.0), (49.95, 57.0), (49.0, 57.0), (0.0, 0.0)]
    assert Locator().places(points) == place_at_each(points)


def test_what_was_answered_once_is_not_asked_again(small_province):
    locator = Locator()
    points = [(50.5, 56.8), (50.7, 57.1), (49.5, 57.2)] * 3
    first = locator.places(points)
    with CaptureQueriesContext(connection) as captured:
        assert locator.places(points) == first
    assert len(captured) == 0
