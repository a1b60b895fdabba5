"""`tirek audit verify`, `tirek audit head` and the file of heads."""

import io
import stat

import pytest
from django.core.management import call_command
from django.db import connection

from tirek.audit import chain, heads, triggers
from tirek.audit.commands import verify, write_head

pytestmark = pytest.mark.django_db


def run(path=None):
    out = io.StringIO()
    return verify(out, heads=path), out.getvalue()


def test_a_chain_that_holds(entry):
    made = entry()
    code, said = run()
    assert code == 0
    assert f"The chain holds: 1 entries, the newest is {made.hash}." in said
    assert "No heads were given" in said


def test_heads_are_added_line_by_line_and_verified(entry, tmp_path):
    path = tmp_path / "heads"
    first = entry()
    assert write_head(path).startswith(f"1 {first.hash} 20")
    entry()
    write_head(path)
    assert heads.read(path) == {1: first.hash, 2: chain.head().hash}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert run(path) == (0, f"The chain holds: 2 entries, the newest is {chain.head().hash}.\n")


def test_a_cut_chain_is_found_by_its_heads(entry, tmp_path, untriggered):
    entry()
    entry()
    write_head(tmp_path / "heads")
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE id = 2")
    triggers.install(connection)
    code, said = run(tmp_path / "heads")
    assert code == 1
    assert said.splitlines()[0] == (
        "entry 2: is missing although its hash was kept outside: the chain was cut at its end"
    )
    assert "does not hold: 1 faults in 1 entries" in said


def test_an_empty_chain_has_no_head(tmp_path):
    with pytest.raises(heads.HeadsError, match="empty"):
        write_head(tmp_path / "heads")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("1 abc 2026\n", "line 1: not a head"),
        (f"\n1 {'a' * 64} 2026\n1 {'b' * 64} 2026\n", "line 3: contradicts"),
        (f"0 {'a' * 64} 2026\n", "line 1: not a head"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path, content, problem):
    path = tmp_path / "heads"
    if content is not None:
        path.write_text(content)
    code, said = run(path)
    assert code == 2
    assert problem in said


def test_many_faults_are_counted_not_poured_out(entry, untriggered):
    for _ in range(25):
        entry()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET actor = 'x'")
    triggers.install(connection)
    code, said = run()
    assert code == 1
    assert len(said.splitlines()) == 22
    assert "and 5 more" in said
    assert "25 faults in 25 entries" in said


def test_missing_triggers_are_said_and_made_again(entry, untriggered):
    entry()
    code, said = run()
    assert code == 1
    assert "trigger audit_entry_no_update is missing" in said
    out = io.StringIO()
    call_command("audit_triggers", stdout=out)
    assert "audit_entry_no_update" in out.getvalue()
    assert run()[0] == 0
    call_command("audit_triggers", stdout=out)
    assert "All triggers are in place." in out.getvalue()
