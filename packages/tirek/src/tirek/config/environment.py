"""What the environment may say: each variable with the form that its value must have.

Looked at before anything else reads it (`tirek.cli`, `settings`), so that a slip is told by its name and not by what it
breaks later. Whether a value also works (a scanner that answers, a file that is there) is what `tirek doctor` finds out.
"""

from __future__ import annotations

import os
import re
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from tirek.config.net import host_port
from tirek.config.trouble import Trouble

LANGUAGES = ("kk", "ru", "en")
TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off", ""})
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
#: The password of an address, which no message may repeat.
SECRET, HIDDEN = re.compile(r"(?<=://)([^:/@]*):[^/]*@"), r"\1:***@"


@dataclass(frozen=True, slots=True)
class Slip:
    """A variable whose value cannot be used."""

    name: str
    value: str
    form: str

    @property
    def shown(self) -> str:
        """As it stands in the environment, without a password."""
        return f"{self.name}={SECRET.sub(HIDDEN, self.value)}"

    def __str__(self) -> str:
        return f"{self.shown} cannot be used: write {self.form}"


class BadSettings(Trouble, ImproperlyConfigured):
    """One sentence for each variable that cannot be used."""

    code = 2

    def __init__(self, slips: list[Slip]) -> None:
        super().__init__("\n".join(map(str, slips)))
        self.slips = slips


def slips(environ: Mapping[str, str] = os.environ) -> Iterator[Slip]:
    """The variables whose values cannot be used. One that is empty counts as not set."""
    for name, (form, fits) in FORMS.items():
        value = environ.get(name, "")
        if value and not _fits(fits, value):
            yield Slip(name, value, form)


def check(environ: Mapping[str, str] = os.environ) -> None:
    """Raise BadSettings when a value cannot be used."""
    if found := list(slips(environ)):
        raise BadSettings(found)


def time_zone(environ: Mapping[str, str] = os.environ) -> str:
    return environ.get("TIREK_TIME_ZONE", "").strip() or "Asia/Aqtobe"


def number(name: str, usual: int, environ: Mapping[str, str] = os.environ) -> int:
    return int(environ.get(name, "").strip() or usual)


def _fits(fits: Callable[[str], object], value: str) -> bool:
    try:
        return bool(fits(value))
    except (ValueError, KeyError):  # KeyError: how zoneinfo and dj_database_url say that they do not know something
        return False


def _flag(value: str) -> bool:
    return value.strip().lower() in TRUE | FALSE


def _mqtt(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"mqtt", "mqtts"} and bool(parts.hostname) and parts.port != 0  # .port may raise


def _database(value: str) -> bool:
    parts = urlsplit(value)
    known = parts.scheme in {"postgres", "postgresql", "pgsql"} and bool(parts.path.strip("/"))
    return (known or parts.scheme == "sqlite") and bool(dj_database_url.parse(value)["NAME"])


def _scanner(value: str) -> bool:
    return value.startswith(("unix:", "/")) or bool(host_port(f"localhost{value}" if value[:1] == ":" else value))


def _origins(value: str) -> bool:
    origins = [urlsplit(word) for word in value.replace(",", " ").split()]
    return all(one.scheme in {"http", "https"} and one.netloc and one.path in {"", "/"} for one in origins)


ADDRESS = "HOST:PORT, for example 127.0.0.1:8000 or [::1]:8000"
FLAG = "1 or 0"
MQTT = "mqtt://USER:PASSWORD@HOST:1883, or mqtts:// with TLS"

FORMS: dict[str, tuple[str, Callable[[str], object]]] = {
    "DATABASE_URL": (
        "postgresql://USER:PASSWORD@HOST:5432/NAME, or leave it unset for SQLite in TIREK_HOME",
        _database,
    ),
    "MQTT_URL": (MQTT, _mqtt),
    "TIREK_DEVICE_MQTT_URL": (MQTT, _mqtt),
    "TIREK_WEB": (ADDRESS, host_port),
    "TIREK_DC09": (ADDRESS, host_port),
    "TIREK_BROKER": (ADDRESS, host_port),
    "TIREK_MQTT_PUBLIC": (ADDRESS, host_port),
    "TIREK_CLAMD": ("HOST:PORT, or the path of a socket", _scanner),
    "TIREK_UNKNOWN_ACCOUNT": (
        "ACK or DUH, or leave it empty to answer nothing",
        lambda value: value.strip().upper() in {"ACK", "DUH", ""},
    ),
    "TIREK_HTTPS": (FLAG, _flag),
    "TIREK_DEBUG": (FLAG, _flag),
    "TIREK_MAIL_TLS": (FLAG, _flag),
    "TIREK_MAIL_PORT": ("a port, 1 to 65535", lambda value: 0 < int(value) < 65536),
    "TIREK_FLASHPOINT_MONTHS": ("a whole number of months, 1 or more", lambda value: int(value) > 0),
    "TIREK_TRUSTED_ORIGINS": ("https://NAME, several with spaces between them", _origins),
    "TIREK_LANGUAGE": (" or ".join(LANGUAGES), lambda value: value.strip() in LANGUAGES),
    "TIREK_TIME_ZONE": ("a name like Asia/Aqtobe", lambda value: zoneinfo.ZoneInfo(value.strip())),
    "TIREK_TASKS": ("immediate, or leave it unset", lambda value: value.strip() == "immediate"),
    "TIREK_LOG": (", ".join(LEVELS), lambda value: value.strip().upper() in LEVELS),
}
