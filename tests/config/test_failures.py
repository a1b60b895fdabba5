"""What stops a command is told in a sentence; only what nobody foresaw is a traceback."""

import sqlite3
import types

import pytest
from django.db import connections
from django.db.utils import OperationalError, ProgrammingError

from tirek import cli, failures
from tirek.audit.act import Refused
from tirek.config.home import Home, NoHome
from tirek.config.net import CannotListen


def command(error):
    def run(_told):
        raise error

    return types.SimpleNamespace(run=run)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused("There is no sample panel at the facility nope."), "no sample panel"),
        (FileNotFoundError(2, "No such file or directory", "/nonexistent/x.yaml"), "/nonexistent/x.yaml: No such file"),
        (EOFError("EOF when reading a line"), "nobody here to answer"),
        (OperationalError("no such table: alarms_panel"), "tirek manage migrate"),
        (OperationalError("database or disk is full"), "The disk is full"),
        (OSError(28, "No space left on device"), "The disk is full"),
        (CannotListen("port 1 is taken"), "port 1 is taken"),
        (NoHome("TIREK_HOME /sys/tk cannot be written"), "/sys/tk"),
    ],
)
def test_a_sentence_and_code_1(error, said, capsys):
    assert cli._guarded(command(error), None) == 1
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_a_missing_table_of_postgresql():
    error = ProgrammingError('relation "alarms_panel" does not exist')
    error.__cause__ = type("UndefinedTable", (Exception,), {"sqlstate": "42P01"})()
    assert failures.in_words(error).text == failures.NO_TABLES


def test_a_database_that_does_not_answer(monkeypatch):
    monkeypatch.setattr(connections["default"], "connection", None)
    said = failures.in_words(OperationalError("connection refused\nis it running?"))
    assert said.text.startswith("The database cannot be reached: connection refused. Check DATABASE_URL")


def test_a_locked_database_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr(connections["default"], "connection", sqlite3.connect(":memory:"))
    assert failures.in_words(OperationalError("database is locked")) is None


def test_what_nobody_foresaw_is_raised():
    with pytest.raises(ZeroDivisionError):
        cli._guarded(command(ZeroDivisionError()), None)


def test_settings_are_looked_at_first(monkeypatch, capsys):
    monkeypatch.setenv("TIREK_FLASHPOINT_MONTHS", "abc")
    assert cli._guarded(command(AssertionError("not reached")), None) == 2
    assert "TIREK_FLASHPOINT_MONTHS=abc cannot be used: write a whole number" in capsys.readouterr().err


def test_a_home_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    home = Home(tmp_path / "file")
    assert home.running() == {}
    for use in (home.prepare, home.lock, lambda: home.secret("django")):
        with pytest.raises(NoHome, match="--home"):
            use()


def test_one_home_is_held_by_one(tmp_path):
    held = Home(tmp_path).lock()
    assert held is not None
    assert Home(tmp_path).lock() is None
    held.close()
    assert Home(tmp_path).lock() is not None
