"""From data to the canonical file: the same data always gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from tirek.requirements.standardfile.data import APPLIES, RequirementData, StandardData, Words
from tirek.requirements.standardfile.reader import FORMAT

HEAD = "# A standard for Tirek. The format is described in docs/requirements.md."
# Line ends for YAML, but plain letters for JSON.
ESCAPED = {"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029", "\u007f": "\\u007f", "\ufeff": "\\ufeff"}


def write(data: StandardData) -> str:
    """The file of a standard, in YAML."""
    return "\n".join(_lines(data)) + "\n"


def _lines(data: StandardData) -> Iterator[str]:
    yield HEAD
    yield f"format: {FORMAT}"
    yield "standard:"
    yield f"  code: {quoted(data.code)}"
    yield from _words("name", data.name, "  ")
    if data.sample:
        yield "  sample: true"
    yield "edition:"
    yield f"  label: {quoted(data.label)}"
    yield from _words("instrument", data.instrument, "  ")
    if data.source:
        yield f"  source: {quoted(data.source)}"
    for name, day in (("valid_from", data.valid_from), ("valid_to", data.valid_to)):
        if day:
            yield f"  {name}: {day.isoformat()}"
    yield "sections:"
    for section, rows in groupby(data.requirements, key=lambda row: row.section):
        first = "  - "
        if section:
            yield from _words("title", section, "    ", first)
            first = "    "
        yield f"{first}requirements:"
        for row in rows:
            yield from _requirement(row)


def _requirement(row: RequirementData) -> Iterator[str]:
    yield f"      - key: {quoted(row.key)}"
    inner = "        "
    yield f"{inner}paragraph: {quoted(row.paragraph)}"
    yield from _words("text", row.text, inner)
    yield from _words("hint", row.hint, inner)
    yield f"{inner}point: {row.point}"
    if row.mandatory:
        yield f"{inner}mandatory: true"
    yield f"{inner}weight: {row.weight}"
    yield f"{inner}severity: {row.severity}"
    yield f"{inner}verify: {row.verify}"
    if row.live:
        rest = {name: row.live[name] for name in sorted(row.live) if name != "name"}
        yield f"{inner}live: {_flow({'check': row.live['name'], **rest})}"
    if row.evidence:
        yield f"{inner}evidence: {_list(row.evidence)}"
    if row.applies:
        yield f"{inner}applies: {_flow({name: row.applies[name] for name in APPLIES if name in row.applies})}"
    yield f"{inner}deadline_days: {row.deadline_days}"
    if row.measures:
        yield f"{inner}measures: {_list(map(quoted, row.measures))}"


def _words(name: str, words: Words, indent: str, first: str = "") -> Iterator[str]:
    if not words:
        return
    yield f"{first or indent}{name}:"
    for code in ("kk", "ru", "en"):
        if text := getattr(words, code):
            yield f"{indent}  {code}: {quoted(text)}"


def _flow(fields: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_value(value)}" for name, value in fields.items()) + "}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return _list(map(_value, value)) if isinstance(value, list | tuple) else quoted(str(value))


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def quoted(text: str) -> str:
    """A text in double quotes: any reader of YAML takes it as it is, also "no", 12.10 and two lines."""
    return "".join(ESCAPED.get(sign, sign) for sign in json.dumps(text, ensure_ascii=False))
