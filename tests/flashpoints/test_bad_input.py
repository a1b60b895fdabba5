"""What the register may hold, however odd: each ends in a clear sentence or an honest abstention, never in an error."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from tests.flashpoints import makers
from tirek.flashpoints import board, gathering, words
from tirek.flashpoints.actions import compute_due
from tirek.flashpoints.models import Cluster, Forecast, Outlook, Run
from tirek.incidents import months, series
from tirek.incidents.models import Silence

pytestmark = pytest.mark.django_db
RATES = (3.0, 1.5, 0.8, 0.4)


def busy(districts, seed=3, span=60):
    rng = np.random.default_rng(seed)
    return makers.report(districts, rng.poisson(RATES[: len(districts)], (span, len(districts))))


def test_no_incidents_at_all():
    region, _districts = makers.region_of(4)
    run = makers.computed(region)
    assert (run.state, run.problem) == (Run.State.REFUSED, Run.Problem.NO_INCIDENTS)
    assert "nothing to compute from" in run.get_problem_display()
    assert compute_due() == []  # the worker does not even begin


def test_only_found_incidents_are_none():
    region, districts = makers.region_of(4)
    makers.report(districts, np.full((24, 4), 3), mode="found")
    assert makers.computed(region).problem == Run.Problem.NO_INCIDENTS


def test_one_incident(person):
    region, districts = makers.region_of(4)
    makers.report([districts[0]], [[1]])
    run = makers.computed(region)
    assert run.state == Run.State.DONE
    assert not Forecast.objects.filter(run=run, enough=True).exists()
    lines = board.build(person("analyst"), run).lines
    assert all("This does not mean safe." in line.why[0] for line in lines)


def test_all_in_one_cell(person):
    region, districts = makers.region_of(4)
    makers.report([districts[1]], np.random.default_rng(1).poisson(2.0, (60, 1)))
    run = makers.computed(region)
    found = board.build(person("analyst"), run)
    assert [line.area for line in found.ranked] == [districts[1]]
    assert {reason for line in found.unsaid for reason in line.outlook.reasons} == {"no_incidents"}


@pytest.mark.parametrize("span", [3, 11])
def test_a_register_that_has_only_just_begun(person, span):
    """Fewer months than a year of looks: nothing can be forecast, and the run says so instead of failing."""
    region, districts = makers.region_of(2)
    makers.report(districts, np.full((span, 2), 2))
    run = makers.computed(region)
    assert (run.state, run.months) == (Run.State.DONE, span)
    assert not board.build(person("analyst"), run).ranked


def test_dates_in_the_future_are_left_out_and_told():
    region, districts = makers.region_of(4)
    busy(districts)
    before = makers.computed(region)
    makers.report([districts[3]], [[30]], last=series.month_before() + 5, known_on=lambda _day: timezone.localdate())
    after = makers.computed(region)
    assert after.figures["ahead"] == 30
    assert after.incidents == before.incidents
    means = [
        list(Forecast.objects.filter(run=run, horizon=1).values_list("mean", flat=True)) for run in (before, after)
    ]
    assert means[0] == means[1]


@pytest.mark.parametrize("half", [2, 4])
def test_half_of_the_districts_fall_silent(person, half):
    """Busy before, nothing of any kind for a year: that is no peace, and gets no rank. The others are ranked all the same."""
    region, districts = makers.region_of(2 * half)
    counts = np.random.default_rng(5).poisson(2.5, (60, 2 * half))
    counts[-12:, :half] = 0
    makers.report(districts, counts)
    run = makers.computed(region)
    found = board.build(person("analyst"), run)
    assert {line.area for line in found.ranked} == set(districts[half:])
    assert all(line.outlook.reasons == ["silent"] for line in found.unsaid)
    assert "reports stopped" in found.unsaid[0].why[0]
    # Their zeros are no calm either, beside which those that go on as ever would stand out.
    assert not Cluster.objects.filter(run=run).exists()
    assert run.figures["unscanned"] == half


def test_silence_of_all_or_of_long_ago_hides_no_cluster():
    """A month in which nobody in the province reported, or a few of one district years ago, bend nothing."""
    region, districts = makers.region_of(8)
    counts = np.random.default_rng(5).poisson(2.5, (60, 8))
    counts[40], counts[5:7, 0] = 0, 0
    counts[-3:, 7] += 12
    makers.report(districts, counts)
    last = series.month_before()
    for area, first, end in ((region, last - 19, last - 19), (districts[0], last - 54, last - 53)):
        Silence.objects.create(area=area, first_month=first, last_month=end, why="moved house")
    run = makers.computed(region)
    assert run.figures["unscanned"] == 0
    assert [cluster.area for cluster in Cluster.objects.filter(run=run)] == [districts[7]]


def test_which_silence_bends_the_scan():
    silent = np.zeros((100, 5), bool)
    silent[50] = True  # all of them
    silent[10:14, 1] = True  # a few months, long ago
    silent[10:17, 2] = True  # many
    silent[-3, 3] = True  # lately
    silent[-20, 4] = True  # within the windows of a year of looks
    assert gathering.bending(silent).tolist() == [False, False, True, True, True]


def test_a_district_that_was_coded_anew(person):
    """Its incidents stop in the month in which those of a new one begin: neither is ranked, and it is said why."""
    region, districts = makers.region_of(4)
    new = makers.make_area("district", "New code", 50.0, 57.5, 0.3, region, population=20_000)
    counts = np.random.default_rng(6).poisson(2.5, (60, 4))
    moved = counts[-30:, [0]].copy()
    counts[-30:, 0] = 0
    makers.report(districts, counts)
    makers.report([new], moved, shift=0.01)
    run = makers.computed(region)
    outlooks = {outlook.area_id: outlook for outlook in Outlook.objects.filter(run=run)}
    for area in (districts[0], new):
        assert not outlooks[area.pk].enough
        assert set(outlooks[area.pk].reasons) & {"recoded", "silent"}
    assert "recoded" in outlooks[districts[0].pk].reasons + outlooks[new.pk].reasons
    assert {line.area for line in board.build(person("analyst"), run).ranked} == set(districts[1:])


def test_a_district_whose_code_changed_on_the_map_keeps_its_history():
    region, districts = makers.region_of(4)
    busy(districts)
    before = makers.computed(region)
    districts[0].code = "KZ-15-99"
    districts[0].save()
    after = makers.computed(region)
    rows = [Forecast.objects.get(run=run, area=districts[0], horizon=1) for run in (before, after)]
    assert rows[0].mean == rows[1].mean


def test_a_province_with_one_district():
    region, districts = makers.region_of(1)
    makers.report(districts, np.full((30, 1), 2))
    assert makers.computed(region).problem == Run.Problem.NO_AREAS


def test_two_districts_only(person):
    region, districts = makers.region_of(2)
    makers.report(districts, np.random.default_rng(2).poisson((3.0, 1.0), (40, 2)))
    run = makers.computed(region)
    assert run.settings["top"] == 1
    assert [line.area for line in board.build(person("analyst"), run).ranked] == districts


def test_districts_without_borders_and_people():
    region, districts = makers.region_of(3)
    busy(districts, span=40)
    for district in districts:
        district.boundary, district.population = None, None
        district.save()
    assert makers.computed(region).state == Run.State.DONE


def test_incidents_that_are_known_to_the_district_only():
    """No point: they count for their district, and for no cell."""
    region, districts = makers.region_of(3)
    made = busy(districts, span=40)
    type(made[0]).objects.update(where_precision="district", lat=None, lon=None, cell="")
    made[0].revisions.model.objects.update(where_precision="district", lat=None, lon=None, cell="")
    run = makers.computed(region)
    assert run.incidents == len(made)
    assert not Cluster.objects.filter(run=run).exists()


def test_only_what_was_known_that_day():
    """Entered two months late: the run of that time does not know it, the one of today does."""
    region, districts = makers.region_of(3)
    busy(districts, span=40)
    last = series.month_before()
    then = months.last_day(last - 2)
    makers.report([districts[2]], [[25]], last=last - 3, known_on=lambda _day: then + timedelta(days=20))
    early, late = makers.computed(region, then), makers.computed(region)
    assert late.incidents >= early.incidents + 25
    assert Outlook.objects.get(run=early, area=districts[2]).recent[-1] < 25
    assert max(Outlook.objects.get(run=late, area=districts[2]).recent) >= 25


def late(districts, span=60):
    """Half of each month's incidents are entered three weeks after its end."""
    counts = np.random.default_rng(8).poisson(4.0, (span, len(districts)))
    half = counts // 2
    makers.report(districts, counts - half)
    makers.report(districts, half, known_on=lambda day: months.last_day(months.month_of(day)) + timedelta(days=21))
    return counts


def test_looking_back_sees_the_newest_month_half_empty_as_it_was_then(person, client_for):
    region, districts = makers.region_of(3)
    counts = late(districts)
    # At the end of the last whole month: today its late half may be there already.
    known = gathering.gather(region, months.last_day(series.month_before()))
    assert sorted(known.vintages) == list(range(1, 60))
    for n, (held, _silent) in known.vintages.items():
        assert np.array_equal(held[:-1], counts[: n - 1])
        assert np.array_equal(held[-1], counts[n - 1] - counts[n - 1] // 2)
    run = makers.computed(region, months.last_day(series.month_before()))
    assert run.figures["then"] == run.figures["skill"]["origins"] == 36
    past = Outlook.objects.get(run=run, area=districts[0]).past
    told = {month: (mean, actual) for month, mean, _low, _high, actual in past}
    assert [actual for _mean, actual in told.values()][:-1] == counts[-36:-1, 0].tolist()  # held against all that came
    content = client_for(person("analyst")).get(run.get_absolute_url()).content.decode()
    assert "Months looked back on as they were known then" in content


def test_a_look_back_with_late_entries_says_less_than_one_that_knew_them(monkeypatch):
    region, districts = makers.region_of(3)
    late(districts)
    day = months.last_day(series.month_before())
    then = makers.computed(region, day)
    monkeypatch.setattr(series.Vintages, "by_months", lambda _self: {})
    knowing = makers.computed(region, day)
    said = [
        np.mean([row[1] for outlook in Outlook.objects.filter(run=run) for row in outlook.past])
        for run in (then, knowing)
    ]
    assert said[0] < said[1]
    assert knowing.figures["then"] == 0
    assert then.input_sha256 != knowing.input_sha256


def test_a_refused_run_says_so_on_the_page(person, client_for):
    region, _districts = makers.region_of(2)
    run = makers.computed(region)
    client = client_for(person("analyst"))
    for url in (run.get_absolute_url(), "/flashpoints/"):
        content = client.get(url).content.decode()
        assert "nothing to compute from" in content
        assert "this does not mean safe" in content.lower()


def test_a_reason_nobody_knows_is_no_error():
    assert words.abstention(Outlook(reasons=[])).startswith("Not enough data")
