"""UCDP GED as it is given out: 1,497 events of Sierra Leone, each where and when their codes say."""

from collections import Counter
from datetime import date

import pytest

from tests.fixtures import make_area
from tests.reference import reference_path
from tirek.audit.models import Entry
from tirek.incidents import series
from tirek.incidents.models import Incident
from tirek.incidents.months import month_of

pytestmark = [pytest.mark.django_db, pytest.mark.reference, pytest.mark.usefixtures("english")]


@pytest.fixture
def country(small_province):
    """Sierra Leone in outline: a square, with two halves as its districts."""
    region = make_area("region", "Sierra Leone", 8.6, -11.8, 1.75, code="SL")
    make_area("district", "Halves", 8.6, -11.8, 1.74, region, code="SL-1")
    return region


def test_all_events_come_in_once(bring, write, country):
    content = reference_path("flashpoints/ged/sierra_leone.csv").read_bytes()
    found = bring(content, key="incidents_ged", name="sierra_leone.csv")
    assert found.counts == {"add": 1497}, found.problems
    done = write(found).done
    assert done == {"add": 1497, "error": 0}
    assert Incident.objects.count() == 1497
    assert Entry.objects.filter(verb="incidents.import_incident").count() == 1497
    one = Incident.objects.get(code="UCDP-12718")
    assert (one.first_day, one.last_day, one.when_precision) == (date(2001, 1, 4), date(2001, 1, 6), "week")
    assert (one.where_precision, one.lat, one.area) == ("region", None, country)
    assert (one.kind.code, one.severity, one.dead, one.discovery_mode) == ("armed_clash", 5, 2, "third")
    where = Counter(Incident.objects.values_list("where_precision", flat=True))
    assert where == {"point": 889, "settlement": 411, "district": 131, "region": 66}
    assert set(Incident.objects.filter(where_precision="settlement").values_list("uncertainty_m", flat=True)) == {25000}
    when = Counter(Incident.objects.values_list("when_precision", flat=True))
    assert sum(when.values()) == 1497
    placed = Incident.objects.exclude(month=None).count()
    counts = series.monthly([country], month_of(date(1991, 1, 1)), month_of(date(2021, 12, 1)), modes=("third",))
    assert counts.sum() == placed
    assert 1300 < placed < 1497  # what may have happened in any of several months counts in none
    again = bring(content, key="incidents_ged", name="sierra_leone.csv")
    assert again.counts == {"same": 1497}
    kept = " ".join(Incident.objects.values_list("description", flat=True))
    assert kept.strip() == ""  # neither headlines nor parties


def test_what_is_wrong_in_one_row_keeps_only_that_row_out(bring, country):
    text = reference_path("flashpoints/ged/sierra_leone.csv").read_text()
    head, *lines = text.splitlines()
    lines = [line for line in lines if line.count('"') % 2 == 0][:40]
    turned = next(i for i, line in enumerate(lines) if ",9.5,-12.233333," in line)
    lines[turned] = lines[turned].replace(",9.5,-12.233333,", ",-12.233333,9.5,")
    lines[5] = lines[5].replace(",Africa,", ",Africa,", 1).replace("1991", "2991")
    found = bring("\n".join([head, *lines]), key="incidents_ged", name="some.csv")
    assert found.counts == {"add": 38, "error": 2}
    said = {column: sentence for column, sentence, _n in found.problems}
    assert "exchanged" in said["latitude"]
    assert "future" in said["date_start"]
