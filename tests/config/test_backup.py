"""A backup comes back whole, into an empty home only, and nothing of the sample province is loaded beside it."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tirek.accounts.models import Session
from tirek.audit import chain
from tirek.commands import up
from tirek.config import backup, health, installation, restore
from tirek.config.home import Home
from tirek.config.net import CannotListen

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="the file is SQLite's")


@pytest.fixture
def homes(tmp_path):
    """A home in use, and one that is not there yet."""
    used = Home(tmp_path / "used").prepare()
    for name in restore.NEEDED_KEYS:
        (used.keys / name).write_text(name)
    (used.media / "files" / "ab").mkdir(parents=True)
    (used.media / "files" / "ab" / "plan").write_text("plan")
    used.run_file.write_text(json.dumps({"web": "127.0.0.1:8000", "mqtt_url": "mqtt://u:secret@127.0.0.1:26599"}))
    return used, Home(tmp_path / "new")


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@only_sqlite
def test_a_backup_comes_back_whole(homes, tmp_path, person, audit_entries_may_be_flushed):
    used, new = homes
    person("administrator", username="aigul")
    Session.objects.create(session_key="x", session_data="", expire_date="2099-01-01T00:00Z")
    said = []
    backup.take(used, tmp_path / "b", said.append)
    backup.copy_keys(used, tmp_path / "k", said.append)
    assert "1 files" in said[0]
    assert "secret" not in (tmp_path / "b" / backup.NOTE).read_text()
    assert not [path for path in tmp_path.glob("[bk]/**/*") if path.stat().st_mode & 0o077]

    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"TIREK_HOME": str(new.root)}
    words = [sys.executable, "-m", "tirek.cli", "restore", str(tmp_path / "b"), "--keys", str(tmp_path / "k")]
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert "as many as were backed up" in done.stdout
    assert (new.media / "files" / "ab" / "plan").read_text() == "plan"
    assert new.running()["mqtt_url"] == "mqtt://127.0.0.1:26599"
    with closing(sqlite3.connect(new.data / "tirek.sqlite3")) as database:
        assert database.execute("SELECT username FROM accounts_person").fetchall() == [("aigul",)]
        assert database.execute("SELECT count(*) FROM accounts_session").fetchone() == (0,)
        newest = database.execute("SELECT verb FROM audit_entry ORDER BY id DESC").fetchone()
        assert newest == ("config.restore_backup",)

    again = subprocess.run(words, env=env, capture_output=True, text=True, timeout=300)
    assert again.returncode == 1
    assert "is in use" in again.stderr


@pytest.mark.django_db
@only_sqlite
def test_what_is_damaged_or_short_leaves_the_home_empty(homes, tmp_path):
    used, new = homes
    backup.take(used, tmp_path / "b", str)
    note = backup.read_note(tmp_path / "b")
    more = note | {"rows": note["rows"] | {"accounts_person": 7_000}}
    with pytest.raises(restore.NotRestored, match=r"accounts_person \d+ of 7000"):
        restore.put_back(new, tmp_path / "b", used.keys, more, str)
    content = (tmp_path / "b" / backup.SQLITE).read_bytes()
    (tmp_path / "b" / backup.SQLITE).write_bytes(content[:4096] + b"\xff" * 50_000 + content[60_000:])
    with pytest.raises(restore.NotRestored, match="is damaged"):
        restore.put_back(new, tmp_path / "b", used.keys, note, str)
    assert not [path for path in new.root.rglob("*") if path.is_file()]


def test_what_cannot_be_restored_is_said_before_anything_is_written(homes, tmp_path):
    used, new = homes
    with pytest.raises(backup.NoBackup, match="no finished backup"):
        restore.look(new, tmp_path, used.keys)
    (tmp_path / backup.NOTE).write_text('{"taken": "2026-01-01T00:00:00+00:00"}')
    with pytest.raises(restore.NotRestored, match="broker-devices missing"):
        restore.look(new, tmp_path, tmp_path)
    with pytest.raises(restore.NotRestored, match="is in use"):
        restore.look(used, tmp_path, used.keys)
    assert restore.look(new, tmp_path, used.keys)["taken"]
    with pytest.raises(backup.NoBackup, match="TIREK_HOME itself"):
        backup.take(used, used.root / "b", str)
    assert not (used.root / "b").exists()
    with pytest.raises(backup.NoBackup, match="not empty"):
        backup.empty_folder(tmp_path, backup.NoBackup)


@pytest.mark.django_db
def test_a_head_that_the_backup_named_must_be_there():
    assert restore.faults({"head": [0, chain.GENESIS]}) == []
    assert restore.faults({"head": [9, "0" * 64]})


@pytest.mark.django_db
def test_no_sample_is_loaded_where_somebody_real_has_an_account(tmp_path, monkeypatch, person):
    loaded = []
    monkeypatch.setattr(installation.sample, "load", loaded.append)
    monkeypatch.setattr(installation, "_warm_engines", lambda: subprocess.Popen(["true"]))
    person("duty_officer", is_sample=True)
    assert not installation.has_begun()  # a first start that was cut off in the middle goes on
    assert installation.prepare(Home(tmp_path), with_sample=True, say=str) is not None
    assert len(loaded) == 1
    assert installation.prepare(Home(tmp_path), with_sample=True, say=str) is None
    assert len(loaded) == 1


@pytest.mark.django_db
def test_an_older_program_leaves_a_newer_database_alone():
    installation.refuse_newer()
    MigrationRecorder(connection).record_applied("accounts", "9999_from_the_future")
    with pytest.raises(installation.NewerDatabase, match="9999_from_the_future"):
        installation.refuse_newer()


def test_a_port_that_somebody_named_is_never_replaced(homes, monkeypatch):
    used, _new = homes
    for name in ("TIREK_WEB", "TIREK_BROKER", "MQTT_URL"):
        monkeypatch.delenv(name, raising=False)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        place = f"127.0.0.1:{holder.getsockname()[1]}"
        monkeypatch.setenv("TIREK_DC09", place)
        with pytest.raises(CannotListen, match="is taken: stop what holds it"):
            up.choose_addresses(used)
        assert health._port("alarm receiver", "TIREK_DC09", place).verdict == "wrong"
    assert up.choose_addresses(used)["TIREK_DC09"] == place
