import asyncio
import sqlite3

import pytest

from tests.agent.support import Centre
from tirek_agent.journal import Journal, JournalError, read_memory
from tirek_agent.records import Barred, BeatsUpTo, Forgotten, Known, Life, Said, Told


@pytest.fixture
async def journal(tmp_path):
    opened = Journal(tmp_path / "journal.sqlite3")
    yield opened
    await opened.close()


async def reopened(tmp_path, endpoint="e1"):
    journal = Journal(tmp_path / "journal.sqlite3")
    try:
        return await journal.load(endpoint)
    finally:
        await journal.close()


async def test_everything_written_is_there_after_a_restart(tmp_path, journal):
    command = Centre().command(replaces=("old",))
    known = Known(command, b"d" * 32, Life.SOUNDING, True)
    barred = [Barred("old", "live", None, "replaced"), Barred("", "exercise", 5, "silenced")]
    said = [Said(1, command.id, b"one"), Said(2, "", b"two")]
    await journal.write("e1", [Known(command, b"d" * 32, Life.WAITING), known, *barred, *said])
    await journal.write("e1", [BeatsUpTo(5), BeatsUpTo(6)])
    await journal.write("e2", [Said(9, "", b"not mine"), BeatsUpTo(7)])
    memory = await reopened(tmp_path)
    assert memory.known == [known]
    assert memory.barred == barred
    assert memory.untold == said
    assert memory.last_said == {command.id: said[0]}
    assert memory.seq == 2
    assert memory.beats == 6


async def test_what_was_told_is_kept_only_as_the_last_word_on_its_command(tmp_path, journal):
    name = "a" * 32
    await journal.write("e1", [Said(1, name, b"accepted"), Said(2, name, b"sounding")])
    for seq in (1, 2):
        journal.note("e1", Told(seq))
    await journal.write("e1", [Said(3, name, b"finished")])
    memory = await journal.load("e1")
    assert memory.untold == [Said(3, name, b"finished")]
    assert memory.last_said[name].seq == 3
    assert sqlite3.connect(tmp_path / "journal.sqlite3").execute("SELECT count(*) FROM said").fetchone() == (1,)


async def test_numbers_go_on_even_when_everything_is_forgotten(tmp_path, journal):
    command = Centre().command()
    await journal.write("e1", [Known(command, b"", Life.OVER), Said(7, command.id, b"finished"), Told(7)])
    await journal.write("e1", [Forgotten(command.id)])
    memory = await reopened(tmp_path)
    assert (memory.known, memory.last_said, memory.seq) == ([], {}, 7)


async def test_writes_at_the_same_moment_share_a_flush(journal):
    commits = 0
    commit = journal._commit

    def counted():
        nonlocal commits
        commits += 1
        commit()

    journal._commit = counted
    await asyncio.gather(*(journal.write(f"e{n}", [Said(1, "", b"x")]) for n in range(200)))
    assert commits <= 2


async def test_a_note_is_written_by_itself_after_a_while(journal, monkeypatch):
    monkeypatch.setattr("tirek_agent.journal.NOTE_WITHIN_S", 0.1)
    await journal.write("e1", [Said(1, "", b"x")])
    journal.note("e1", Told(1))
    await asyncio.sleep(0.3)
    assert (await journal.load("e1")).untold == []


async def test_a_disk_that_does_not_write_is_an_error_and_not_silence(journal):
    journal._db.execute("PRAGMA query_only=1")
    with pytest.raises(JournalError, match="cannot be written"):
        await journal.write("e1", [Said(1, "", b"x")])
    journal._db.execute("PRAGMA query_only=0")
    await journal.write("e1", [Said(1, "", b"x")])


async def test_whatever_breaks_a_write_is_an_error_and_the_next_one_is_tried(journal):
    with pytest.raises(JournalError, match="cannot be written"):
        await asyncio.wait_for(journal.write("e1", [Said(2**70, "", b"x")]), 5)
    await journal.write("e1", [Said(1, "", b"x")])


async def test_a_damaged_journal_is_put_aside_and_said_to_be_lost(tmp_path):
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(b"rubbish " * 1000)
    journal = Journal(path)
    assert journal.lost
    await journal.write("e1", [Said(1, "", b"x")])
    await journal.close()
    assert len(list(tmp_path.glob("*.damaged-*"))) == 1
    assert not Journal(path).lost


async def test_a_journal_that_cannot_be_is_an_error(tmp_path):
    with pytest.raises(JournalError, match="cannot be opened"):
        Journal(tmp_path / "no" / "such" / "folder" / "j")
    with pytest.raises(JournalError, match="cannot be read"):
        read_memory(tmp_path / "none", "e1")


async def test_it_can_be_read_beside_a_running_agent(tmp_path, journal):
    await journal.write("e1", [Said(1, "", b"x")])
    assert read_memory(tmp_path / "journal.sqlite3", "e1").untold == [Said(1, "", b"x")]
