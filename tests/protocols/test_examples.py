"""The examples of docs/protocols.md run as they stand there."""

import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from tests.protocols.cap.conftest import self_signed
from tirek_protocols import cap, command

PAGE = Path(__file__).resolve().parents[2] / "docs" / "protocols.md"


def run_section(title, names):
    """All Python of one section, one after the other, with some names already there."""
    section = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.M | re.S)[1]
    blocks = re.findall(r"^```python\n(.*?)^```", section, re.M | re.S)
    assert blocks
    for block in blocks:
        exec(compile(block, f"{PAGE.name}: {title}", "exec"), names)
    return names


def test_public_warnings(capsys):
    key = ec.generate_private_key(ec.SECP256R1())
    names = run_section("Public warnings", {"private_key": key, "certificate": self_signed(key)})
    assert isinstance(names["verified"], cap.Verified)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "urn:oid:2.49.0.0.398.1 1.2 True"
    assert lines[1] == "Update urn:oid:2.49.0.0.398.1"
    assert lines[2].endswith(" True")


def test_device_commands(capsys):
    siren = command.SigningKey.generate()
    report = command.Report(
        "siren-1", "0" * 32, "a", 1, "sounding", 1_790_000_000_000, proof=command.Proof("microphone", True, -12.5)
    )

    arrived = command.encode(report, siren)
    names = run_section("Device commands", {"keys_of_endpoints": {"siren-1": siren.public}, "arrived": arrived})
    assert isinstance(names["order"], command.Command)
    assert names["report"] == report
    assert capsys.readouterr().out == f"sounding {report.proof}\n", "the command was obeyed, and nothing refused"
