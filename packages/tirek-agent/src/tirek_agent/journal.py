"""What agents remember, in SQLite: on the disk before anything is done about it.

One file may hold many endpoints. Writes that come while the disk is busy share its next flush, so 200 endpoints
that get a command at the same moment wait for a few flushes, not for 200.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sqlite3
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tirek_agent.records import Barred, BeatsUpTo, Forgotten, Known, Life, Memory, Record, Said, Told
from tirek_protocols.command.bodies import command_from, to_body

log = logging.getLogger(__name__)

NOTE_WITHIN_S = 1.0
UNTOLD_MOST = 10_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS known (
    endpoint TEXT NOT NULL, command TEXT NOT NULL, body TEXT NOT NULL, digest BLOB NOT NULL, life TEXT NOT NULL,
    heard INTEGER NOT NULL, PRIMARY KEY (endpoint, command)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS barred (
    endpoint TEXT NOT NULL, alert TEXT NOT NULL, mode TEXT NOT NULL, issued INTEGER, reason TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS barred_endpoint ON barred (endpoint);
CREATE TABLE IF NOT EXISTS said (
    endpoint TEXT NOT NULL, seq INTEGER NOT NULL, command TEXT NOT NULL, envelope BLOB NOT NULL,
    told INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (endpoint, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS numbered (endpoint TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS beaten (endpoint TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
"""


class JournalError(Exception):
    """The disk does not take what must be remembered; the message says why."""


def _connect(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, timeout=10)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("the file is damaged")
    db.executescript(_SCHEMA)
    return db


def _open(path: Path | None) -> tuple[sqlite3.Connection, bool]:
    """The database, and whether an older one was unreadable and had to be put aside."""
    try:
        return _connect(path), False
    except sqlite3.OperationalError as error:
        raise JournalError(f"the journal cannot be opened: {error}") from error
    except sqlite3.DatabaseError as error:
        assert path is not None
        aside = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
        log.error("The journal is damaged (%s) and was put aside as %s.", error, aside)
        path.rename(aside)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return _connect(path), True


def _write_one(db: sqlite3.Connection, endpoint: str, record: Record) -> None:
    match record:
        case Known(command, digest, life, heard):
            body = json.dumps(to_body(command), ensure_ascii=False)
            db.execute(
                "INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?, ?)",
                (endpoint, command.id, body, digest, life.value, heard),
            )
        case Barred(alert, mode, issued, reason):
            db.execute("INSERT INTO barred VALUES (?, ?, ?, ?, ?)", (endpoint, alert, mode, issued, reason))
        case Said(seq, command_id, envelope):
            # Of what was handed over, only the last word on each command can be asked for again.
            db.execute("DELETE FROM said WHERE endpoint = ? AND command = ? AND told = 1", (endpoint, command_id))
            db.execute("INSERT INTO said VALUES (?, ?, ?, ?, 0)", (endpoint, seq, command_id, envelope))
            db.execute("INSERT OR REPLACE INTO numbered VALUES (?, ?)", (endpoint, seq))
        case Told(seq):
            db.execute("UPDATE said SET told = 1 WHERE endpoint = ? AND seq = ?", (endpoint, seq))
        case BeatsUpTo(seq):
            db.execute("INSERT OR REPLACE INTO beaten VALUES (?, ?)", (endpoint, seq))
        case Forgotten(command_id):
            db.execute("DELETE FROM known WHERE endpoint = ? AND command = ?", (endpoint, command_id))
            db.execute("DELETE FROM said WHERE endpoint = ? AND command = ? AND told = 1", (endpoint, command_id))


def _load(db: sqlite3.Connection, endpoint: str) -> Memory:
    memory = Memory()
    me = (endpoint,)
    for body, digest, life, heard in db.execute("SELECT body, digest, life, heard FROM known WHERE endpoint = ?", me):
        memory.known.append(Known(command_from(json.loads(body)), digest, Life(life), bool(heard)))
    for row in db.execute("SELECT alert, mode, issued, reason FROM barred WHERE endpoint = ?", me):
        memory.barred.append(Barred(*row))
    for seq, command, envelope, told in db.execute(
        "SELECT seq, command, envelope, told FROM said WHERE endpoint = ? ORDER BY seq", me
    ):
        said = Said(seq, command, envelope)
        if command:
            memory.last_said[command] = said
        if not told:
            memory.untold.append(said)
    del memory.untold[:-UNTOLD_MOST]
    row = db.execute("SELECT seq FROM numbered WHERE endpoint = ?", me).fetchone()
    memory.seq = row[0] if row else 0
    return memory


class Journal:
    """Opens `path`, or keeps everything in memory without one.

    A damaged file is put aside and `lost` is true: what sounded before this moment is then not known.
    Raises `JournalError` when there can be no file at all.
    """

    def __init__(self, path: Path | None) -> None:
        self._db, self.lost = _open(path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._batch: list[tuple[str, Sequence[Record]]] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._flusher: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def write(self, endpoint: str, records: Sequence[Record]) -> None:
        """Return once `records` would survive a loss of power. Raises `JournalError`."""
        if not records:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._batch.append((endpoint, records))
        self._waiters.append(waiter)
        self._flush_soon()
        await waiter

    def note(self, endpoint: str, record: Told) -> None:
        """Write `record` with the next flush: losing it does no harm."""
        self._batch.append((endpoint, (record,)))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(NOTE_WITHIN_S, self._flush_soon)

    def _flush_soon(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        while self._batch:
            batch, self._batch = self._batch, []
            waiters, self._waiters = self._waiters, []
            try:
                # Statements take microseconds and touch no disk; what takes time is the flush. In a thread they would fight
                # with the event loop for the interpreter, a few milliseconds for each.
                self._prepare(batch)
                await loop.run_in_executor(self._thread, self._commit)
            except Exception as error:
                # Whatever it is: whoever waits must hear of it.
                self._undo()
                for waiter in waiters:
                    if not waiter.done():
                        waiter.set_exception(JournalError(f"the journal cannot be written: {error}"))
                        waiter.exception()  # whoever waited may be gone
            else:
                for waiter in waiters:
                    if not waiter.done():
                        waiter.set_result(None)

    def _prepare(self, batch: Iterable[tuple[str, Sequence[Record]]]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        for endpoint, records in batch:
            for record in records:
                _write_one(self._db, endpoint, record)

    def _commit(self) -> None:
        self._db.execute("COMMIT")

    def _undo(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    async def load(self, endpoint: str) -> Memory:
        """What `endpoint` remembers. Asked once, at its start."""
        memory = _load(self._db, endpoint)
        # Not for `read_memory`: it may look into a file that was made before this table was.
        row = self._db.execute("SELECT seq FROM beaten WHERE endpoint = ?", (endpoint,)).fetchone()
        memory.beats = row[0] if row else 0
        return memory

    async def close(self) -> None:
        """Write what is noted, and let go of the file."""
        self._flush_soon()
        assert self._flusher is not None
        await self._flusher
        self._thread.shutdown()
        self._db.close()


def read_memory(path: Path, endpoint: str) -> Memory:
    """What `endpoint` remembers, read beside a running agent. Raises `JournalError`."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            return _load(db, endpoint)
    except sqlite3.Error as error:
        raise JournalError(f"the journal cannot be read: {error}") from error
