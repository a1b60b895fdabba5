"""The doctor looks, prints as it goes, and changes nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tirek.config import health
from tirek.config.findings import Finding


@pytest.mark.slow
def test_it_makes_no_home_and_outlives_a_database_that_is_down(tmp_path):
    home = tmp_path / "none"
    env = os.environ | {
        "TIREK_HOME": str(home),
        "DATABASE_URL": "postgresql://x:y@127.0.0.1:1/tirek",
        "TIREK_HTTPS": "maybe",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tirek.cli", "doctor"], env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert "WRONG  settings: TIREK_HTTPS=maybe cannot be used" in done.stdout
    assert "WRONG  database: connection failed" in done.stdout
    assert "note   clock: could not be compared with the database's" in done.stdout
    assert not home.exists()


@pytest.mark.django_db
def test_a_check_that_breaks_hides_no_other(monkeypatch):
    def check_first():
        raise RuntimeError("broken\nlines")
        yield

    def check_second():
        yield Finding("second", "ok", "fine")

    monkeypatch.setattr(health, "CHECKS", (check_first, check_second))
    first, second = health.examine()
    assert (first.subject, first.verdict, first.text) == ("first", "wrong", "could not be checked: broken")
    assert second.subject == "second"


def test_a_home_that_cannot_be(settings, tmp_path):
    (tmp_path / "file").write_text("")
    for root in (tmp_path / "file", tmp_path / "file" / "home"):
        settings.HOME = health.Home(root)
        (found,) = health.check_home()
        assert (found.verdict, found.advice) == ("wrong", health.ANOTHER_HOME)
    settings.HOME = health.Home(tmp_path / "home")
    (found,) = health.check_home()
    assert found.verdict == "note"


@pytest.mark.parametrize(("content", "verdict"), [(b"PMTiles\x03", "ok"), (b"<html>", "wrong"), (None, "wrong")])
def test_the_base_map_is_opened(content, verdict, settings, tmp_path):
    path = tmp_path / "map.pmtiles"
    if content is not None:
        path.write_bytes(content)
    settings.PMTILES_FILE = str(path)
    assert [finding.verdict for finding in health.check_base_map()] == [verdict]


def test_a_scanner_and_a_mail_server_that_do_not_answer(settings):
    settings.CLAMD, settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1:1", "127.0.0.1", 1
    assert [finding.verdict for finding in (*health.check_scanner(), *health.check_mail())] == ["wrong", "wrong"]
    settings.CLAMD = settings.EMAIL_HOST = ""
    assert [*health.check_scanner(), *health.check_mail()] == []


def test_an_address_of_another_machine_is_not_called_taken():
    assert health._port("pages", "TIREK_WEB", "192.0.2.7:8000").verdict == "wrong"


def test_no_database_is_made_by_looking(settings, tmp_path, monkeypatch):
    monkeypatch.setitem(health.connection.settings_dict, "NAME", str(tmp_path / "none.sqlite3"))
    if health.connection.vendor == "sqlite":
        (found,) = health.check_database()
        assert (found.verdict, Path(tmp_path / "none.sqlite3").exists()) == ("note", False)
