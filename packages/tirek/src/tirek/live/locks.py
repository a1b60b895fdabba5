"""One lock for what must be numbered in the order in which it is committed."""

from django.db import connection

# Any constant does, as long as every process uses the same one.
ORDER_LOCK = 0x7469_7265


def hold_order() -> None:
    """Hold the order lock until the transaction ends.

    The audit chain and live events get their numbers under it, so a reader who has seen number N has seen every lower one.
    On SQLite a write transaction is alone anyway (transaction_mode IMMEDIATE); on PostgreSQL an advisory lock serves.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ORDER_LOCK])
