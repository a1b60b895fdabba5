"""A table from the file to the register: preview, errors by row, writing, twice, stopped, broken, by whom it may."""

from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse

from tests.sheets.conftest import read_xlsx, xlsx
from tirek.accounts.models import Agency
from tirek.accounts.sheets import AgencySheet
from tirek.audit import chain
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.jobs.models import Job
from tirek.jobs.running import run_waiting
from tirek.sheets import actions
from tirek.sheets.models import Export, Import

pytestmark = pytest.mark.django_db
GOOD = "Код;Атауы;название на русском;телефон\npolice;Полиция;Полиция;+7 7132 55 00 01\nfire;;МЧС;\n".encode()
HEAD = ["code", "name in Russian", "code of the area", "phone"]


def states(found):
    return dict(found.rows.values_list("number", "deed"))


def test_nothing_is_written_before_it_is_confirmed_and_twice_doubles_nothing(bring, write):
    table = xlsx(HEAD, ["police", "Полиция", "", "+7 1"], ["health", "Больницы", "", ""])
    found = bring(table, "a.xlsx")
    assert (found.state, found.counts) == ("ready", {"add": 1, "change": 1})
    assert not Agency.objects.filter(code="police").exists()
    found = write(found)
    assert (found.state, found.done["add"], found.done["change"]) == ("written", 1, 1)
    assert Agency.objects.get(code="police").phone == "+7 1"
    assert Agency.objects.get(code="health").name_ru == "Больницы"
    entries = Entry.objects.filter(verb__in=["accounts.add_agency", "accounts.change_agency"])
    assert [e.object_name for e in entries.order_by("pk")] == ["Health", "Полиция"]
    assert entries.get(verb="accounts.change_agency").after["name_ru"] == "Больницы"
    assert list(chain.verify()) == []
    again = bring(table, "a.xlsx")
    assert again.counts == {"same": 2}
    with pytest.raises(Refused, match="Nothing in the file is new"):
        write(again)
    assert Agency.objects.count() == 2


def test_headings_of_three_languages_are_recognised(bring):
    for language, head in {"ru": ("код", "название на русском"), "kk": ("код", "Орысша атауы"), "en": HEAD}.items():
        found = bring(f"{head[0]};{head[1]}\np;П\n".encode())
        assert found.state == "ready", (language, found.headings, found.columns)


def test_every_error_by_row_and_column(bring, write, small_province):
    found = bring(
        xlsx(
            HEAD,
            ["police", "Полиция", small_province.settlements[0].code, ""],
            ["", "No code", "", ""],
            ["fire", "", "nowhere", ""],
            ["police", "Again", "", ""],
            ["x" * 50, "Long", "", ""],
        ),
        "a.xlsx",
    )
    assert states(found) == {2: "add", 3: "error", 4: "error", 5: "error", 6: "error"}
    said = {row.number: row.errors for row in found.rows.filter(deed="error")}
    assert said[3] == [["code", "Must not be empty."]]
    assert said[4] == [["name_ru", "Must not be empty."], ["area", "“nowhere” is not known here."]]
    assert said[5] == [["", "The same as row 2 of the file."]]
    assert said[6] == [["code", "Longer than 40 characters."]]
    assert ["code", "Must not be empty.", 1] in found.problems
    with pytest.raises(Refused, match="have errors"):
        write(found)
    found = write(found, leave_out_errors=True)
    assert (found.done["add"], found.done["error"]) == (1, 4)
    assert Agency.objects.get(code="police").area == small_province.settlements[0]


def test_columns_are_chosen_by_hand(bring, write, admin, client_for):
    found = bring(b"Short,Long\np,Police\n")
    assert found.state == "unclear"
    client = client_for(admin)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "These columns are not found in the file: code, name in Russian" in page
    answer = client.post(
        reverse("sheets:read_again", args=[found.pk]), {"chosen": "1", "code": "0", "name_ru": "1"}, follow=True
    )
    assert answer.status_code == 200
    run_waiting()
    assert Import.objects.get(pk=found.pk).counts == {"add": 1}
    client.post(reverse("sheets:read_again", args=[found.pk]), {"chosen": "1", "code": "7", "name_ru": "1"})
    assert run_waiting() == 0  # no such heading: nothing is read


def test_the_preview_shows_what_changes_and_escapes_it(bring, admin, client_for):
    hostile = "<script>alert(1)</script>"
    found = bring(xlsx(HEAD, ["health", hostile, "", ""], ["=2+2", "Formula", "", ""], ["", "x", "", ""]), "a.xlsx")
    page = client_for(admin).get(found.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<del>Здравоохранение</del>" in page
    assert "&lt;script&gt;" in page
    wrong = client_for(admin).get(found.get_absolute_url(), {"deed": "error"}).content.decode()
    assert "Must not be empty." in wrong
    assert "<del>" not in wrong


def test_rows_with_errors_come_back_with_a_column_that_says_why(bring, admin, client_for):
    found = bring(b"code,name_ru,remark\n,No code,=cmd()\np,Police,x\n")
    rows = read_xlsx(client_for(admin).get(reverse("sheets:errors", args=[found.pk])))
    assert rows == [
        ["code", "name_ru", "remark", "What is wrong"],
        [None, "No code", "=cmd()", "code: Must not be empty."],
    ]


def test_what_has_become_wrong_or_the_same_meanwhile_is_left_alone(bring, write, admin):
    found = bring(xlsx(HEAD, ["police", "Полиция", "", ""], ["fire", "МЧС", "", ""]), "a.xlsx")
    Agency.objects.create(code="police", name_ru="Полиция")
    found = write(found)
    assert (found.done["add"], found.done["same"]) == (1, 1)
    assert Agency.objects.filter(code="police").count() == 1


def test_stopped_in_the_middle_and_read_again(bring, admin, monkeypatch):
    monkeypatch.setattr(AgencySheet, "batch", 2)
    monkeypatch.setattr("tirek.jobs.running.WRITE_EVERY_S", 0)
    found = bring(b"code,name_ru\n" + b"".join(b"a%d,A\n" % i for i in range(10)))
    actions.write(admin, found.pk)
    write_rows = AgencySheet.write

    def stopping(self, user, rows):
        write_rows(self, user, rows)
        if Agency.objects.filter(code="a3").exists():
            Job.objects.filter(kind="sheets.write").update(stop_asked=True)

    monkeypatch.setattr(AgencySheet, "write", stopping)
    run_waiting()
    found.refresh_from_db()
    assert found.state == "broken"
    assert Agency.objects.filter(code__startswith="a").count() == 4
    monkeypatch.setattr(AgencySheet, "write", write_rows)
    actions.read_again(admin, found.pk)
    run_waiting()
    found.refresh_from_db()
    assert found.counts == {"same": 4, "add": 6}
    actions.write(admin, found.pk)
    run_waiting()
    assert Agency.objects.filter(code__startswith="a").count() == 10


def test_a_batch_that_fails_leaves_nothing_of_itself(bring, admin, monkeypatch):
    monkeypatch.setattr(AgencySheet, "batch", 3)
    found = bring(b"code,name_ru\n" + b"".join(b"a%d,A\n" % i for i in range(6)))
    write_rows = AgencySheet.write

    def failing(self, user, rows):
        write_rows(self, user, rows)
        if rows[0].values["code"] == "a3":
            raise RuntimeError("the disk is full")

    monkeypatch.setattr(AgencySheet, "write", failing)
    actions.write(admin, found.pk)
    run_waiting()
    found.refresh_from_db()
    assert (found.state, found.done["add"]) == ("broken", 3)
    assert sorted(Agency.objects.filter(code__startswith="a").values_list("code", flat=True)) == ["a0", "a1", "a2"]
    assert list(chain.verify()) == []
    assert "mistake" in found.job.__class__.objects.get(pk=found.job_id).error


@pytest.mark.django_db(transaction=True)
def test_others_may_write_meanwhile(bring, write, monkeypatch):
    """On SQLite a query that is read while batches are written would end the import at the first foreign write."""
    monkeypatch.setattr(AgencySheet, "batch", 2)
    found = bring(b"code,name_ru\n" + b"".join(b"a%d,A\n" % i for i in range(10)))
    write_rows = AgencySheet.write

    def somebody_else():
        Agency.objects.filter(code="health").update(phone="+7")
        connection.close()

    def disturbed(self, user, rows):
        write_rows(self, user, rows)
        transaction.on_commit(lambda: [thread.start() or thread.join() for thread in [Thread(target=somebody_else)]])

    monkeypatch.setattr(AgencySheet, "write", disturbed)
    assert write(found).done["add"] == 10


def test_a_file_that_is_no_table(bring, admin):
    with pytest.raises(Refused, match="allowed type"):
        bring(b"<html><script>", "a.csv")
    found = bring(b'code,name_ru\np,"broken\n')
    assert found.state == "failed"
    assert "quotation mark" in found.problem
    assert found.job.error == found.problem
    with pytest.raises(Refused, match="cannot be written"):
        actions.write(admin, found.pk)


def test_only_what_the_person_reaches(person, small_province, bring, write):
    north, south = small_province.districts
    somebody = person("administrator", south)
    found = bring(
        xlsx(HEAD, ["health", "Mine now", "", ""], ["s", "South", south.code, ""], ["n", "North", north.code, ""]),
        "a.xlsx",
        user=somebody,
    )
    assert states(found) == {2: "error", 3: "add", 4: "error"}
    found = write(found, user=somebody, leave_out_errors=True)
    assert Agency.objects.get(code="health").name_ru == "Здравоохранение"
    assert Agency.objects.filter(code__in=["s", "n"]).get().code == "s"


def test_without_the_permission_there_is_no_table(person, client_for, bring):
    found = bring(GOOD.replace("Атауы".encode(), b"x"))
    officer, other = person("duty_officer"), person("administrator")
    with pytest.raises(PermissionDenied):
        actions.bring(officer, AgencySheet(), GOOD, "a.csv")
    for name, arguments in (
        ("sheet", ["agencies"]),
        ("template", ["agencies", "csv"]),
        ("export", ["agencies", "csv"]),
    ):
        assert client_for(officer).get(reverse(f"sheets:{name}", args=arguments)).status_code == 403
    for name in ("import", "errors"):
        assert client_for(other).get(reverse(f"sheets:{name}", args=[found.pk])).status_code == 404
    with pytest.raises(Import.DoesNotExist):
        actions.write(other, found.pk)
    assert client_for(other).get(reverse("sheets:sheet", args=["nothing"])).status_code == 404


def test_a_right_that_is_lost_between_click_and_work_writes_nothing(bring, admin):
    found = bring(b"code,name_ru\np,P\n")
    actions.write(admin, found.pk)
    admin.assignments.all().delete()
    run_waiting()
    found.refresh_from_db()
    assert not Agency.objects.filter(code="p").exists()
    assert "not allowed" in found.job.error


def test_exports_come_back_the_same_and_leave_a_trace(bring, admin, client_for, small_province):
    Agency.objects.create(code="=1+1", name_ru="+7 формула", phone="@sum", area=small_province.region)
    client = client_for(admin)
    csv = client.get(reverse("sheets:export", args=["agencies", "csv"]), {"q": "x"})
    content = b"".join(csv.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\n=1+1" not in content
    assert b"'=1+1" in content
    assert bring(content).counts == {"same": 2}
    book = client.get(reverse("sheets:export", args=["agencies", "xlsx"]))
    assert bring(b"".join(book.streaming_content), "a.xlsx").counts == {"same": 2}
    entry = Entry.objects.filter(verb="sheets.export_sheet").order_by("pk").first()
    assert (entry.after["rows"], entry.after["query"], entry.after["format"]) == (2, "q=x", "csv")
    assert Export.objects.count() == 2


def test_cells_of_an_xlsx_export_are_never_formulas(admin, client_for):
    Agency.objects.create(code="=1+1", name_ru="=HYPERLINK()")
    book = client_for(admin).get(reverse("sheets:export", args=["agencies", "xlsx"]))
    import io

    import openpyxl

    cells = [c for row in openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active for c in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_a_template_can_be_filled_in_and_brought(bring, admin, client_for):
    content = b"".join(client_for(admin).get(reverse("sheets:template", args=["agencies", "xlsx"])).streaming_content)
    found = bring(content, "a.xlsx")
    assert (found.state, found.counts) == ("ready", {"add": 1})


def test_the_pages_from_upload_to_the_result(admin, client_for):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_for(admin)
    assert reverse("sheets:sheet", args=["agencies"]) in client.get(reverse("accounts:agencies")).content.decode()
    file = SimpleUploadedFile("агентства.csv", "код;название на русском\np;Полиция\n".encode("cp1251"))
    answer = client.post(reverse("sheets:sheet", args=["agencies"]), {"file": file})
    page = client.get(answer["Location"]).content.decode()
    assert "hx-get" in page
    assert "Waits for its turn" in page
    run_waiting()
    page = client.get(answer["Location"]).content.decode()
    assert "Write 1 row" in page
    assert "will be added" in page
    found = Import.objects.get()
    client.post(reverse("sheets:write", args=[found.pk]))
    run_waiting()
    page = client.get(answer["Location"]).content.decode()
    assert "1 added, 0 changed" in page
    assert "will be added" not in page
    assert ">added</span>" in page
    assert "added: 1" in client.get(reverse("sheets:sheet", args=["agencies"])).content.decode()
    assert Agency.objects.get(code="p").name_ru == "Полиция"


def test_a_month_later_the_import_is_forgotten(bring):
    from datetime import timedelta

    from django.utils import timezone

    bring(b"code,name_ru\np,P\n")
    assert actions.prune() == 0
    Import.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert actions.prune() == 1
    assert not Import.objects.exists()
