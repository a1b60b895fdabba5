"""The state of an installation, as findings with advice. Read by `tirek doctor`."""

from __future__ import annotations

import ctypes
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError

from tirek.config.broker import binary
from tirek.config.home import Home
from tirek.config.installation import migrations_waiting
from tirek.config.net import answers, host_port, is_free
from tirek.config.status import read_status

LEAST_FREE_GB = 2
CLOCK_UNSYNCHRONISED = 0x40  # STA_UNSYNC of adjtimex(2)
MOST_CLOCK_DIFFERENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    verdict: Literal["ok", "note", "wrong"]
    text: str
    advice: str = ""


def examine() -> Iterator[Finding]:
    """Every check, in the order in which one would repair."""
    for check in CHECKS:
        yield from check()


def check_home() -> Iterator[Finding]:
    home: Home = settings.HOME
    if not home.root.exists():
        yield Finding("home", "note", f"{home.root} is not there yet", "`tirek up` makes it")
        return
    open_to_others = [
        str(path.relative_to(home.root) if path != home.root else path)
        for path in [home.root, *home.keys.glob("*")]
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_to_others:
        yield Finding("home", "wrong", f"others may read {', '.join(open_to_others)}", f"chmod -R go= {home.root}")
    else:
        yield Finding("home", "ok", f"{home.root}, readable by its owner only")
    free = shutil.disk_usage(home.root).free / 1e9
    verdict: Literal["ok", "wrong"] = "ok" if free > LEAST_FREE_GB else "wrong"
    advice = "" if verdict == "ok" else f"free some space: below {LEAST_FREE_GB} GB signals may not be storable"
    yield Finding("disk", verdict, f"{free:.1f} GB free", advice)


def check_database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        waiting = migrations_waiting()
    except DatabaseError as error:
        yield Finding("database", "wrong", str(error).splitlines()[0], "check DATABASE_URL, and that the server runs")
        return
    yield Finding("database", "ok", f"{connection.vendor}: {connection.settings_dict['NAME']}")
    if waiting:
        yield Finding(
            "tables", "wrong", f"{waiting} migrations are waiting", "run `tirek up`, or `tirek manage migrate`"
        )
    else:
        yield Finding("tables", "ok", "up to date")
    if connection.vendor == "sqlite":
        yield from _check_sqlite()


def _check_sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if mode == "wal" and synchronous == 2:
        yield Finding("sqlite", "ok", "write-ahead log, every commit flushed to disk")
    else:
        yield Finding(
            "sqlite",
            "wrong",
            f"journal {mode}, synchronous {synchronous}",
            "keep TIREK_HOME on a local disk, not on a share",
        )


def check_ports() -> Iterator[Finding]:
    running = read_status(settings.HOME).alive
    for name, address, udp in (("pages", settings.WEB_ADDRESS, False), ("alarm receiver", settings.DC09_ADDRESS, True)):
        host, port = host_port(address)
        if running and answers(host, port):
            yield Finding(name, "ok", f"answers at {address}")
        elif running:
            yield Finding(
                name, "wrong", f"does not answer at {address}", "look at the status page and the console of `tirek up`"
            )
        elif is_free(host, port, udp=udp):
            yield Finding(name, "ok", f"{address} is free")
        else:
            yield Finding(name, "note", f"{address} is taken by something else", "`tirek up` will choose another port")


def check_broker() -> Iterator[Finding]:
    parts = urlsplit(settings.MQTT_URL)
    place = f"{parts.hostname}:{parts.port or 1883}"
    if answers(parts.hostname or "127.0.0.1", parts.port or 1883, timeout=2):
        yield Finding("MQTT broker", "ok", f"answers at {place}")
    elif read_status(settings.HOME).alive:
        yield Finding("MQTT broker", "wrong", f"does not answer at {place}", "check MQTT_URL, or the broker's own log")
    else:
        try:
            yield Finding("MQTT broker", "ok", f"embedded: {binary().name}; `tirek up` starts it")
        except FileNotFoundError as error:
            yield Finding("MQTT broker", "wrong", str(error), "install the package, or set MQTT_URL")


def check_clock() -> Iterator[Finding]:
    """Commands and alarms carry times, so clocks must agree: with the world (adjtimex) and with the database."""
    if sys.platform == "linux":
        buffer = ctypes.create_string_buffer(512)  # struct timex, all zeros: only asks
        state = ctypes.CDLL(None).adjtimex(buffer)
        status = int.from_bytes(buffer.raw[40:44], sys.byteorder)
        if state >= 0 and status & CLOCK_UNSYNCHRONISED:
            yield Finding(
                "clock",
                "note",
                "is not kept by a time server",
                "switch on time synchronisation (systemd-timesyncd, chrony)",
            )
        elif state >= 0:
            yield Finding("clock", "ok", "is kept by a time server")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            difference = abs(float(cursor.fetchone()[0]) - time.time())
        if difference > MOST_CLOCK_DIFFERENCE_S:
            yield Finding(
                "clock", "wrong", f"differs from the database's by {difference:.1f} s", "synchronise both machines"
            )
        else:
            yield Finding("clock", "ok", f"within {difference:.2f} s of the database's")


def check_built() -> Iterator[Finding]:
    server = Path(settings.BASE_DIR)
    if (server / "ui" / "static" / "dist" / "manifest.json").exists():
        yield Finding("front end", "ok", "built")
    else:
        yield Finding(
            "front end", "wrong", "is not built", "install the package anew: pip install -e packages/tirek, or make run"
        )
    missing = [
        str(po.relative_to(server)) for po in server.rglob("django.po") if not po.with_suffix(".mo").exists()
    ]  # fmt: skip
    if missing:
        yield Finding("languages", "wrong", f"not compiled: {', '.join(missing)}", "python tools/messages.py compile")
    else:
        yield Finding("languages", "ok", "Kazakh, Russian, English")


def check_addresses() -> Iterator[Finding]:
    host, _port = host_port(settings.WEB_ADDRESS)
    if host in {"127.0.0.1", "localhost", "::1"}:
        yield Finding(
            "reach", "note", "pages answer on this machine only", "set TIREK_WEB and TIREK_ALLOWED_HOSTS for others"
        )
    elif not settings.HTTPS:
        yield Finding(
            "reach",
            "wrong",
            "pages are reachable from outside without HTTPS",
            "put a proxy with HTTPS before it, set TIREK_HTTPS=1",
        )
    else:
        yield Finding("reach", "ok", f"{settings.WEB_ADDRESS}, behind HTTPS")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_home,
    check_database,
    check_ports,
    check_broker,
    check_clock,
    check_built,
    check_addresses,
)
