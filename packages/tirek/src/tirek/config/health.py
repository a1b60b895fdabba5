"""The state of an installation, as findings with advice. Read by `tirek doctor`."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError

from tirek.config.broker import binary
from tirek.config.findings import Finding
from tirek.config.home import Home
from tirek.config.installation import migrations_waiting
from tirek.config.net import answers, hindrance, host_port
from tirek.config.status import read_status
from tirek.files.scanning import answers as scanner_answers

LEAST_FREE_GB = 2
CLOCK_UNSYNCHRONISED = 0x40  # STA_UNSYNC of adjtimex(2)
MOST_CLOCK_DIFFERENCE_S = 2.0
PMTILES_MAGIC = b"PMTiles"
ANOTHER_HOME = "choose another with TIREK_HOME, or with --home of `tirek up`"


def examine() -> Iterator[Finding]:
    """Every check, in the order in which one would repair. One that breaks must not hide what the others find."""
    for check in CHECKS:
        try:
            yield from check()
        except Exception as error:
            subject = check.__name__.removeprefix("check_").replace("_", " ")
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            yield Finding(
                subject, "wrong", f"could not be checked: {reason}", "mend what is named above, and look again"
            )


def check_home() -> Iterator[Finding]:
    home: Home = settings.HOME
    if not home.root.exists():
        if _may_be_made(home.root):
            yield Finding("home", "note", f"{home.root} is not there yet", "`tirek up` makes it")
        else:
            yield Finding("home", "wrong", f"{home.root} cannot be made by this user", ANOTHER_HOME)
        return
    if not home.root.is_dir() or not os.access(home.root, os.W_OK | os.X_OK):
        yield Finding("home", "wrong", f"{home.root} is no directory that this user may write", ANOTHER_HOME)
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


def _may_be_made(path: Path) -> bool:
    above = next(parent for parent in path.parents if parent.exists())
    read_only = os.statvfs(above).f_flag & os.ST_RDONLY
    return above.is_dir() and os.access(above, os.W_OK | os.X_OK) and not read_only


def check_database() -> Iterator[Finding]:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        yield Finding("database", "note", "there is none yet", "`tirek up` makes it")
        return
    try:
        connection.ensure_connection()
        waiting = migrations_waiting()
    except DatabaseError as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        yield Finding("database", "wrong", reason, "check DATABASE_URL, and that the server runs")
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
    for name, variable, address, udp in (
        ("pages", "TIREK_WEB", settings.WEB_ADDRESS, False),
        ("alarm receiver", "TIREK_DC09", settings.DC09_ADDRESS, True),
    ):
        host, port = host_port(address)
        if running and answers(host, port):
            yield Finding(name, "ok", f"answers at {address}")
        elif running:
            yield Finding(
                name, "wrong", f"does not answer at {address}", "look at the status page and the console of `tirek up`"
            )
        else:
            yield _port(name, variable, address, udp=udp)


def _port(name: str, variable: str, address: str, *, udp: bool = False) -> Finding:
    """Whether a server that does not run yet could open its port."""
    error = hindrance(*host_port(address), udp=udp)
    if error is None:
        return Finding(name, "ok", f"{address} is free")
    if error.errno == errno.EADDRINUSE:
        if os.environ.get(variable):  # named by somebody, so never replaced (`tirek up`)
            return Finding(
                name, "wrong", f"{address} is taken by something else", f"stop it, or choose another {variable}"
            )
        return Finding(name, "note", f"{address} is taken by something else", "`tirek up` will choose another port")
    return Finding(name, "wrong", f"{address} cannot be opened: {error.strerror}", f"set {variable} to another address")


def check_broker() -> Iterator[Finding]:
    parts = urlsplit(settings.MQTT_URL)
    host, port = parts.hostname or "127.0.0.1", parts.port or 1883
    running = read_status(settings.HOME).alive
    if not running and not os.environ.get("MQTT_URL"):  # whatever answers there now is not ours
        yield from _embedded_broker(port)
    elif answers(host, port, timeout=2):
        yield Finding("MQTT broker", "ok", f"answers at {host}:{port}")
    else:
        yield Finding(
            "MQTT broker", "wrong", f"does not answer at {host}:{port}", "check MQTT_URL, or the broker's own log"
        )


def _embedded_broker(last_port: int) -> Iterator[Finding]:
    try:
        yield Finding("MQTT broker", "ok", f"embedded: {binary().name}; `tirek up` starts it")
    except FileNotFoundError as error:
        yield Finding("MQTT broker", "wrong", str(error), "install the package, or set MQTT_URL")
        return
    yield _port("MQTT broker", "TIREK_BROKER", os.environ.get("TIREK_BROKER") or f"127.0.0.1:{last_port}")


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
        if connection.connection is None:  # `check_database` has said why; asking again would wait once more
            yield Finding("clock", "note", "could not be compared with the database's")
            return
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


def check_scanner() -> Iterator[Finding]:
    if not settings.CLAMD:
        return
    if scanner_answers(settings.CLAMD):
        yield Finding("virus scanner", "ok", f"answers at {settings.CLAMD}")
    else:
        yield Finding(
            "virus scanner",
            "wrong",
            f"no ClamAV answers at {settings.CLAMD}, so no file is taken",
            "start it, or correct TIREK_CLAMD",
        )


def check_base_map() -> Iterator[Finding]:
    if not settings.PMTILES_FILE:
        return
    path = Path(settings.PMTILES_FILE)
    try:
        with path.open("rb") as file:
            right = file.read(len(PMTILES_MAGIC)) == PMTILES_MAGIC
        fault = "" if right else "is no PMTiles file"
    except OSError as error:
        fault = f"cannot be read: {error.strerror}"
    if fault:
        yield Finding("base map", "wrong", f"{path} {fault}", "correct TIREK_PMTILES, or leave it unset")
    else:
        yield Finding("base map", "ok", str(path))


def check_mail() -> Iterator[Finding]:
    if not settings.EMAIL_HOST:
        return
    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    if answers(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=2):
        yield Finding("mail", "ok", f"answers at {place}")
    else:
        yield Finding("mail", "wrong", f"nothing answers at {place}", "correct TIREK_MAIL_HOST and TIREK_MAIL_PORT")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_home,
    check_database,
    check_ports,
    check_broker,
    check_clock,
    check_built,
    check_addresses,
    check_scanner,
    check_base_map,
    check_mail,
)
