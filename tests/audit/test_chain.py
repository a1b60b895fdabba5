"""The chain: appended in order, and every kind of tampering is found and named."""

import datetime as dt
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tirek.audit import chain, triggers
from tirek.audit.models import Entry

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only")


def faults(**kwargs):
    return [(fault.entry, fault.problem) for fault in chain.verify(**kwargs)]


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_empty_chain_holds():
    assert faults() == []
    assert chain.head() == chain.Head(0, chain.GENESIS)


def test_entries_are_numbered_from_one_and_linked(entry):
    first, second = entry(), entry()
    assert (first.id, first.previous) == (1, chain.GENESIS)
    assert (second.id, second.previous) == (2, first.hash)
    assert chain.head() == chain.Head(2, second.hash)
    assert faults() == []


def test_microseconds_and_time_zones_do_not_change_the_hash(entry):
    moment = dt.datetime(2026, 11, 23, 5, 0, 0, 1, dt.timezone(dt.timedelta(hours=5)))
    with mock.patch("tirek.audit.chain.timezone.now", return_value=moment):
        entry()
    with mock.patch("tirek.audit.chain.timezone.now", return_value=moment.replace(microsecond=0)):
        entry()
    assert faults() == []


def test_long_text_is_cut_to_its_column(entry):
    made = entry(actor="а" * 500, object_name="б" * 500, object_id="1" * 200)
    assert (len(made.actor), len(made.object_name), len(made.object_id)) == (200, 300, 80)
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="in the transaction of its act"):
        chain.append(actor="a", verb="b", object_type="c", object_id="d", object_name="e")


class TestTriggers:
    def refused(self, statement, *values):
        with pytest.raises(Exception, match=r"only ever added|must continue the chain") as caught, transaction.atomic():
            sql(statement, *values)
        assert caught.type.__name__ in {"IntegrityError", "OperationalError", "InternalError"}

    def test_they_are_there_after_the_migrations(self):
        assert triggers.missing(connection) == []

    def test_update_and_delete_are_refused(self, entry):
        entry()
        self.refused("UPDATE audit_entry SET why = 'x'")
        self.refused("DELETE FROM audit_entry")
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.filter(pk=1).update(actor="Somebody else")
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.get(pk=1).delete()
        assert Entry.objects.get().actor == "Aigul"

    def test_an_entry_that_does_not_continue_is_refused(self, entry):
        made = entry()
        for identifier, previous in [(5, made.hash), (2, chain.GENESIS), (1, made.hash), (0, made.hash)]:
            copy = Entry.objects.get(pk=1)
            copy.pk, copy.previous, copy.hash = identifier, previous, "f" * 64
            with pytest.raises(IntegrityError, match="continue the chain"), transaction.atomic():
                copy.save(force_insert=True)

    @on_sqlite
    def test_insert_or_replace_is_refused(self, entry):
        entry()
        columns = ", ".join(f.column for f in Entry._meta.concrete_fields)
        same = columns.replace("actor,", "'Somebody else',", 1)
        self.refused(f"INSERT OR REPLACE INTO audit_entry ({columns}) SELECT {same} FROM audit_entry")

    @on_postgresql
    def test_truncate_is_refused(self, entry):
        entry()
        self.refused("TRUNCATE audit_entry")

    @on_postgresql
    def test_a_replica_session_is_refused_too(self, entry):
        entry()
        sql("SET LOCAL session_replication_role = replica")
        self.refused("UPDATE audit_entry SET why = 'x'")

    def test_missing_ones_are_named_and_made_again(self):
        triggers.remove(connection)
        assert "audit_entry_no_update" in triggers.missing(connection)
        triggers.install(connection)
        assert triggers.missing(connection) == []


EDITS = [
    "actor = 'Other'", "actor_id = 5", "actor_id = 99", "verb = 'x'", "object_type = 'x'", "object_id = '8'",
    "object_name = ''", "why = 'because'", "area_path = '1/'", "before = NULL", "after = '{\"a\": 2}'",
    "at = '2020-01-01 00:00:00+00:00'",
]  # fmt: skip


@pytest.mark.usefixtures("untriggered")
class TestTampering:
    @pytest.fixture(autouse=True)
    def five_entries(self, entry):
        for number in range(1, 6):
            entry(actor_id=number, before={"a": 0}, after={"a": number}, why=f"reason {number}")
        assert faults() == []

    @pytest.mark.parametrize("edit", EDITS)
    def test_an_edited_value(self, edit):
        sql(f"UPDATE audit_entry SET {edit} WHERE id = 3")
        assert faults() == [(3, "was edited: its content does not fit its hash")]

    @pytest.mark.parametrize("column", ["hash", "previous"])
    def test_an_edited_link(self, column):
        sql(f"UPDATE audit_entry SET {column} = %s WHERE id = 3", "e" * 64)
        assert [number for number, _ in faults()] in ([3, 4], [3, 3])

    def test_an_edited_row_with_a_new_hash_breaks_the_link_after_it(self):
        row = Entry.objects.filter(pk=3).values().get() | {"actor": "Other"}
        sql("UPDATE audit_entry SET actor = 'Other', hash = %s WHERE id = 3", chain.digest(row))
        assert faults() == [(4, "does not follow the entry before it: one of the two was replaced, inserted or moved")]

    def test_dropped_rows(self):
        sql("DELETE FROM audit_entry WHERE id IN (2, 3)")
        assert faults() == [(2, "missing: no entry 2 to 3 before entry 4")]

    def test_a_dropped_first_row(self):
        sql("DELETE FROM audit_entry WHERE id = 1")
        assert faults() == [(1, "missing: no entry 1 before entry 2")]

    def test_a_cut_end_shows_against_a_head(self):
        newest = chain.head()
        sql("DELETE FROM audit_entry WHERE id = 5")
        assert faults() == []
        assert faults(heads={newest.id: newest.hash}) == [
            (5, "is missing although its hash was kept outside: the chain was cut at its end")
        ]

    def test_a_chain_written_anew_shows_against_a_head(self, entry):
        newest = chain.head()
        sql("DELETE FROM audit_entry")
        for _ in range(6):
            entry()
        assert faults() == []
        assert faults(heads={newest.id: newest.hash}) == [
            (5, "differs from the hash that was kept outside: the chain was written anew")
        ]

    def test_an_inserted_row(self):
        sql("DELETE FROM audit_entry WHERE id = 3")
        forged = Entry.objects.get(pk=2)
        forged.pk, forged.previous = 3, forged.hash
        forged.hash = chain.digest({name: getattr(forged, name) for name in chain.HASHED})
        forged.save(force_insert=True)
        assert [number for number, _ in faults()] == [4]

    def test_a_row_before_the_first(self):
        forged = Entry.objects.get(pk=2)
        forged.pk, forged.hash = 0, "a" * 64
        forged.save(force_insert=True)
        assert faults() == [(1, "a row numbered 0 was inserted: numbers run from 1")]

    def test_swapped_rows(self):
        for old, new in [(2, 100), (4, 2), (100, 4)]:
            sql("UPDATE audit_entry SET id = %s WHERE id = %s", new, old)
        assert {number for number, _ in faults()} >= {2, 4}

    @on_sqlite
    @pytest.mark.parametrize(
        "edit", ["at = 'yesterday'", "at = 5", "before = 'no json'", "actor = x'ff00'", "id = 'x'"]
    )
    def test_a_value_of_the_wrong_sort_does_not_stop_the_walk(self, edit):
        sql("PRAGMA ignore_check_constraints = ON")
        sql(f"UPDATE audit_entry SET {edit} WHERE id = 5")
        sql("PRAGMA ignore_check_constraints = OFF")
        assert len(faults()) == 1


COLUMNS = ["actor", "verb", "object_type", "object_id", "object_name", "why", "area_path"]
WORDS = st.text(st.characters(codec="ascii", min_codepoint=32), max_size=8)
TAMPER = st.one_of(
    st.tuples(st.just("edit"), st.integers(1, 8), st.sampled_from(COLUMNS), WORDS),
    st.tuples(st.just("drop"), st.integers(1, 8)),
    st.tuples(st.just("insert"), st.integers(1, 8)),
    st.tuples(st.just("swap"), st.integers(1, 8), st.integers(1, 8)),
)  # fmt: skip


@pytest.mark.usefixtures("untriggered")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tamper=TAMPER)
def test_any_single_tampering_is_found(tamper, entry):
    """One edit, drop, insertion or swap, anywhere in a chain whose newest hash is known outside."""
    with transaction.atomic():
        sql("DELETE FROM audit_entry")
        for number in range(8):
            entry(object_id=str(number))
        newest = chain.head()
        before = list(Entry.objects.order_by("id").values())
        match tamper:
            case "edit", number, column, value:
                sql(f"UPDATE audit_entry SET {column} = %s WHERE id = %s", value, number)
            case "drop", number:
                sql("DELETE FROM audit_entry WHERE id = %s", number)
            case "insert", number:  # a forged row that fits its place; those after it move up
                for old in range(8, number - 1, -1):
                    sql("UPDATE audit_entry SET id = %s WHERE id = %s", old + 1, old)
                forged = before[number - 1] | {"actor": "Forged"}
                Entry.objects.create(**forged | {"hash": chain.digest(forged)})
            case "swap", one, other:
                for old, new in [(one, 100), (other, one), (100, other)]:
                    sql("UPDATE audit_entry SET id = %s WHERE id = %s", new, old)
        changed = list(Entry.objects.order_by("id").values()) != before
        assert bool(faults(heads={newest.id: newest.hash})) == changed
