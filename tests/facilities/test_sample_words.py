"""The sample speaks Kazakh wherever it speaks Russian and a text is held once."""

from __future__ import annotations

import pytest

from tirek.equipment.sample_sets import BASE, HOSPITAL, SETS
from tirek.facilities import sample, sample_details
from tirek.facilities.models import Facility
from tirek.facilities.sample_words import KAZAKH, language_at
from tirek.inspections import sample_remarks
from tirek.places.models import Area
from tirek.warning import sample_endpoints


def test_whatever_a_facility_may_write_is_known_in_kazakh() -> None:
    houses = [house for kind in sample_details.HOUSES.values() for house in kind]
    places = [place for lines in [BASE, HOSPITAL, *SETS.values()] for line in lines for place in line.places]
    texts = [
        *sample_endpoints.ROOMS, *sample_details.COMPANIES, *sample_details.GUARDS, *sample_details.OWNERS.values(),
        *sample.POSITIONS, *(house.name for house in houses), *(house.use for house in houses),
        *(name for name, _kind, _control in sample_details.DOORS), *(how for _name, _kind, how in sample_details.DOORS),
        *(remark.place for remark in sample_remarks.REMARKS.values()), *places,
    ]  # fmt: skip
    assert [text for text in texts if text not in KAZAKH] == []


def test_facilities_keep_their_papers_in_both_languages() -> None:
    languages = [language_at(f"school-{n}") for n in range(200)]
    assert 60 < languages.count("kk") < 140


@pytest.mark.parametrize("key", ["perimeter-fence", "no such requirement"])
def test_an_inspector_writes_in_the_language_of_their_own(key: str) -> None:
    kazakh, russian = sample_remarks.remark(key, "kk"), sample_remarks.remark(key, "ru")
    assert kazakh.text != russian.text
    assert kazakh.place != russian.place
    assert sample_remarks.KAZAKH.keys() == sample_remarks.REMARKS.keys()


def test_loudspeakers_have_names_in_both_languages() -> None:
    school = Facility(name_kk="№ 1 мектеп", name_ru="Школа № 1")
    assert sample_endpoints._name(1, school, "двор") == "№ 1 мектеп, аула"
    assert sample_endpoints._name(2, school, "двор") == "Школа № 1, двор"
    town = Area(name_kk="Алға", name_ru="Алга")
    assert {sample_endpoints._mast(n, town) for n in (1, 2)} == {"№ 1 сирена, Алға", "Сирена № 2, Алга"}
