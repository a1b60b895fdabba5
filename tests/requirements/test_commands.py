"""The command line: check, import, enforce, export."""

import pytest

from tests.requirements.support import content, demand
from tirek.requirements import commands
from tirek.requirements.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    return []


@pytest.fixture
def file(tmp_path):
    def make(data, name="rules.yaml"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return make


def test_check_names_file_and_line(file, lines):
    path = file(content(demand("gate")).replace(b"point: entrances", b"point: gate"))
    assert commands.check(path, lines.append) == 1
    assert len(lines) == 1
    assert lines[0].startswith(f"{path}:")
    assert "unknown point" in lines[0]


def test_import_asks_first(file, lines):
    path = file(content(demand("gate")))
    assert commands.import_file(path, ask=lambda text: "n", say=lines.append) == 1
    assert commands.import_file(path, dry_run=True, say=lines.append) == 0
    assert not Edition.objects.exists()
    assert commands.import_file(path, ask=lambda text: "y", say=lines.append) == 0
    assert Edition.objects.get().state == "draft"


def test_import_says_what_differs_and_may_be_run_twice(file, lines):
    commands.import_file(file(content(demand("gate"), demand("corner"))), enforce=True, say=lines.append)
    path = file(content(demand("gate", weight=9), demand("horn"), label="2026"), "newer.yaml")
    for _time in range(2):
        assert commands.import_file(path, enforce=True, say=lines.append) == 0
    assert "school-rules 2025 -> 2026: 1 added, 1 dropped, 1 changed, 0 as before" in lines
    assert "  ~ gate: weight" in lines
    assert dict(Edition.objects.values_list("label", "state")) == {"2025": "replaced", "2026": "in_force"}


def test_export_gives_the_file_back(file, lines, tmp_path):
    data = b"# a comment of ours\n" + content(demand("gate"))
    commands.import_file(file(data), say=lines.append)
    assert commands.export("school-rules", "", to=tmp_path / "out.yaml", say=lines.append) == 0
    assert (tmp_path / "out.yaml").read_bytes() == data
    assert commands.export("nothing", "", say=lines.append) == 2


def test_enforce_and_list(file, lines):
    commands.import_file(file(content(demand("gate"))), say=lines.append)
    assert commands.enforce("school-rules", "", lines.append) == 0
    assert commands.enforce("school-rules", "", lines.append) == 2
    assert commands.listing(lines.append) == 0
    assert any("in_force" in line for line in lines)
    assert commands.refresh(lines.append) == 0
