"""Ten sample years: quick, the same each time, and with what is planted in them."""

import time

import numpy as np
import pytest
from django.utils import timezone

from tirek.accounts import sample as people
from tirek.facilities import sample as facilities
from tirek.incidents import sample, sample_story, series
from tirek.incidents.models import Incident, Pair, Revision, Signal, Silence
from tirek.incidents.months import first_day, last_day
from tirek.places import sample as places
from tirek.places.models import Area

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def quiet(_text):
    """Says nothing."""


def test_ten_years_with_what_is_planted():
    for part in (places, people, facilities):
        part.load(quiet)
    began = time.process_time()
    sample.load(quiet)
    assert time.process_time() - began < 3
    districts = {area.code: area for area in Area.objects.filter(kind=Area.Kind.DISTRICT)}
    last = series.month_before()
    first = last - sample_story.MONTHS + 1

    def counted(code, mode="reported"):
        return series.monthly([districts[code]], first, last, modes=(mode,))[:, 0]

    total = series.monthly(list(districts.values()), first, last).sum()
    assert 360 <= total <= 480
    cluster = counted(sample_story.CLUSTER.district)
    assert cluster[-3:].sum() >= sum(sample_story.CLUSTER_COUNTS)
    assert cluster[-3:].sum() / 3 > 4 * cluster[:-3].mean()
    trend = counted(sample_story.TREND.district)
    assert trend[-12:].sum() > 2 * trend[-24:-12].sum() > 0
    found, reported = counted(sample_story.SURGE.district, "found"), counted(sample_story.SURGE.district)
    assert found[-10:].sum() == sum(sample_story.SURGE_FOUND) > 8 * found[-20:-10].sum()
    assert reported[-10:].sum() == sum(sample_story.SURGE_REPORTED)
    silent = series.reporting([districts[sample_story.SILENT.district]], first, last)[:, 0]
    assert np.flatnonzero(silent).tolist() == list(range(sample_story.MONTHS - 12, sample_story.MONTHS))
    assert all(counted(code).sum() <= 10 for code in sample_story.TOO_FEW)
    assert not series.reporting([districts[code] for code in sample_story.TOO_FEW], first, last).any()

    # Nothing lies in the future, everything has its chain of revisions, and what was known grows with time.
    assert not Incident.objects.filter(known_at__gt=timezone.now()).exists()
    assert not Incident.objects.filter(at__gt=timezone.now()).exists()
    assert Revision.objects.filter(known_until=None).count() == Incident.objects.count()
    region = [Area.objects.get(kind=Area.Kind.REGION)]
    known = [series.monthly(region, first, last, known_on=last_day(month)).sum() for month in (first + 60, last)]
    assert known[0] < known[1] <= total + 10
    assert series.monthly(region, first + 60, last, known_on=first_day(first + 60)).sum() == 0
    assert Incident.objects.exclude(duplicate_of=None).exists()
    assert Pair.objects.exists()

    before = list(Incident.objects.order_by("code").values_list("code", "kind", "lat", "first_day", "verification"))
    sample.load(quiet)
    assert Incident.objects.count() == len(before)
    assert sample.clear() >= len(before)
    assert not any(model.objects.exists() for model in (Incident, Revision, Pair, Signal, Silence))
    sample.load(quiet)
    assert before == list(
        Incident.objects.order_by("code").values_list("code", "kind", "lat", "first_day", "verification")
    )
