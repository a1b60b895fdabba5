"""A process alone whose address is taken or none."""

import socket

import pytest

from tirek import cli
from tirek.commands.options import address, count


def test_an_address_that_is_none_is_refused_by_the_option(capsys):
    assert (address("127.0.0.1:8000"), count("3")) == ("127.0.0.1:8000", 3)
    with pytest.raises(SystemExit) as end:
        cli.main(["web", "--address", "foo"])
    assert end.value.code == 2
    assert "'foo' is not an address: write HOST:PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "names"),
    [(["receiver"], "TIREK_DC09"), (["web"], "TIREK_WEB or --address"), (["broker"], "TIREK_BROKER or --address")],
)
def test_one_process_whose_port_is_taken_says_so(words, names, settings, monkeypatch, capsys):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        place = f"127.0.0.1:{holder.getsockname()[1]}"
        settings.DC09_ADDRESS = settings.WEB_ADDRESS = place
        monkeypatch.setenv("TIREK_BROKER", place)
        assert cli.main(words) == 1
    err = capsys.readouterr().err
    assert err.endswith(f"is taken: stop what holds it, or choose another with {names}\n")
