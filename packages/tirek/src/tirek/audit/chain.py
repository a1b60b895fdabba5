"""The chain itself: how an entry is hashed, appended and verified.

An entry's hash is SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8) of all its fields and the hash of the
entry before it. The first entry's `previous` is 64 zeros. Numbers run from 1 without gaps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from tirek.audit.models import Entry
from tirek.audit.plain import canonical, normal, plain, text
from tirek.live.locks import hold_order

GENESIS = "0" * 64
HASHED = (
    "id", "at", "actor", "actor_id", "verb", "object_type", "object_id", "object_name", "why", "before", "after",
    "area_path", "previous",
)  # fmt: skip
_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the chain does not hold. `entry` is the number of the row to look at."""

    entry: int
    problem: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number and hash. `(0, GENESIS)` when there is none."""

    id: int
    hash: str


@dataclass(frozen=True, slots=True)
class Line:
    """What an entry is to say. Text that is longer than its column is cut; JSON is brought to the normal form of `plain`."""

    actor: str
    verb: str
    object_type: str
    object_id: str
    object_name: str
    actor_id: int | None = None
    why: str = ""
    before: Any = None
    after: Any = None
    area_path: str = ""


def digest(fields: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the fields named in HASHED; `at` is an aware datetime, hashed in UTC to the microsecond."""
    values = {name: fields[name] for name in HASHED}
    values["at"] = fields["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical(values)).hexdigest()


def head() -> Head:
    """The newest entry as the database has it now."""
    newest = Entry.objects.order_by("-id").values_list("id", "hash").first()
    return Head(*newest) if newest else Head(0, GENESIS)


def append(
    *,
    actor: str,
    verb: str,
    object_type: str,
    object_id: str,
    object_name: str,
    actor_id: int | None = None,
    why: str = "",
    before: Any = None,
    after: Any = None,
    area_path: str = "",
) -> Entry:
    """Append one entry. Must run in a transaction; the order lock is held until it ends."""
    line = Line(actor, verb, object_type, object_id, object_name, actor_id, why, before, after, area_path)
    return append_all([line])[0]


def append_all(lines: Sequence[Line]) -> list[Entry]:
    """Append one entry for each of `lines`, in their order, together. Must run in a transaction, like `append`."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry must be written in the transaction of its act")
    if not lines:
        return []
    hold_order()
    last = head()
    entries = []
    for line in lines:
        fields = _fields(line, last)
        entry = Entry(**fields, hash=digest(fields))
        last = Head(entry.id, entry.hash)
        entries.append(entry)
    return Entry.objects.bulk_create(entries)


def _fields(line: Line, last: Head) -> dict[str, Any]:
    """The columns of an entry that follows `last`, all but its hash."""
    return {
        "id": last.id + 1,
        "at": timezone.now(),
        "actor": text(line.actor)[:200],
        "actor_id": line.actor_id,
        "verb": line.verb,
        "object_type": line.object_type,
        "object_id": text(line.object_id)[:80],
        "object_name": text(line.object_name)[:300],
        "why": text(line.why),
        "before": plain(line.before),
        "after": plain(line.after),
        "area_path": line.area_path,
        "previous": last.hash,
    }


def verify(heads: Mapping[int, str] | None = None) -> Iterator[Fault]:
    """Walk the whole chain and yield every fault, in the order of the chain.

    Finds edited rows (content does not fit the hash), dropped, inserted and reordered rows (numbers or links do not
    fit). `heads` (number -> hash, kept outside the database) also finds a chain that was cut at its end or written
    anew.
    """
    kept = dict(heads or {})
    expected, previous = 1, GENESIS
    for row in _rows():
        number = row["id"]
        if not isinstance(number, int) or number < 1:
            yield Fault(expected, f"a row numbered {number!r} was inserted: numbers run from 1")
            continue
        if number != expected:
            missing = f"{expected}" if number == expected + 1 else f"{expected} to {number - 1}"
            yield Fault(expected, f"missing: no entry {missing} before entry {number}")
        elif row["previous"] != previous:
            yield Fault(number, "does not follow the entry before it: one of the two was replaced, inserted or moved")
        yield from _content(row)
        if kept.pop(number, row["hash"]) != row["hash"]:
            yield Fault(number, "differs from the hash that was kept outside: the chain was written anew")
        expected, previous = number + 1, row["hash"]
    for number in sorted(kept):
        if number >= expected:
            yield Fault(number, "is missing although its hash was kept outside: the chain was cut at its end")


def _content(row: dict[str, Any]) -> Iterator[Fault]:
    """Whether the row's content fits the row's own hash."""
    try:
        fields = row | {"at": _time(row["at"]), "before": _json(row["before"]), "after": _json(row["after"])}
        fits = digest(fields) == row["hash"]
    except (ValueError, TypeError, AttributeError):  # a value of a type that no act ever wrote
        fits = False
    if not fits:
        yield Fault(row["id"], "was edited: its content does not fit its hash")


def _rows() -> Iterator[dict[str, Any]]:
    """Every row as the database holds it, by number. Read without the model, which trips over some tampered values."""
    names = (*HASHED, "hash")
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.vendor == "sqlite":  # as text: its own converter of times stops at a value that is none
        columns = columns.replace('"at"', 'CAST("at" AS TEXT)')
    last: Any = None
    while True:
        with _lenient_text(), connection.cursor() as cursor:
            where, values = ("", []) if last is None else ('WHERE "id" > %s', [last])
            cursor.execute(f'SELECT {columns} FROM audit_entry {where} ORDER BY "id" LIMIT {_PAGE}', values)  # noqa: S608
            page = cursor.fetchall()
        yield from (dict(zip(names, row, strict=True)) for row in page)
        if len(page) < _PAGE:
            return
        last = page[-1][0]


@contextmanager
def _lenient_text() -> Iterator[None]:
    """Let SQLite hand out text that is no UTF-8 (a tampered value) instead of stopping the walk."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    before = connection.connection.text_factory
    connection.connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        yield
    finally:
        connection.connection.text_factory = before


def _time(value: Any) -> datetime:
    """PostgreSQL hands out aware datetimes, SQLite text in UTC."""
    if isinstance(value, datetime):
        return value
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json(value: Any) -> Any:
    return None if value is None else normal(json.loads(value))
