"""Names stand where a reader of Kazakh or Russian looks for them."""

import unicodedata

from tirek.ui.alphabet import LETTERS, alphabetical


def test_letters_that_only_kazakh_has_stand_in_their_places():
    names = ["Ырғыз", "Хромтау", "Қобда", "Әйтеке би", "Алға", "Мәртөк", "Ақтөбе", "Ойыл", "Қарғалы", "Кандыагаш"]
    expected = ["Ақтөбе", "Алға", "Әйтеке би", "Кандыагаш", "Қарғалы", "Қобда", "Мәртөк", "Ойыл", "Хромтау", "Ырғыз"]
    assert sorted(names, key=alphabetical) == expected


def test_digits_and_latin_letters_come_first_and_case_says_nothing():
    assert sorted(["б", "Ёлка", "Еж", "ЖЭК", "2", "Bazaar", "А"], key=alphabetical) == [
        "2", "Bazaar", "А", "б", "Еж", "Ёлка", "ЖЭК",
    ]  # fmt: skip


def test_the_alphabet_is_whole():
    assert len(set(LETTERS)) == len(LETTERS) == 42
    assert all(unicodedata.name(letter).startswith("CYRILLIC SMALL") for letter in LETTERS)
