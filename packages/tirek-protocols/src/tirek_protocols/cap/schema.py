"""The schema of CAP 1.2, written from the tables of the standard, and its verdict."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, cast

from lxml import etree

from .document import load
from .errors import CapError

# One schema object serves all threads, but its list of errors is that of the last run.
_lock = threading.Lock()


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(files(__package__).joinpath("cap12.xsd").read_bytes()))


def errors_of(element: etree._Element) -> list[str]:
    """What the schema says against an element as the root of a message: "line 7: ...". Empty if it is valid."""
    with _lock:
        schema = _schema()
        if schema.validate(element):
            return []
        log = cast("Iterable[Any]", schema.error_log)
        return [f"line {entry.line}: {entry.message}" for entry in log]


def validate(data: bytes) -> list[str]:
    """What the schema of CAP 1.2 says against a document. Empty if it is valid; never raises for bad input."""
    try:
        return errors_of(load(data, keep_comments=True))
    except CapError as error:
        return [str(error)]
