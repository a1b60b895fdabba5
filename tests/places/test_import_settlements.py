"""Importing settlements: encodings, separators, districts found by place, second runs."""

import pytest

from tirek.audit.act import Refused
from tirek.places.actions import import_boundaries, import_settlements, preview_settlements
from tirek.places.imports.reading import to_code, to_number
from tirek.places.models import Area, PopulationCell

pytestmark = pytest.mark.django_db
TEXT = "code,name_kk,name_ru,lat,lon,population\nS1,Әйет,Аят,50.5,57.5,1200\nS2,Қарағаш,Карагаш,50.5,58.5,\n"
RUSSIAN = "Название;Широта;Долгота;Население\nАят;50,5;57,5;1 200\nКарагаш;50,5;58,5;\n"


@pytest.fixture
def tree(districts):
    import_boundaries(None, districts, system="test")


def run(path, **options):
    return import_settlements(None, path, system="test", **options)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(tree, table, encoding):
    run(table(TEXT, encoding))
    assert Area.objects.get(code="S1").name_kk == "Әйет"
    assert Area.objects.get(code="S2").name_ru == "Карагаш"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(tree, table, separator):
    assert run(table(TEXT.replace(",", separator))).counts["add"] == 2


def test_a_russian_table_of_cp1251_with_commas_in_numbers(tree, table):
    run(table(RUSSIAN, "cp1251"))
    village = Area.objects.get(name_ru="Аят")
    assert (village.lat, village.lon, village.population) == (50.5, 57.5, 1200)
    assert village.parent.code == "W"
    assert village.path == f"{village.parent.path}{village.pk}/"


def test_population_follows_and_a_second_run_changes_nothing(tree, table):
    path = table(TEXT)
    run(path)
    assert sum(PopulationCell.objects.values_list("population", flat=True)) == pytest.approx(1200)
    with pytest.raises(Refused, match="Nothing"):
        run(path)
    assert Area.objects.filter(kind="settlement").count() == 2


def test_without_codes_a_second_run_does_not_double_either(tree, table):
    run(table(RUSSIAN))
    run(table(RUSSIAN.replace("50,5;57,5", "50,501;57,501")))
    assert Area.objects.filter(kind="settlement").count() == 2
    assert Area.objects.get(name_ru="Аят").lat == 50.501


def test_nobody_moves_a_settlement_into_a_part_that_is_not_theirs(person, tree, table):
    run(table(TEXT))
    west, east = Area.objects.get(code="W"), Area.objects.get(code="E")
    moved = table(TEXT.replace("S1,Әйет,Аят,50.5,57.5", "S1,Әйет,Аят,50.5,58.4"))
    plan = preview_settlements(person("administrator", west), moved)
    assert [row.deed for row in plan.rows] == ["skip", "skip"]
    assert plan.errors[0] == (plan.rows[0].number, "Lies outside the part of the province that you may change.")
    plan = preview_settlements(person("administrator"), moved)
    assert [row.deed for row in plan.rows] == ["change", "same"]
    assert plan.rows[0].changes["parent"] == east


def test_two_villages_of_one_name_stay_two(tree, table):
    run(table("name,lat,lon\nKaragash,50.5,57.5\nKaragash,50.5,57.9\n"))
    run(table("name,lat,lon,population\nKaragash,50.5,57.5,10\nKaragash,50.5,57.9,20\n"))
    assert sorted(Area.objects.filter(name_en="Karagash").values_list("population", flat=True)) == [10, 20]


def test_each_error_is_named_by_row(tree, table):
    plan = preview_settlements(
        None,
        table(
            "name,lat,lon,population\n"
            "Good,50.5,57.5,5\n"
            ",50.6,57.5,5\n"
            "North pole,91,57.5,5\n"
            "Words,here,there,5\n"
            "Outside,10,10,5\n"
            "Minus,50.5,57.6,-5\n"
        ),
    )
    assert [row.deed for row in plan.rows] == ["add", "skip", "skip", "skip", "skip", "skip"]
    assert [number for number, _error in plan.errors] == [2, 3, 4, 4, 5, 6]
    assert "no district" in plan.rows[4].errors[0]


def test_a_name_column_in_kazakh_or_russian_is_taken_as_such(tree, table):
    run(table("name,lat,lon\nҚарғалы,50.5,57.5\nМартук,50.5,58.5\n"))
    assert Area.objects.filter(name_kk="Қарғалы", name_en="").exists()
    assert Area.objects.filter(name_ru="Мартук", name_en="").exists()


def test_what_a_district_leaves_is_shared_by_villages_without_a_figure(tree, table):
    run(table("code,name,lat,lon,population\n1,A,50.3,57.3,2000\n2,B,50.5,57.5,\n3,C,50.7,57.7,0\n"))
    by_village = {}
    for cell in PopulationCell.objects.select_related("area"):
        by_village[cell.area.name_en] = by_village.get(cell.area.name_en, 0) + cell.population
    assert by_village == {"A": pytest.approx(2000), "B": pytest.approx(1500), "C": pytest.approx(1500)}


@pytest.mark.parametrize("text", ["", "one\n", "a,b\n1,2\n", 'a,b,c\n"unclosed'])
def test_what_is_no_table(tree, table, text):
    with pytest.raises(Refused):
        preview_settlements(None, table(text))


@pytest.mark.parametrize(
    ("text", "number"), [("50,28", 50.28), ("28 196", 28196), ("28\u00a0196", 28196), ("-3.5", -3.5), ("", None)]
)
def test_numbers_as_people_write_them(text, number):
    assert to_number(text) == number


@pytest.mark.parametrize("text", ["many", "nan", "inf", "1,2,3"])
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match=r"could not convert|^(nan|inf)$"):
        to_number(text)


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [("geonames_id", "610611", "geonames:610611"), ("kato", "15", "15"), ("hasc", "KZ.AT.KB", "KZ.AT.KB")],
)
def test_codes(column, text, code):
    assert to_code(column, text) == code
