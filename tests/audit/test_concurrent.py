"""Many writers at once: numbers without gaps, one chain. SQLite has one writer at a time anyway."""

import threading

import pytest
from django.db import connection, connections, transaction

from tirek.audit import chain
from tirek.audit.models import Entry
from tirek.live.emit import Change, emit
from tirek.live.models import Event

WRITERS, EACH = 6, 15


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_writers_that_meet_leave_one_chain():
    failures = []
    start = threading.Barrier(WRITERS)

    def write(writer):
        try:
            start.wait()
            for number in range(EACH):
                with transaction.atomic():
                    chain.append(
                        actor=str(writer), verb="a.b_c", object_type="x", object_id=str(number), object_name=""
                    )
                    emit([Change("x.changed", {"writer": writer})])
                    if number % 5 == 4:  # a transaction that is undone leaves no gap
                        transaction.set_rollback(True)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    kept = WRITERS * EACH * 4 // 5
    assert list(Entry.objects.order_by("id").values_list("id", flat=True)) == list(range(1, kept + 1))
    assert Event.objects.count() == kept
    assert list(chain.verify()) == []
