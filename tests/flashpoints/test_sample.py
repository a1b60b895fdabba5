"""The sample province: what is planted in its incidents is found, what is a trap is not fallen for, and all of it can go again."""

import pytest
from django.db import connection

from tirek.accounts import sample as people
from tirek.accounts.models import Person
from tirek.flashpoints import board as boards
from tirek.flashpoints import burden, computing, outcomes, rules, sample
from tirek.flashpoints.models import Cluster, Flashpoint, Measure, Objection, Outlook, Run
from tirek.incidents import sample as incidents
from tirek.incidents import sample_story
from tirek.places import sample as places
from tirek.places.models import Area


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Places, people, incidents and runs of the sample; once for this file, in a transaction that is rolled back."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        for part in (places, people, incidents):
            part.load(lambda _line: None)
        sample.load(lambda _line: None)
        run = Run.objects.order_by("-origin").first()
        yield run
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _database(loaded, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def area(code):
    return Area.objects.get(code=code)


def analyst():
    return Person.objects.get(username="sample-analyst")


def test_a_run_for_each_of_the_last_six_months(loaded):
    runs = list(Run.objects.order_by("origin"))
    assert [run.origin - runs[0].origin for run in runs] == list(range(6))
    assert all(run.state == Run.State.DONE for run in runs)
    assert runs[-1].settings["replicates"] == computing.REPLICATES


def test_the_planted_cluster_is_found(loaded):
    found = Cluster.objects.filter(run=loaded, area=area(sample_story.CLUSTER.district)).first()
    assert found is not None
    assert found.p <= 0.01
    assert found.last_month - found.first_month + 1 <= 12
    assert found.observed >= sum(sample_story.CLUSTER_COUNTS)


def test_the_planted_trend_is_seen(loaded):
    rising = area(sample_story.TREND.district)
    line = boards.build(analyst(), loaded).line_of(rising.pk)
    assert line.forecast.rank <= 3
    assert any("growth" in text for text in line.why)


def test_the_planted_surge_is_not_fallen_for(loaded):
    """Officers find four times as much there; residents report as before. It is told, and the rank rests on the reports."""
    surging = area(sample_story.SURGE.district)
    found = boards.build(analyst(), loaded)
    line = found.line_of(surging.pk)
    assert line.outlook.surge["is"] is True
    assert [each.area for each in found.surges] == [surging]
    planted = (sample_story.CLUSTER.district, sample_story.TREND.district)
    assert line.forecast.rank > max(found.line_of(area(code).pk).forecast.rank for code in planted)
    assert line.forecast.mean < 0.5
    assert not Cluster.objects.filter(run=loaded, area=surging).exists()


def test_silence_is_no_peace(loaded):
    outlook = Outlook.objects.get(run=loaded, area=area(sample_story.SILENT.district))
    assert not outlook.enough
    assert "silent" in outlook.reasons


def test_where_too_little_is_known_nothing_is_said(loaded):
    enough = dict(Outlook.objects.filter(run=loaded).values_list("area__code", "enough"))
    assert sum(not enough[code] for code in sample_story.TOO_FEW) >= 2


def test_what_people_decided(loaded):
    stands, over, taken = (
        Flashpoint.objects.get(area=area(code))
        for code in (sample_story.CLUSTER.district, sample_story.TREND.district, sample_story.SURGE.district)
    )
    assert [flag.state for flag in (stands, over, taken)] == ["standing", "expired", "withdrawn"]
    assert Objection.objects.get(flashpoint=taken).upheld is True
    assert Objection.objects.get(flashpoint=stands).answered_at is None
    assert Measure.objects.filter(flashpoint=stands, state="open").count() == 3
    assert all(row.longest_days <= rules.most_flag_days() for row in burden.table(analyst()))


def test_how_they_turned_out_has_content(loaded):
    found = outcomes.outcomes(analyst(), loaded.area)
    assert len(found.runs) == 5
    assert all(coverage.cases for coverage in found.kept)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the same on both")
def test_it_can_go_and_come_again(loaded):
    from django.db import transaction

    with transaction.atomic():
        assert sample.clear() > 0
        assert not Run.objects.exists()
        assert not Flashpoint.objects.exists()
        transaction.set_rollback(True)
    sample.load(lambda _line: None)
    assert Run.objects.count() == 6
