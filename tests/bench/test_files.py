"""Tables that become a panel, and what is said of those that cannot."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet
import pytest

from tirek.bench.files import Unreadable, read

TODAY = date(2024, 5, 20)
GOOD = [("b", "2024-01", "3"), ("b", "2024-02", ""), ("a", "2024-01", "0"), ("a", "2024-02", "2")]


def table(tmp_path, rows, head="unit,month,count"):
    path = tmp_path / "counts.csv"
    path.write_text("\n".join([head, *(",".join(row) for row in rows)]), encoding="utf-8")
    return path


def test_a_table_becomes_a_panel(tmp_path):
    data = read(table(tmp_path, [(*row, "g" + row[0]) for row in GOOD], "unit,month,count,group"), TODAY)
    assert data.units == ("a", "b")
    assert data.panel.counts.tolist() == [[0, 3], [2, 0]]
    assert data.panel.missing.tolist() == [[False, False], [False, True]]
    assert data.panel.first_month == 2024 * 12
    assert data.panel.groups.tolist() == [0, 1]


def test_parquet_with_dates_is_the_same(tmp_path):
    path = tmp_path / "counts.parquet"
    columns = {
        "unit": [row[0] for row in GOOD],
        "month": [date.fromisoformat(row[1] + "-15") for row in GOOD],
        "count": [int(row[2]) if row[2] else None for row in GOOD],
    }
    pyarrow.parquet.write_table(pa.table(columns), path)
    assert read(path, TODAY).panel.counts.tolist() == [[0, 3], [2, 0]]


@pytest.mark.parametrize(
    ("rows", "head", "words"),
    [
        (
            GOOD,
            "place,month,number",
            r"lacks the columns unit, count\. It needs unit, month .* it has place, month, number",
        ),
        ([], "unit,month,count", "has no rows"),
        ([*GOOD, ("a", "2024-05", "1")], None, r"not over: 2024-05\. Leave out this month"),
        ([*GOOD, ("a", "2031-01", "1")], None, "not over: 2031-01"),
        (GOOD[:2], None, r"one unit, b\. A bench compares places"),
        (GOOD[:3], None, r"gaps: no row for a in 2024-02\. .* from 2024-01 to 2024-02: 0 where nothing happened"),
        ([*GOOD, GOOD[0]], None, "b in 2024-01 more than once"),
        ([*GOOD[:3], ("a", "2024-02", "-2")], None, "Row 4 of counts.csv: -2 is no count"),
        ([*GOOD[:3], ("a", "2024-02", "2.5")], None, "Counts are whole numbers"),
        ([*GOOD[:3], ("a", "2024-02", "two")], None, "'two' is no count"),
        ([*GOOD[:3], ("a", "May", "2")], None, r"Row 4 of counts.csv: 'May' is no month\. Write 2024-05"),
        ([*GOOD[:3], ("a", "2024-13", "2")], None, "'2024-13' is no month"),
        ([(u, m, "0") for u, m, _ in GOOD], None, "no incident in 2 months of 2 units: nothing can be forecast"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, rows, head, words):
    with pytest.raises(Unreadable, match=words):
        read(table(tmp_path, rows, head or "unit,month,count"), TODAY)


def test_no_file_and_no_table(tmp_path):
    with pytest.raises(Unreadable, match="There is no file"):
        read(tmp_path / "none.csv", TODAY)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"nothing of the kind")
    with pytest.raises(Unreadable, match="cannot be read"):
        read(broken, TODAY)
