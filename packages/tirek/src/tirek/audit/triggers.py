"""Triggers that keep the table of entries append-only, on both databases.

They refuse UPDATE, DELETE, TRUNCATE (PostgreSQL) and every INSERT that does not continue the chain; the last also
covers SQLite's INSERT OR REPLACE, which would otherwise remove a row without a DELETE. Whoever owns the database can
drop them: that is what the hashes, and heads kept outside, are for. A migration that alters the table on SQLite makes
it anew and must end with `install` again; `missing` tells, and so does `tirek audit verify`.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audit_entry"
_REFUSAL = "audit entries are only ever added"
_BREAK = "an audit entry must continue the chain"

_SQLITE = {
    "audit_entry_no_update": f"""
        CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    "audit_entry_no_delete": f"""
        CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    "audit_entry_continues": f"""
        CREATE TRIGGER audit_entry_continues BEFORE INSERT ON {TABLE}
        WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM {TABLE})
          OR NEW.previous IS NOT coalesce((SELECT hash FROM {TABLE} ORDER BY id DESC LIMIT 1), '{"0" * 64}')
          OR EXISTS (SELECT 1 FROM {TABLE} WHERE hash = NEW.hash)
        BEGIN SELECT RAISE(ABORT, '{_BREAK}'); END""",  # noqa: S608
}

_POSTGRESQL_FUNCTIONS = f"""
    CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
    CREATE OR REPLACE FUNCTION audit_entry_continue() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE last record;
    BEGIN
      SELECT id, hash INTO last FROM {TABLE} ORDER BY id DESC LIMIT 1;
      IF NEW.id IS DISTINCT FROM coalesce(last.id, 0) + 1
         OR NEW.previous IS DISTINCT FROM coalesce(last.hash, '{"0" * 64}') THEN
        RAISE EXCEPTION '{_BREAK}' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$"""  # noqa: S608

_POSTGRESQL = {
    "audit_entry_no_update": f"""
        CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
    "audit_entry_no_delete": f"""
        CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
    "audit_entry_no_truncate": f"""
        CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
    "audit_entry_continues": f"""
        CREATE TRIGGER audit_entry_continues BEFORE INSERT ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION audit_entry_continue()""",
}


def _wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers that are missing, and switch every one on."""
    absent = set(missing(connection))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTIONS)
        for name, statement in _wanted(connection).items():
            if name in absent:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{_on(connection)}")
                cursor.execute(statement)
            if connection.vendor == "postgresql":
                # ALWAYS: also for a session that calls itself a replica, which skips ordinary triggers.
                cursor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for undoing the migration, and for tests that tamper."""
    with connection.cursor() as cursor:
        for name in _wanted(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{_on(connection)}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are not there, or (PostgreSQL) switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled = 'A'", [TABLE])
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in _wanted(connection) if name not in present]


def _on(connection: BaseDatabaseWrapper) -> str:
    return f" ON {TABLE}" if connection.vendor == "postgresql" else ""


def forwards(apps: Any, schema_editor: Any) -> None:
    """For migrations.RunPython."""
    install(schema_editor.connection)


def backwards(apps: Any, schema_editor: Any) -> None:
    """For migrations.RunPython."""
    remove(schema_editor.connection)
