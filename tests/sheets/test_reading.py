"""Files in: encodings, separators, hostile and broken files, sizes."""

import io
import zipfile

import pytest

from tests.sheets.conftest import xlsx
from tirek.audit.act import Refused
from tirek.files.kinds import TEXT, XLSX
from tirek.sheets import reading

pytestmark = pytest.mark.usefixtures("english")
TABLE = [["код", "Атауы", "n"], ["p", "Полиция; «Ақтөбе»", "1"], ["э", 'a "b", c', ""]]


def read(tmp_path, content, kind=TEXT):
    path = tmp_path / "file"
    path.write_bytes(content)
    with reading.opened(path, kind) as table:
        return [table.headings, *(cells for _number, cells in table.rows)]


def as_csv(separator):
    def quoted(cell):
        return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in f'{separator}"\n') else cell

    return "\r\n".join(separator.join(map(quoted, row)) for row in TABLE) + "\r\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_and_separators(tmp_path, encoding, separator):
    assert read(tmp_path, as_csv(separator).encode(encoding)) == TABLE


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cp1251(tmp_path, separator):
    table = [[cell.replace("қ", "к").replace("ө", "о") for cell in row] for row in TABLE]
    content = as_csv(separator).replace("қ", "к").replace("ө", "о").encode("cp1251")
    assert read(tmp_path, content) == table


def test_cp1251_far_behind_the_first_block(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 64)
    content = b"code,name\n" + b"a,plain\n" * 100 + "я,Школа\n".encode("cp1251")
    assert read(tmp_path, content)[-1] == ["я", "Школа"]


def test_xlsx_reads_as_csv_does(tmp_path):
    assert read(tmp_path, xlsx(["код", "Атауы", "n"], ["p", "Полиция; «Ақтөбе»", 1], ["э", 'a "b", c']), XLSX) == TABLE


def test_empty_rows_are_left_out_and_numbers_are_those_of_the_file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"\n\na,b\n1,2\n,,\n\n3,4\n")
    with reading.opened(path, TEXT) as table:
        assert list(table.rows) == [(4, ["1", "2"]), (7, ["3", "4"])]


def test_formulas_are_read_as_what_they_show_and_never_run(tmp_path):
    rows = read(tmp_path, xlsx(["a", "b"], ["=1+1", "x"]), XLSX)
    assert rows[1] == ["", "x"]  # openpyxl wrote no shown value
    assert read(tmp_path, b"a,b\n=cmd|'/c calc'!A1,x\n")[1] == ["=cmd|'/c calc'!A1", "x"]


def test_too_many_rows_and_columns(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 5)
    with pytest.raises(Refused, match="more than 5 rows"):
        read(tmp_path, b"a\n" + b"1\n" * 6)
    with pytest.raises(Refused, match="more than 200 columns"):
        read(tmp_path, b",".join(b"c%d" % i for i in range(300)))


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b" , , \n"])
def test_a_table_without_headings(tmp_path, content):
    with pytest.raises(Refused, match="empty"):
        read(tmp_path, content)


def test_a_quotation_mark_that_is_missing(tmp_path):
    with pytest.raises(Refused, match="quotation mark"):
        read(tmp_path, b'a,b\n1,"two\n3,4\n')
    with pytest.raises(Refused, match="quotation mark"):
        read(tmp_path, b'a,b\n1,"' + b"x" * 200_000 + b'"\n')


def with_part(content, name, text):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.namelist():
            new.writestr(item, text if item == name else old.read(item))
    return target.getvalue()


def test_entities_of_a_spreadsheet_are_not_resolved(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    with pytest.raises(Refused, match="cannot be read"):
        read(tmp_path, with_part(xlsx(["a"]), "xl/worksheets/sheet1.xml", bomb), XLSX)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_a_damaged_spreadsheet(tmp_path, part):
    with pytest.raises(Refused):
        read(tmp_path, with_part(xlsx(["a", "b"], [1, 2]), part, "<broken"), XLSX)


def test_how_many_rows_to_expect(tmp_path):
    path = tmp_path / "file"
    for content, kind in ((xlsx(["a"], *([i] for i in range(50))), XLSX), (b"a\n" + b"1\n" * 50, TEXT)):
        path.write_bytes(content)
        with reading.opened(path, kind) as table:
            assert table.expected == 50


def test_a_sheet_that_claims_to_be_huge(tmp_path):
    sheet = zipfile.ZipFile(io.BytesIO(xlsx(["a"], ["1"]))).read("xl/worksheets/sheet1.xml").decode()
    lying = sheet.replace('ref="A1:A2"', 'ref="A1:XFD1048576"')
    assert lying != sheet
    assert read(tmp_path, with_part(xlsx(["a"], ["1"]), "xl/worksheets/sheet1.xml", lying), XLSX) == [["a"], ["1"]]
