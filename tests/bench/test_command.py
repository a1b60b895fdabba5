"""`tirek flashpoints bench`, from a table or the challenge's folder to a report."""

import re

import numpy as np
import pytest

from tests.reference import reference_path
from tirek.bench.views import Folder
from tirek.cli import main
from tirek_engines.forecast import year_and_month
from tirek_engines.forecast.baselines import recent


def write(path, counts, first=2019 * 12):
    lines = ["unit,month,count"]
    for unit in range(counts.shape[1]):
        for row, count in enumerate(counts[:, unit]):
            year, month = year_and_month(first + row)
            lines.append(f"district {unit},{year}-{month:02d},{count}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_report_of_a_table(tmp_path, capsys):
    rng = np.random.default_rng(0)
    file = write(tmp_path / "counts.csv", rng.poisson(np.geomspace(0.2, 9, 5) * rng.gamma(3, 1 / 3, (40, 5))))
    assert main(["flashpoints", "bench", "--data", str(file), "--out", str(tmp_path / "out"), "--origins", "3"]) == 0
    report = (tmp_path / "out" / "report.md").read_text()
    assert str(tmp_path / "out" / "report.md") in capsys.readouterr().out
    assert report.startswith("# Bench of forecasts: counts")
    assert "No better** than conflictology, as far as 3 origins can tell" in report
    assert "nan" not in report
    assert "| **mixture** |" in report
    assert str(tmp_path) not in report
    for name in re.findall(r"\]\((\S+)\)", report):
        content = (tmp_path / "out" / name).read_text()
        assert name.endswith(".csv") or (content.startswith("<?xml") and len(content) < 100_000)
    assert len((tmp_path / "out" / "scores.csv").read_text().splitlines()) == 1 + 3 * 2 * 8


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--data", "none.csv"], "There is no file none.csv"),
        (["--reference", "nowhere"], "There is no folder nowhere"),
    ],
)
def test_what_cannot_be_read_is_said(words, said, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["flashpoints", "bench", *words, "--out", "out"]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_too_short_a_table(tmp_path, capsys):
    file = write(tmp_path / "short.csv", np.ones((9, 3), int))
    assert main(["flashpoints", "bench", "--data", str(file), "--out", str(tmp_path / "out")]) == 2
    assert "9 months are too few" in capsys.readouterr().err


def test_the_help_stands_alone(capsys):
    with pytest.raises(SystemExit):
        main(["flashpoints", "bench", "--help"])
    text = capsys.readouterr().out
    for word in ("--data", "--reference", "--register", "unit, month", "Example", "conflictology"):
        assert word in text


@pytest.mark.reference
def test_windows_know_what_the_benchmark_knew():
    for window in Folder(reference_path("flashpoints", "views_cm")).windows():
        assert np.array_equal(recent(window.panel.counts.astype(float), 12), window.published["conflictology"][0])
        assert window.panel.last_month == window.year * 12 - 3  # October of the year before
        assert window.actual.shape == (12, 191)
