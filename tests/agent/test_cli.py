import asyncio
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.agent.support import CELL, listening, until
from tirek_agent.cli import main
from tirek_agent.history import read_history
from tirek_agent.identity import Settings, make_home, own_key, save_settings


@pytest.fixture
def home(centre, tmp_path):
    """The home of an enrolled agent that plays into files."""
    folder = tmp_path / "home"
    make_home(folder)
    save_settings(
        folder,
        Settings(
            server="http://127.0.0.1:1",
            endpoint="e1",
            cell=CELL,
            enrolled_at=0,
            centre_keys=(centre.key.public.bytes.hex(),),
            mqtt_url="mqtt://127.0.0.1:1",
            mqtt_username="",
            mqtt_password="",
            clips_url="",
            name="roof",
            sink=f"file:{tmp_path / 'sound'}",
            probe="loopback",
        ),
    )
    return folder


def choose(home, **values):
    path = home / "agent.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_help_stands_alone(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    for word in ("enrol", "run", "status", "play-test", "--home"):
        assert word in text


@pytest.mark.parametrize("act", ["run", "status", "play-test"])
def test_before_enrolment_every_act_says_what_to_do(act, tmp_path, capsys):
    assert main(["--home", str(tmp_path / "new"), act]) == 1
    assert "tirek-agent enrol" in capsys.readouterr().err


def test_enrolment_that_fails_is_one_line_and_no_traceback(tmp_path, capsys):
    assert main(["--home", str(tmp_path), "enrol", "--server", "http://127.0.0.1:1", "--code", "x"]) == 1
    assert "cannot be reached" in capsys.readouterr().err


def test_play_test_sounds_and_says_whether_it_was_heard(home, tmp_path, capsys):
    assert main(["--home", str(home), "play-test", "--seconds", "1"]) == 0
    assert "whole tone: heard" in capsys.readouterr().out
    assert len(list((tmp_path / "sound").glob("*.wav"))) == 1
    choose(home, probe="none")
    assert main(["--home", str(home), "play-test", "--seconds", "0.2"]) == 0
    assert "only your ears" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"sink": "horn"}, "sink is 'horn'"),
        ({"probe": "ear"}, "probe is 'ear'"),
        ({"sink": "device:horn"}, "sound card"),
    ],
)
def test_a_wrong_part_is_named(home, wrong, says, capsys):
    choose(home, probe="none")
    choose(home, **wrong)
    assert main(["--home", str(home), "play-test"]) == 1
    assert says in capsys.readouterr().err


def test_status_shows_who_and_what_is_wrong(home, capsys):
    assert main(["--home", str(home), "status"]) == 0
    assert "e1  roof" in capsys.readouterr().out
    choose(home, probe="current:1:/nowhere")
    assert main(["--home", str(home), "status"]) == 1
    assert "cannot be read" in capsys.readouterr().out


async def test_run_works_until_it_is_told_to_stop_and_runs_only_once(home, broker, centre):
    choose(home, mqtt_url=broker.url)
    words = [sys.executable, "-m", "tirek_agent.cli", "--home", str(home), "run"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    try:
        async with listening(broker.port, centre, {"e1": own_key(home)}) as listener:
            await until(lambda: listener.beats)
            second = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
            assert second.returncode == 1
            assert "already running" in second.stderr
            command = centre.command()
            await listener.publish(command)
            await until(lambda: "finished" in listener.states(command))
            assert listener.reports[-1].proof.heard
        os.kill(process.pid, signal.SIGTERM)
        began = time.monotonic()
        assert process.wait(10) == 0
        assert time.monotonic() - began < 3
    finally:
        process.kill()
        process.communicate()
    assert len(read_history(home)["e1"]) == 1
    assert await asyncio.to_thread(main, ["--home", str(home), "status"]) == 0
