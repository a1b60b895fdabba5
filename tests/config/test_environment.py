"""What the environment may say, and how a slip is told."""

import re
from pathlib import Path

import pytest

from tirek.config.environment import FORMS, BadSettings, check, slips
from tirek.config.findings import check_environment

ROOT = Path(__file__).resolve().parents[2]
#: Not for operators: what `tirek up` tells its children, and what a build reads.
INTERNAL = {"TIREK_SUPERVISED", "TIREK_SKIP_FRONTEND", "TIREK_SERVER_SOURCE"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:p@h/d"),
        ("DATABASE_URL", "postgresql://u:p@h:port/d"),
        ("DATABASE_URL", "postgresql://u:p@h"),
        ("MQTT_URL", "127.0.0.1:1883"),
        ("TIREK_WEB", "8000"),
        ("TIREK_DC09", "abc"),
        ("TIREK_BROKER", "zzz"),
        ("TIREK_MQTT_PUBLIC", "zzz"),
        ("TIREK_CLAMD", "clamav"),
        ("TIREK_UNKNOWN_ACCOUNT", "MAYBE"),
        ("TIREK_HTTPS", "maybe"),
        ("TIREK_MAIL_PORT", "smtp"),
        ("TIREK_FLASHPOINT_MONTHS", "abc"),
        ("TIREK_FLASHPOINT_MONTHS", "0"),
        ("TIREK_TRUSTED_ORIGINS", "tirek.example"),
        ("TIREK_LANGUAGE", "de"),
        ("TIREK_TIME_ZONE", "Asia/Nowhere"),
        ("TIREK_TASKS", "later"),
        ("TIREK_LOG", "loud"),
    ],
)
def test_a_slip_is_told_with_name_value_and_form(name, value):
    with pytest.raises(BadSettings) as bad:
        check({name: value})
    form, _fits = FORMS[name]
    assert str(bad.value).endswith(f"cannot be used: write {form}")
    assert str(bad.value).startswith(f"{name}=")
    assert bad.value.code == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://u:p@h:5432/d"),
        ("DATABASE_URL", "postgres:///d"),
        ("DATABASE_URL", "sqlite:////tmp/a.sqlite3"),
        ("MQTT_URL", "mqtts://u:p@h"),
        ("TIREK_WEB", "[::1]:8000"),
        ("TIREK_CLAMD", "/run/clamav/clamd.ctl"),
        ("TIREK_CLAMD", ":3310"),
        ("TIREK_UNKNOWN_ACCOUNT", "duh"),
        ("TIREK_UNKNOWN_ACCOUNT", ""),
        ("TIREK_HTTPS", "Yes"),
        ("TIREK_MAIL_TLS", "0"),
        ("TIREK_TRUSTED_ORIGINS", "https://a.example, https://b.example:8443"),
        ("TIREK_LANGUAGE", "kk"),
        ("TIREK_TIME_ZONE", "UTC"),
        ("TIREK_LOG", "debug"),
    ],
)
def test_what_works_is_let_through(name, value):
    check({name: value})


def test_no_password_is_repeated():
    (slip,) = slips({"DATABASE_URL": "mysql://tirek:hush@db/tirek"})
    assert "hush" not in str(slip)
    assert "mysql://tirek:***@db/tirek" in str(slip)


def test_the_doctor_tells_all_slips_and_goes_on_without_them():
    environ = {"TIREK_WEB": "8000", "TIREK_HTTPS": "maybe", "TIREK_LOG": "INFO"}
    found = list(check_environment(environ))
    assert [finding.verdict for finding in found] == ["wrong", "wrong", "note"]
    assert environ == {"TIREK_LOG": "INFO"}


def test_the_table_of_variables_names_what_the_code_reads():
    sources = [*(ROOT / "packages").glob("*/src/**/*.py"), ROOT / "packages/tirek/hatch_build.py"]
    read = {
        name
        for path in sources
        for name in re.findall(r"[\"'](TIREK_[A-Z0-9_]+|DATABASE_URL|MQTT_URL)[\"']", path.read_text(encoding="utf-8"))
    }
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    written = set(re.findall(r"^\| `(TIREK_[A-Z0-9_]+|[A-Z]+_URL)` \|", text, re.MULTILINE))
    assert read - INTERNAL == written
    assert set(FORMS) <= written


def test_the_table_of_roles_names_every_role():
    from django.utils import translation

    from tirek.accounts.roles import ROLES

    text = (ROOT / "docs/people.md").read_text(encoding="utf-8")
    with translation.override("en"):
        assert {str(role.name) for role in ROLES.values()} <= set(re.findall(r"^\| ([a-z ]+) \|", text, re.MULTILINE))
