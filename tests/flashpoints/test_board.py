"""The board: order, what is beside each rank, filters that hold for table and map, and what stands in a district."""

from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from tests.fixtures import make_facility
from tests.flashpoints import makers
from tirek.accounts.models import Assignment
from tirek.facilities.models import Figures
from tirek.flashpoints import board as boards
from tirek.flashpoints import months, paper, queries, signals
from tirek.flashpoints.filters import BoardForm, narrowed
from tirek.flashpoints.models import Forecast, Measure, Outlook
from tirek.incidents import series
from tirek.incidents.models import Signal
from tirek.places.models import Area
from tirek.warning.models import Endpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return makers.region_of(4)


@pytest.fixture
def analyst(person):
    return person("analyst")


def lines(user, run, horizon=1):
    return boards.build(user, run, horizon).lines


def test_ranked_first_then_what_cannot_be_said(world, analyst):
    region, (a, b, c, d) = world
    run = makers.made_run(region, {a: 0.5, b: 2.0, c: None, d: 1.0})
    assert [line.area for line in lines(analyst, run)] == [b, d, a, c]
    last = lines(analyst, run)[-1]
    assert not last.enough
    assert last.forecast.rank is None
    assert last.why == [
        "Not enough data to say: reports stopped: nothing was heard for half a year or more. This does not mean safe."
    ]


def test_what_changed_since_the_run_before(world, analyst):
    region, (a, b, c, d) = world
    run = makers.made_run(region, {a: 2.0, b: 1.0, c: 0.5, d: None})
    makers.made_run(region, {a: 1.0, b: 2.0, c: 0.5, d: 0.2}, origin=run.origin - 1)
    makers.made_run(region, {a: 9.0, b: 9.0, c: 9.0, d: 9.0}, origin=run.origin - 2)  # older: it does not count
    found = {line.area: line for line in lines(analyst, run)}
    assert [found[area].move for area in (a, b, c, d)] == ["up", "down", "same", ""]
    assert found[a].change == pytest.approx(1.0)
    newer = makers.made_run(region, {a: 2.0, b: 1.0, c: 0.5, d: 0.1}, origin=run.origin + 1)
    assert {line.area: line.move for line in lines(analyst, newer)}[d] == "new"


def test_a_run_that_was_left_out_is_no_month_ago(world, analyst, client_for):
    region, (a, b, c, d) = world
    run = makers.made_run(region, {a: 2.0, b: 1.0, c: 0.5, d: 0.2})
    makers.made_run(region, {a: 1.0, b: 2.0, c: 0.5, d: None}, origin=run.origin - 4)
    content = client_for(analyst).get(reverse("flashpoints:board")).content.decode()
    then = months.in_text(run.origin - 4)
    assert f"was place 2 in the computation for {then}" in content
    assert f"the same place as in the computation for {then}" in content
    assert f"could not be ranked in the computation for {then}" in content
    assert f"against the computation for {then}" in content
    assert "a month ago" not in content


def test_a_later_month_is_not_held_against_the_first_month_of_another_run(world, analyst, client_for):
    region, (a, b, *_rest) = world
    run = makers.made_run(region, {a: 2.0, b: 1.0})
    makers.made_run(region, {a: 1.0, b: 2.0}, origin=run.origin - 1)
    assert [line.move for line in lines(analyst, run)] == ["up", "down"]
    assert [(line.move, line.change) for line in lines(analyst, run, 2)] == [("", None)] * 2
    content = client_for(analyst).get(f"{reverse('flashpoints:board')}?month=2").content.decode()
    assert "was place" not in content
    assert "a month ago" not in content


def test_each_month_ahead_has_its_own_season(analyst):
    """Incidents of Julys: the board names July where July is shown, and no other month by its season."""
    region, districts = makers.region_of(2)
    last = series.month_before()
    many = np.array([30 if month % 12 == 6 else 2 for month in range(last - 59, last + 1)])
    makers.report(districts, np.stack([many, many], axis=1))
    run = makers.computed(region)
    for horizon in range(1, 13):
        found = boards.build(analyst, run, horizon)
        more = "July usually has more" in found.season
        assert more == (found.month % 12 == 6), months.in_text(found.month)
        assert not any("recent incidents" in text for line in found.lines for text in line.why if horizon > 1)


def test_a_season_of_all_districts_is_said_wherever_one_of_them_stands_alone(world, person, client_for):
    """The board says it once; on the page of a district, on paper and before signing its reasons would lack it."""
    region, (a, b, *_rest) = world
    run = makers.made_run(region, {a: 1.0, b: None})
    for outlook in Outlook.objects.filter(run=run):
        outlook.drivers = [*outlook.drivers, {"kind": "season", "value": 0.6}]
        outlook.save()
    chief = person("chief")
    found = boards.build(chief, run)
    assert found.season.endswith("0.6 times the mean month")
    client = client_for(chief)
    for name in ("flashpoints:area", "flashpoints:sign"):
        assert "0.6 times the mean month" in client.get(reverse(name, args=[a.pk])).content.decode()
    assert "0.6 times the mean month" not in client.get(reverse("flashpoints:area", args=[b.pk])).content.decode()
    assert "0.6 times the mean month" in paper.content(found)["skill"]


def test_clusters_come_before_what_the_forecast_rests_on(world, analyst):
    region, (a, *_rest) = world
    run = makers.made_run(region, {a: 1.0})
    makers.cluster(run, a)
    Outlook.objects.filter(run=run).update(alarm={"month": run.origin - 1, "count": 9, "upper": 4.2, "alarm": True})
    why = lines(analyst, run)[0].why
    assert why[0].startswith("cluster since")
    assert "by chance alone in 0.4" in why[0]
    assert why[1] == "last month above its usual range: 9, at most 4.2 expected"
    assert why[2] == "last 12 months: 12 incidents"


def test_somebody_of_one_district_sees_its_line_of_the_province_only(world, person, client_for):
    region, (a, b, *_rest) = world
    run = makers.made_run(region, {a: 2.0, b: 1.0})
    local = person("analyst", b)
    assert [line.area for line in lines(local, run)] == [b]
    assert lines(local, run)[0].forecast.rank == 2
    content = client_for(local).get(reverse("flashpoints:board")).content.decode()
    assert b.name_en in content
    assert a.name_en not in content


def test_another_month_ahead(world, analyst, client_for):
    region, (a, b, *_rest) = world
    run = makers.made_run(region, {a: 2.0, b: 1.0}, horizons=12)
    client = client_for(analyst)
    content = client.get(f"{reverse('flashpoints:board')}?month=7").content.decode()
    assert months.in_text(run.origin + 6) in content
    for nonsense in ("0", "13", "x", "-1"):
        assert client.get(f"{reverse('flashpoints:board')}?month={nonsense}").status_code == 200


def test_filters_hold_for_the_table_and_the_map(world, analyst, client_for):
    region, (a, b, c, d) = world
    run = makers.made_run(region, {a: 2.0, b: 1.0, c: None, d: 0.5})
    makers.cluster(run, d)
    surge = {"is": True, "months": 3, "found": 9, "found_usual": 1, "reported": 1, "reported_usual": 1}
    Outlook.objects.filter(run=run, area=b).update(surge=surge)
    found = boards.build(analyst, run)

    def shown(*keys):
        form = BoardForm({"show": list(keys)}, origin=run.origin, horizons=3)
        return {line.area for line in narrowed(found, form.shown)}

    assert shown() == {a, b, c, d}
    assert shown("unsaid") == {c}
    assert shown("ranked") == {a, b, d}
    assert shown("cluster", "surge") == {b, d}
    client = client_for(analyst)
    shapes = client.get(f"{reverse('flashpoints:map_json')}?show=unsaid").json()["features"]
    levels = {feature["id"]: feature["properties"]["level"] for feature in shapes}
    assert levels == {a.pk: -2, b.pk: -2, c.pk: -1, d.pk: -2}
    assert (
        "No district fits these filters."
        in client.get(f"{reverse('flashpoints:board')}?show=attention").content.decode()
    )


def test_the_map_shows_value_and_doubt_together(world, analyst):
    region, (a, b, c, d) = world
    run = makers.made_run(region, {a: 10.0, b: 5.0, c: None, d: 0.1})
    found = boards.build(analyst, run)
    levels = {line.area: found.level(line) for line in found.lines}
    assert (levels[a], levels[b], levels[d]) == (4, 2, 0)
    Forecast.objects.filter(run=run, area=a, horizon=1).update(q05=6, q95=15)
    Forecast.objects.filter(run=run, area=b, horizon=1).update(q05=0, q95=20)
    found = boards.build(analyst, run)
    assert [found.line_of(area.pk).doubt for area in (a, b, d)] == [0, 2, 1]


def test_a_district_picked_is_looked_at_closer(world, analyst, client_for):
    region, (a, b, *_rest) = world
    makers.made_run(region, {a: 2.0, b: 1.0})
    client = client_for(analyst)
    assert f'data-area="{a.pk}"></tirek-map>' in client.get(reverse("flashpoints:board")).content.decode()
    assert (
        f'data-area="{b.pk}"></tirek-map>' in client.get(f"{reverse('flashpoints:board')}?area={b.pk}").content.decode()
    )
    assert client.get(f"{reverse('flashpoints:board')}?area=99999999").status_code == 200


def test_what_is_there_is_counted_from_the_registers(world, person, small_province):
    """By district, whatever lies in it; only what the reader may see."""
    north, south = small_province.districts
    facility = small_province.facilities[0]
    Figures.objects.update_or_create(facility=facility, defaults={"mandatory_unmet": 2})
    for state in ("ready", "lost", "fault"):
        Endpoint.objects.create(
            code=f"e-{state}",
            name=state,
            area=small_province.settlements[0],
            lat=50.5,
            lon=56.8,
            cell="8a1fb46622dffff",
            state=state,
        )
    Measure.objects.create(
        area=north,
        kind="meeting",
        text="Meet",
        agency=small_province.agency,
        due_on=timezone.localdate() + timedelta(days=3),
    )
    found = queries.there(person("analyst"), [north, south])
    here = found[north.pk]
    assert (here.people, here.facilities, here.gaps) == (60_000, 2, 1)
    assert (here.endpoints, here.silent, here.measures) == (3, 2, 1)
    assert (found[south.pk].facilities, found[south.pk].endpoints) == (1, 0)
    assert queries.there(person("analyst", south), [north])[north.pk].facilities == 0


def test_the_page_of_a_district_leads_to_what_can_be_done(small_province, person, client_for):
    north, south = small_province.districts
    run = makers.made_run(small_province.region, {north: 2.0, south: None})
    makers.report([north], np.full((30, 1), 1))
    make_facility("Clinic", small_province.settlements[0])
    client = client_for(person("chief"))
    content = client.get(reverse("flashpoints:area", args=[north.pk])).content.decode()
    for url in (
        f"{reverse('inspections:round_new')}?area={north.pk}",
        f"{reverse('notices:notices')}?area={north.pk}",
        f"{reverse('warning:endpoints')}?area={north.pk}",
        f"{reverse('incidents:incidents')}?area={north.pk}",
        reverse("flashpoints:sign", args=[north.pk]),
        reverse("flashpoints:measure_new", args=[north.pk]),
    ):
        assert url in content, url
    silent = client.get(reverse("flashpoints:area", args=[south.pk])).content.decode()
    assert "This does not mean safe." in silent
    assert reverse("flashpoints:sign", args=[south.pk]) not in silent
    assert run.get_absolute_url()


def test_the_page_of_a_district_is_for_those_who_see_forecasts_there(small_province, person, client_for):
    """Whoever only sees its border sees neither its counts nor its signals."""
    north, south = small_province.districts
    makers.made_run(small_province.region, {north: 2.0, south: 1.0})
    makers.report([south], np.full((30, 1), 1))
    Signal.objects.create(name="poll", month=series.month_before(), area=south, value=7.5)
    of_agency = person("analyst", agency=small_province.agency)
    of_north = person("analyst", north)
    Assignment.objects.create(person=of_north, role="inspector", area=small_province.region)  # sees every border
    for user in (of_agency, of_north):
        client = client_for(user)
        assert client.get(south.get_absolute_url()).status_code == 200
        assert "Forecast and flash-points" not in client.get(south.get_absolute_url()).content.decode()
        assert client.get(reverse("flashpoints:area", args=[south.pk])).status_code == 404
        assert signals.beside(user, south) == []
    assert client_for(of_north).get(reverse("flashpoints:area", args=[north.pk])).status_code == 200
    assert client_for(of_agency).get(reverse("flashpoints:area", args=[north.pk])).status_code == 404
    content = client_for(person("analyst")).get(reverse("flashpoints:area", args=[south.pk])).content.decode()
    assert "7.5" in content
    assert "no run uses them" in content


def test_chosen_facilities_go_into_the_form_of_a_round(small_province, person, client_for):
    first, second = small_province.facilities[:2]
    url = f"{reverse('inspections:round_new')}?area={small_province.districts[0].pk}&facilities={first.pk}&facilities={second.pk}"
    content = client_for(person("chief")).get(url).content.decode()
    assert f'value="{first.pk}"' in content
    assert f'value="{second.pk}"' in content


def test_the_section_on_the_page_of_an_area(small_province, person, client_for):
    north, south = small_province.districts
    run = makers.made_run(small_province.region, {north: 2.0, south: None})
    chief = person("chief")
    makers.flashpoint(run, north, chief)
    client = client_for(chief)
    content = client.get(north.get_absolute_url()).content.decode()
    assert "2.0 reported incidents expected, place 1." in content
    assert "stands, 29 days left" in content
    assert "This does not mean safe." in client.get(south.get_absolute_url()).content.decode()
    assert (
        "Forecast and flash-points"
        not in client_for(person("inspector")).get(north.get_absolute_url()).content.decode()
    )


def test_the_search_finds_flash_points_and_measures(small_province, person):
    from tirek.flashpoints.search import find_flashpoints

    north, _south = small_province.districts
    chief = person("chief")
    makers.flashpoint(makers.made_run(small_province.region, {north: 1.0}), north, chief)
    Measure.objects.create(
        area=north,
        kind="meeting",
        text="Meet at the station",
        agency=small_province.agency,
        due_on=timezone.localdate(),
    )
    assert [hit.icon for hit in find_flashpoints(chief, "North")] == ["flame", "checklist"]
    assert [hit.title for hit in find_flashpoints(chief, "station north")] == ["Meet at the station"]
    assert find_flashpoints(person("inspector"), "North") == []


def test_what_is_under_way_is_not_counted_where_there_is_none(world, analyst, client_for):
    region, (a, *_rest) = world
    makers.made_run(region, {a: 1.0})
    page = client_for(analyst).get(reverse("flashpoints:area", args=[a.pk])).content.decode()
    assert "no measure of prevention is under way" in page
    assert "0 measures" not in page


def test_districts_that_cannot_be_ranked_stand_in_the_order_of_the_alphabet(world, analyst):
    region, districts = world
    run = makers.made_run(region, dict.fromkeys(districts))
    for area, name in zip(districts, ["Ырғыз", "Әйтеке би", "Қобда", "Мәртөк"], strict=True):
        Area.objects.filter(pk=area.pk).update(name_kk=name, name_ru=name, name_en=name)
    assert [line.area.name for line in lines(analyst, run)] == ["Әйтеке би", "Қобда", "Мәртөк", "Ырғыз"]
