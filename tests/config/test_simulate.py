"""The simulator ends when there is nothing to simulate."""

import argparse

import pytest

from tirek import cli
from tirek.commands import simulate
from tirek.commands.options import count
from tirek.config.supervisor import DONE


@pytest.mark.parametrize("text", ["-3", "x", "", "1.5", "²"])
def test_a_number_below_nothing_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="whole number"):
        count(text)


@pytest.mark.django_db
def test_without_sample_data_nothing_is_simulated(capsys):
    assert cli.main(["simulate"]) == DONE
    assert "tirek sample load" in capsys.readouterr().out


@pytest.mark.django_db
async def test_the_simulator_ends_when_the_sample_is_cleared(monkeypatch):
    import asyncio

    monkeypatch.setattr(simulate, "LOOK_S", 0.01)
    monkeypatch.setattr(simulate, "_is_loaded", lambda: False)
    stop = asyncio.Event()
    assert await asyncio.wait_for(simulate._until_cleared(stop), 10)
    assert stop.is_set()
