"""A page may not need more queries than it did (query_counts.json), and a list not more when it grows.

UPDATE_QUERY_COUNTS=1 .venv/bin/pytest tests/battery/test_query_counts.py      # record what is needed now
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.battery.addresses import guarded
from tests.battery.conftest import roles_with
from tests.battery.samples import sample_of, url_of

FILE = Path(__file__).with_name("query_counts.json")
UPDATE = bool(os.environ.get("UPDATE_QUERY_COUNTS"))
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="counted on one database"),
]


def queries_of(client, url):
    """How many queries the page takes, or None when it is no page. Asked twice: the first time the session is written."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    if response.status_code != 200 or response.streaming:
        return None
    return len(captured)


@pytest.mark.parametrize("address", guarded(), ids=str)
def test_no_more_than_recorded(address, small_province, visitor):
    client = visitor(roles_with(address)[0] if address.guard is not None else None)
    count = queries_of(client, url_of(address, small_province))
    if count is None:
        return
    recorded = json.loads(FILE.read_text())
    if UPDATE:
        recorded[address.name] = count
        FILE.write_text(f"{json.dumps(dict(sorted(recorded.items())), indent=1)}\n")
        return
    assert address.name in recorded, f"{address.name} is new: record it with UPDATE_QUERY_COUNTS=1"
    assert count <= recorded[address.name], f"{address.name} needs {count} queries, it needed {recorded[address.name]}"


@pytest.mark.parametrize("address", [a for a in guarded() if sample_of(a).rows], ids=str)
def test_a_list_does_not_need_more_when_it_grows(address, small_province, visitor):
    client, url, rows = visitor(roles_with(address)[0]), url_of(address, small_province), sample_of(address).rows
    rows(small_province, 3)
    few = queries_of(client, url)
    rows(small_province, 27)
    many = queries_of(client, url)
    assert few is not None
    assert many <= few, f"{address.name} needs {few} queries for 3 rows and {many} for 30"


def test_nothing_is_recorded_that_is_gone():
    if not UPDATE:
        assert json.loads(FILE.read_text()).keys() <= {address.name for address in guarded()}
