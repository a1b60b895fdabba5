"""`tirek up`: what it says before anything runs."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tirek import cli
from tirek.commands import own, up
from tirek.config.home import Home


def test_up_on_an_address_of_another_machine(tmp_path, monkeypatch, capsys):
    for name in ("TIREK_HOME", "TIREK_WEB", "TZ"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    assert cli.main(["up", "--home", str(tmp_path), "--address", "192.0.2.7:8000"]) == 1
    time.tzset()
    captured = capsys.readouterr()
    assert "this machine has no address 192.0.2.7" in captured.err
    assert "--address or TIREK_WEB" in captured.err


def test_a_second_start_is_refused_before_ports_are_chosen(tmp_path, monkeypatch, capsys):
    for name in ("TIREK_HOME", "TZ"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    held = Home(tmp_path).lock()
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        monkeypatch.setenv("TIREK_DC09", f"127.0.0.1:{holder.getsockname()[1]}")
        assert cli.main(["up", "--home", str(tmp_path)]) == 1
    held.close()
    captured = capsys.readouterr()
    assert "Tirek already runs with this home" in captured.err
    assert captured.out == ""


def test_the_console_keeps_the_time_of_the_installation(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TIREK_TIME_ZONE", "Asia/Tokyo")
    up.keep_own_time()
    assert time.localtime(0).tm_hour == 9
    monkeypatch.undo()
    time.tzset()


def test_the_whole_command_is_named(monkeypatch, tmp_path):
    program = Path(sys.executable).parent / "tirek"
    monkeypatch.setattr(own.shutil, "which", lambda _name: None)
    monkeypatch.chdir(program.parents[2])
    told = own.own_command("press", Home(tmp_path))
    assert told == f"TIREK_HOME={tmp_path} {program.relative_to(Path.cwd())} press"
    monkeypatch.chdir(tmp_path)
    assert own.own_command("press", Home(Path("~/.tirek").expanduser().resolve())) == f"{program} press"


def test_the_solver_keeps_its_name_to_itself():
    code = "from tirek_engines.budget.highs import Clock, _solver; _solver(Clock(None, None)).run()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == ""
