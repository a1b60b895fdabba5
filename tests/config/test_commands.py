"""The words of commands, before and beside what they do."""

import pytest

from tirek import cli
from tirek.commands import flashpoints
from tirek.commands.ready import ready
from tirek.requirements import commands as requirements
from tirek.requirements import packaged


def test_the_command_line_speaks_english():
    from django.utils import translation

    with translation.override("kk"):
        ready()
        assert translation.get_language() == "en"


@pytest.mark.django_db
def test_a_press_without_a_panel_is_a_sentence(capsys):
    assert cli.main(["press", "nope"]) == 1
    assert capsys.readouterr().err == "There is no sample panel at the facility nope.\n"


@pytest.mark.parametrize("option", ["--kind=region", "--parent=KZ", "--layer=x"])
def test_options_of_boundaries_are_refused_for_tables(option, tmp_path, capsys):
    (tmp_path / "towns.csv").write_text("name\n")
    assert cli.main(["places", "import", str(tmp_path / "towns.csv"), option]) == 2
    assert "not for tables" in capsys.readouterr().out


def test_a_folder_is_no_file_of_places(tmp_path, capsys):
    assert cli.main(["places", "import", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_packaged_standard_is_exported_from_an_empty_installation(tmp_path):
    said = []
    assert requirements.listing(say=said.append) == 0
    assert any("sample-education" in line for line in said)
    assert requirements.export("sample-facilities", "", to=tmp_path / "new.yaml", say=said.append) == 0
    newest = [one for one in packaged.files() if one.code == "sample-facilities"][-1]
    assert (tmp_path / "new.yaml").read_text(encoding="utf-8") == newest.text
    assert said[-1].endswith(f"{newest.requirements} requirements")
    assert requirements.export("sample-facilities", "1999", say=said.append) == 2


@pytest.mark.django_db
def test_a_file_that_cannot_be_written_is_a_sentence(capsys):
    assert cli.main(["requirements", "export", "sample-education", "--to", "/nonexistent/x.yaml"]) == 1
    assert capsys.readouterr().err == "/nonexistent/x.yaml: No such file or directory\n"


def test_the_folder_of_a_bench_is_made_before_computing(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(OSError, match="file"):
            flashpoints._make(folder)
    assert flashpoints._make(tmp_path / "out")
    assert not flashpoints._make(tmp_path / "out")
