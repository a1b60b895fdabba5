import json
import re

import pytest
import typst

from tests.passports.making import fill, make_draft, make_in_force
from tirek.facilities.models import Document
from tirek.files import disk
from tirek.files.actions import store
from tirek.passports import paper, words
from tirek.passports.models import Passport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
URL = "https://tirek.example/passports/1/"
KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"


@pytest.fixture
def hospital(small_province):
    return fill(small_province.facilities[0])


def words_of(task):
    return json.loads(task["sys_inputs"]["data"])


def test_every_glyph_is_there_without_the_fonts_of_the_machine(hospital, tmp_path):
    hospital.notes = f"{KAZAKH} №«»—–…²→ ёЁ"
    hospital.save()
    task = paper.task(make_in_force(hospital), ("kk", "ru"), URL, tmp_path)
    made, warnings = typst.compile_with_warnings(**task)
    assert [str(warning.message) for warning in warnings] == []
    assert made.startswith(b"%PDF")


def test_a_missing_glyph_would_be_noticed(hospital, tmp_path):
    """The test above rests on typst warning of it."""
    task = paper.task(make_in_force(hospital), ("kk",), URL, tmp_path)
    template = tmp_path / paper.TEMPLATE.name
    template.write_text(template.read_text().replace("Libertinus Serif", "No Such Font"))
    _made, warnings = typst.compile_with_warnings(**task)
    assert warnings


def test_says_it_in_both_languages(hospital, tmp_path):
    passport = make_in_force(hospital)
    data = words_of(paper.task(passport, ("kk", "ru"), URL, tmp_path))
    kk, ru = data["languages"]
    assert data["marks"] == ["Қызмет бабында пайдалану үшін", "Для служебного пользования"]
    assert (kk["name"], ru["name"]) == ("Hospital kk", "Hospital ru")
    assert [len(part["parts"]) for part in (kk, ru)] == [7, 7]
    assert data["hash"] == passport.sha256
    agreed, approved = ru["signatures"]
    assert (agreed["name"], approved["name"]) == (passport.agreed_by.full_name, passport.approved_by.full_name)
    assert approved["position"] == "Chief doctor"
    assert data["draft"] == ["", ""]


def test_a_draft_says_that_it_is_one(hospital, tmp_path):
    data = words_of(paper.task(make_draft(hospital), ("ru",), URL, tmp_path))
    assert data["draft"] == ["ЧЕРНОВИК"]
    assert [side["name"] for side in data["languages"][0]["signatures"]] == ["", ""]


def test_the_plans_are_in_it(hospital, tmp_path):
    data = words_of(paper.task(make_in_force(hospital), ("kk", "ru"), URL, tmp_path))
    assert len(data["plans"]) == 3
    assert all((tmp_path / plan["picture"]).stat().st_size > 500 for plan in data["plans"])


def test_a_plan_whose_file_is_gone_is_said_to_be(hospital, tmp_path):
    passport = make_in_force(hospital)
    disk.full(passport.plans.order_by("pk").first().path).unlink()
    task = paper.task(passport, ("ru",), URL, tmp_path)
    plans = words_of(task)["plans"]
    assert [bool(plan["missing"]) for plan in plans] == [True, False, False]
    assert typst.compile(**task).startswith(b"%PDF")


def pdf(pages: int, more: str = "") -> bytes:
    """A PDF with one empty page or none; `more` goes into its trailer."""
    kids = "3 0 R " * pages
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>"]
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"] if pages else []
    text, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(text))
        text += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(text)
    text += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return f"{text}trailer<</Size {len(objects) + 1}/Root 1 0 R{more}>>\nstartxref\n{start}\n%%EOF".encode()


ENCRYPTED = "/ID[<41><41>]/Encrypt<</Filter/Standard/V 1/R 2/O<" + "41" * 32 + ">/U<" + "42" * 32 + ">/P -4>>"
UNREADABLE = {"damaged": pdf(1)[:60], "without pages": pdf(0), "encrypted": pdf(1, ENCRYPTED)}


@pytest.mark.parametrize("how", UNREADABLE)
def test_an_unreadable_plan_does_not_keep_the_rest_from_being_printed(hospital, monkeypatch, how):
    for kind, content in (("site_plan", UNREADABLE[how]), ("floor_plan", pdf(1))):
        file = store(None, content, kind="plan", name=f"{how} {kind}.pdf", system="tests")
        Document.objects.filter(facility=hospital, kind=kind).update(file=file)
    tasks = []
    compile_ = typst.compile
    monkeypatch.setattr(typst, "compile", lambda *given, **task: tasks.append(task) or compile_(*given, **task))
    assert paper.passport_pdf(make_in_force(hospital), ("kk", "ru"), URL).startswith(b"%PDF")
    plans = words_of(tasks[-1])["plans"]
    assert [bool(plan["picture"]) for plan in plans] == [False, True, True]
    assert "Файлды мұнда көрсету мүмкін емес" in plans[0]["missing"]
    assert "Файл нельзя показать здесь" in plans[0]["missing"]


@pytest.mark.parametrize(
    ("pages", "printed"), [(1, 1), (4, 4), (paper.MOST_PAGES, paper.MOST_PAGES), (23, paper.MOST_PAGES)]
)
def test_every_page_of_a_plan_is_printed_up_to_a_limit_that_is_told(hospital, tmp_path, pages, printed):
    file = store(None, pdf(pages), kind="plan", name="floors.pdf", system="tests")
    Document.objects.filter(facility=hospital, kind="floor_plan").update(file=file)
    task = paper.task(make_in_force(hospital), ("ru",), URL, tmp_path)
    plan = next(plan for plan in words_of(task)["plans"] if plan["sha256"] == file.sha256)
    assert plan["pages"] == printed
    assert bool(plan["more"]) == (pages > printed)
    longer = sheets(typst.compile(**task))
    Document.objects.filter(facility=hospital, kind="floor_plan").update(
        file=store(None, pdf(1) + b"\n", kind="plan", name="floor.pdf", system="tests")
    )
    assert longer - sheets(paper.passport_pdf(make_draft(hospital), ("ru",), URL)) == printed - 1


def sheets(made: bytes) -> int:
    """How many pages a PDF of typst has."""
    return max(int(count) for count in re.findall(rb"/Count (\d+)", made))


def test_says_what_was_approved_not_what_is_so_now(hospital, tmp_path):
    passport = make_in_force(hospital)
    hospital.name_ru = "Renamed"
    hospital.save()
    data = words_of(paper.task(Passport.objects.get(pk=passport.pk), ("ru",), URL, tmp_path))
    assert data["languages"][0]["name"] == "Hospital ru"


def test_an_empty_facility_has_a_passport_too(small_province, tmp_path):
    bare = small_province.facilities[2]
    draft = make_draft(bare)
    shown = words.parts(draft.facts)
    assert all(table.nothing for part in shown for table in part.tables if not table.rows)
    _made, warnings = typst.compile_with_warnings(**paper.task(draft, ("kk", "ru"), URL, tmp_path))
    assert not warnings
