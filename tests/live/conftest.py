"""What the tests of live events share."""

from collections.abc import Iterator

import pytest
from asgiref.sync import SyncToAsync
from django.db import connections


@pytest.fixture(autouse=True, scope="module")
def no_connection_is_left() -> Iterator[None]:
    """`sync_to_async` works in a thread of its own, whose connection would keep PostgreSQL from dropping the test database."""
    yield
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()
