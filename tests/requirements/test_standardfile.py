"""The file of a standard: what it says, what is wrong with it, and back again."""

import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.requirements.support import content, demand, standard
from tirek.facilities.types import TYPES
from tirek.requirements import standards
from tirek.requirements.standardfile import (
    EVIDENCE,
    MAX_BYTES,
    POINTS,
    SEVERITIES,
    VERIFY,
    BadFile,
    RequirementData,
    StandardData,
    Words,
    read,
    write,
)

SHIPPED = sorted(Path(standards.__path__[0]).glob("*.yaml"))
KNOWN = [row[0] for row in TYPES]
GOOD = """\
format: 1
standard:
  code: school-rules
  name: {kk: Ереже, ru: Правила}
edition:
  label: 2025
  instrument: {kk: Бұйрық, ru: Приказ}
sections:
  - requirements:
      - key: gate
        paragraph: 12.10
        text: {kk: Қақпа, ru: Ворота}
        point: entrances
"""


@pytest.fixture(autouse=True)
def _english(english):
    pass


def problems(text, **options):
    with pytest.raises(BadFile) as caught:
        read(text.encode() if isinstance(text, str) else text, **options)
    return [str(problem) for problem in caught.value.problems]


def lines_of_problems(data):
    try:
        read(data)
    except BadFile as bad:
        return [problem.line for problem in bad.problems] or [0]
    return []


def only(text, **options):
    found = problems(text, **options)
    assert len(found) == 1, found
    return found[0]


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_short_file_is_enough():
    data = read(GOOD.encode())
    assert (data.code, data.label, data.sample) == ("school-rules", "2025", False)
    (row,) = data.requirements
    assert row.paragraph == "12.10", "a paragraph is a text, not a number"
    assert (row.weight, row.severity, row.verify, row.deadline_days, row.mandatory) == (1, "serious", "look", 30, False)
    assert row.text == Words("Қақпа", "Ворота", "")


def test_words_that_yaml_takes_for_something_else_stay_words():
    data = read(changed("{kk: Қақпа, ru: Ворота}", "{kk: no, ru: 1e3, en: 2025-01-01}").encode())
    assert data.requirements[0].text == Words("no", "1e3", "2025-01-01")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_files_are_canonical_and_complete(path):
    text = path.read_text(encoding="utf-8")
    data = read(text.encode(), types=KNOWN)
    assert write(data) == text
    assert data.sample
    for words in (
        data.name,
        data.instrument,
        *(row.text for row in data.requirements),
        *(row.section for row in data.requirements),
    ):
        assert words.kk
        assert words.ru
        assert words.en
    for words in (data.name, data.instrument):
        assert "үлгі" in words.kk.lower()
        assert "образец" in words.ru.lower()
        assert "sample" in words.en.lower()


def test_the_sample_standard_covers_every_point():
    data = read((SHIPPED[0].parent / "facilities-2025.yaml").read_bytes(), types=KNOWN)
    assert 55 <= len(data.requirements) <= 75
    for point in POINTS:
        assert sum(row.point == point for row in data.requirements) >= 5, point
        assert any(row.mandatory for row in data.requirements if row.point == point), point
    assert all(row.text.kk != row.text.ru for row in data.requirements)
    assert not [row.key for row in data.requirements if re.search(r"[ғқңөұүһіәҒҚҢӨҰҮҺІӘ]", row.text.ru)]


def test_any_reader_of_yaml_reads_the_same_words():
    """The export is no private dialect: the usual reader finds the same texts in it."""
    data = read(SHIPPED[0].read_bytes())
    plain = yaml.safe_load(write(data))
    rows = [row for section in plain["sections"] for row in section["requirements"]]
    assert [row["text"]["kk"] for row in rows] == [row.text.kk for row in data.requirements]
    assert [str(row["paragraph"]) for row in rows] == [row.paragraph for row in data.requirements]


words = (
    st.text(
        st.characters(
            exclude_categories=["Cs", "Cc", "Cn", "Co"],
            exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff",
        ),
        min_size=1,
        max_size=60,
    )
    .map(str.strip)
    .filter(bool)
)
texts = st.builds(Words, words, words, st.one_of(st.just(""), words))
codes = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True)
applies = st.fixed_dictionaries(
    {},
    optional={
        "types": st.lists(codes, min_size=1, max_size=3, unique=True),
        "categories": st.lists(st.sampled_from([1, 2, 3]), min_size=1, unique=True).map(sorted),
        "min_people": st.integers(0, 100),
        "max_people": st.integers(100, 9999),
        "min_floor_area_m2": st.integers(0, 100),
        "max_floor_area_m2": st.integers(100, 9999),
        "vehicle_entrance": st.booleans(),
    },
)
live = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {"name": st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True), "days": st.integers(0, 999), "kind": words}
    ),
)
rows = st.builds(
    RequirementData,
    key=codes,
    paragraph=words.filter(lambda text: len(text) <= 40),
    text=texts,
    section=st.one_of(st.just(Words()), texts),
    hint=st.one_of(st.just(Words()), texts),
    point=st.sampled_from(POINTS),
    mandatory=st.booleans(),
    weight=st.integers(1, 100),
    severity=st.sampled_from(SEVERITIES),
    verify=st.sampled_from([one for one in VERIFY if one != "live"]),
    live=live,
    evidence=st.lists(st.sampled_from(EVIDENCE), unique=True).map(tuple),
    applies=applies,
    deadline_days=st.integers(1, 1000),
    measures=st.lists(codes, unique=True, max_size=3).map(tuple),
)
files = st.builds(
    StandardData,
    code=codes,
    name=texts,
    label=words.filter(lambda text: len(text) <= 40),
    instrument=texts,
    source=st.sampled_from(["", "https://example.org/a?b=c#d"]),
    valid_from=st.one_of(st.none(), st.dates()),
    sample=st.booleans(),
    requirements=st.lists(rows, min_size=1, max_size=6, unique_by=lambda row: row.key).map(tuple),
)


@settings(deadline=None, max_examples=150)
@given(files)
def test_what_is_written_is_read_back(data):
    assert read(write(data).encode()) == data


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    with pytest.raises(BadFile):
        read(data)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_lines(data):
    text = write(standard())
    at = data.draw(st.integers(0, len(text) - 1))
    broken = text[:at] + data.draw(st.text(max_size=5)) + text[at + data.draw(st.integers(0, 20)) :]
    lines = len(re.findall("[\n\r\x85\u2028\u2029]", broken)) + 2
    assert all(1 <= line <= lines for line in lines_of_problems(broken.encode(errors="surrogatepass")))


# --- what is wrong, and where -------------------------------------------------------------------------------------------
def test_an_unknown_point_names_the_line_and_the_points():
    text = only(changed("point: entrances", "point: gate"))
    assert text.startswith("line 13: unknown point “gate”. Use one of: perimeter, entrances, ")


def test_an_unknown_field_names_the_nearest():
    assert (
        only(changed("paragraph:", "paragraf: x\n        paragraph:"))
        == "line 11: unknown field “paragraf”. Did you mean “paragraph”?"
    )


def test_all_problems_are_said_at_once_in_order():
    text = changed(
        "point: entrances",
        "point: gate\n        weight: heavy\n        severity: awful"
        "\n        applies: {types: [castle], min_people: 9, max_people: 3}",
    )
    found = problems(text, types=KNOWN)
    assert [line.split(":")[0] for line in found] == ["line 13", "line 14", "line 15", "line 16", "line 16"]


def test_a_field_given_twice():
    assert (
        only(changed("point: entrances", "point: entrances\n        point: video"))
        == "line 14: “point” is given twice, first on line 13."
    )


def test_a_key_taken_twice():
    twice = GOOD + "      - key: gate\n        paragraph: 1\n        text: {kk: а, ru: б}\n        point: video\n"
    assert only(twice) == "line 14: The key “gate” is taken by the requirement on line 10."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format: 1\n", "", "format: 1"),
        ("format: 1\n", "format: 2\n", "format: 1"),
        ("code: school-rules", "code: School rules", "cannot be a code"),
        ("ru: Ворота", "en: Gate", "“ru” is missing"),
        ("{kk: Қақпа, ru: Ворота}", "{kk: Қақпа, ru: Ворота, de: Tor}", "unknown field “de”"),
        ("{kk: Қақпа, ru: Ворота}", "Қақпа", "must have fields"),
        ("label: 2025", "label: ''", "is empty"),
        ("label: 2025", "label: [2025]", "must be a text"),
        ("label: 2025", "label: 2025\n  valid_from: 2025-02-30", "is not a date"),
        ("label: 2025", "label: 2025\n  valid_from: 2025-W01-1", "is not a date"),
        ("label: 2025", "label: 2025\n  valid_from: 2025-02-02\n  valid_to: 2025-02-01", "ends before it begins"),
        ("label: 2025", "label: 2025\n  source: javascript:alert(1)", "not a web address"),
        ("point: entrances", "point: entrances\n        mandatory: yes", "true or false"),
        ("point: entrances", "point: entrances\n        weight: 0", "from 1 to 100"),
        ("point: entrances", "point: entrances\n        weight: 1.5", "from 1 to 100"),
        ("point: entrances", "point: entrances\n        deadline_days: 10000000000000", "from 1 to 1000"),
        ("point: entrances", "point: entrances\n        verify: live", "no check is named"),
        ("point: entrances", "point: entrances\n        live: {check: DROP}", "name of a check"),
        ("point: entrances", "point: entrances\n        live: {check: a, name: b}", "parameter of a check"),
        ("point: entrances", "point: entrances\n        evidence: [blood]", "unknown evidence"),
        ("point: entrances", "point: entrances\n        evidence: [photo, photo]", "stands here twice"),
        ("point: entrances", "point: entrances\n        applies: {categories: [7]}", "unknown categories"),
        ("point: entrances", "point: entrances\n        applies: {vehicle_entrance: maybe}", "true or false"),
        ("point: entrances", "point: entrances\n        measures: [Big Fence]", "cannot be a code"),
        ("key: gate", "key: " + "a" * 61, "has 61 letters"),
        ("kk: Қақпа", "kk: " + "ұ" * 4001, "has 4001 letters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(old, new, said):
    assert any(said in text for text in problems(changed(old, new))), problems(changed(old, new))


def test_no_requirements():
    assert "“requirements” is empty" in only(
        GOOD[: GOOD.index("      - key")].replace("requirements:", "requirements: []")
    )


# --- files that mean harm -----------------------------------------------------------------------------------------------
def test_tags_are_refused_and_never_carried_out(tmp_path):
    trace = tmp_path / "ran"
    text = changed("key: gate", f"key: !!python/object/apply:os.system ['touch {trace}']")
    assert any("line 10: Tags" in line for line in problems(text))
    assert not trace.exists()


def test_an_alias_bomb_does_not_go_off():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    started = time.perf_counter()
    found = problems("\n".join(lines))
    assert time.perf_counter() - started < 2
    assert any("References" in line for line in found)
    assert any("Anchors" in line for line in found)


def test_merge_keys_are_no_way_around():
    text = changed("      - key: gate", "      - <<: &x {key: gate}\n        key: gate")
    assert any("Anchors" in line for line in problems(text))
    assert any("unknown field “<<”" in line for line in problems(text))


@pytest.mark.parametrize(
    "text", ["[" * 5000, "{a: " * 5000, "- " * 5000, "? " * 5000], ids=["lists", "tables", "dashes", "keys"]
)
def test_deep_nesting_is_refused_soon(text):
    started = time.perf_counter()
    assert problems(text)
    assert time.perf_counter() - started < 2


def test_too_many_parts():
    assert "too much" in problems("a: [" + "1," * 70_000 + "]")[-1]


def test_too_large():
    assert "larger than 1 MB" in only(b"# " + b"x" * MAX_BYTES)


def test_a_second_document():
    assert "second document" in problems(GOOD + "---\n" + GOOD)[0]


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00a", GOOD.encode("utf-16"), GOOD.encode("cp1251", errors="replace"), b"PK\x03\x04" + b"\x9c" * 50],
)
def test_not_text(data):
    assert "UTF-8" in only(data)


@pytest.mark.parametrize("data", [b"", b"  \n", b"\xef\xbb\xbf"])
def test_nothing_in_it(data):
    assert "empty" in only(data)


@pytest.mark.parametrize("sign", ["\\0", "\\u202e", "\\x07"])
def test_invisible_signs(sign):
    assert "invisible" in only(changed("ru: Ворота", f'ru: "Во{sign}рота"'))


def test_signs_that_no_text_holds():
    assert problems(GOOD.encode() + b"# \x00")


def test_a_mark_at_the_beginning_is_fine():
    assert read(b"\xef\xbb\xbf" + GOOD.encode()).code == "school-rules"


def test_broken_indentation_names_the_line():
    text = only(changed("        point: entrances", "       point: entrances"))
    assert text.startswith("line 13:")
    assert "indentation" in text


def test_a_large_standard_is_read_quickly():
    data = content(*(demand(f"key-{n}", hint=Words("а" * 100, "б" * 100, "c" * 100)) for n in range(700)))
    started = time.perf_counter()
    assert len(read(data).requirements) == 700
    assert time.perf_counter() - started < 3
