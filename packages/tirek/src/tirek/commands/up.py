"""`tirek up`: everything, with one command."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

import django

from tirek.commands.options import address, count
from tirek.commands.own import own_command
from tirek.config import broker, environment
from tirek.config.home import Home
from tirek.config.net import answers, demand, free_port, host_port
from tirek.config.supervisor import Service, Supervisor

HELP = """Start Tirek: pages, MQTT broker, alarm receiver, dispatcher, worker and, with sample data, simulated devices.

The first start makes keys and tables in TIREK_HOME, loads the sample province, and prints the first log-in. What dies is started
again. Ctrl-C stops everything. A usual port that is taken is replaced by a free one; one that --address, TIREK_WEB, TIREK_DC09 or
TIREK_BROKER names is not: Tirek then says who must make room, and does not start.
"""
COLOURS = {"web": 36, "broker": 90, "receiver": 33, "dispatcher": 35, "worker": 34, "simulator": 32, "tirek": 1}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", metavar="DIR", help="TIREK_HOME (default: the environment's, or ~/.tirek)")
    parser.add_argument(
        "--address",
        type=address,
        metavar="HOST:PORT",
        help="where the pages are (default: TIREK_WEB, or 127.0.0.1:8000)",
    )
    parser.add_argument("--no-sample", action="store_true", help="start empty, without the sample province")
    parser.add_argument("--no-simulator", action="store_true", help="no simulated devices")
    parser.add_argument("--endpoints", type=count, default=200, help="simulated loudspeakers (default: %(default)s)")
    parser.add_argument("--panels", type=count, default=40, help="simulated panels (default: %(default)s)")
    parser.add_argument(
        "--calm",
        action="store_true",
        help="no alarm comes by itself: simulated panels send heartbeats, and what people press",
    )


def run(options: argparse.Namespace) -> int:
    if options.home:
        os.environ["TIREK_HOME"] = str(Path(options.home).expanduser().resolve())
    if options.address:
        os.environ["TIREK_WEB"] = options.address
    keep_own_time()
    home = Home.from_environment()
    held = home.lock()
    if held is None:
        print(f"Tirek already runs with this home ({home.root}): {home.running().get('web', '')}", file=sys.stderr)
        print("Stop it first, or choose another home with --home.", file=sys.stderr)
        return 1
    say(f"home: {home.root}")
    addresses = choose_addresses(home)
    os.environ["TIREK_SUPERVISED"] = "1"
    os.environ.update(
        {k: v for k, v in addresses.items() if k in {"TIREK_WEB", "TIREK_DC09"}} | {"MQTT_URL": addresses["MQTT_URL"]}
    )
    django.setup()
    from tirek.config import installation, sample  # they import models, so not before setup()

    login = installation.prepare(home, with_sample=not options.no_sample, say=say)
    installation.write_run_file(
        home,
        {"web": addresses["TIREK_WEB"], "dc09": addresses["TIREK_DC09"], "mqtt_url": addresses["MQTT_URL"]},
    )
    simulate = sample.is_loaded() and not options.no_simulator
    services = make_services(addresses, simulate, options.endpoints, options.panels, calm=options.calm)
    supervisor = Supervisor(services, home.root / "status.json", relay)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: supervisor.stop())
    threading.Thread(target=greet, args=(addresses["TIREK_WEB"], login, home), daemon=True).start()
    supervisor.run()
    say("stopped")
    return 0


def keep_own_time() -> None:
    """The console's clock is the installation's from the first line on; Django would change it in the middle."""
    os.environ["TZ"] = environment.time_zone()
    time.tzset()


def choose_addresses(home: Home) -> dict[str, str]:
    """Addresses of this run. One that somebody named is taken as it is or not at all: panels, agents or a proxy know it.

    Otherwise that of the last run, else the usual one, else a free one.
    """
    last = home.running()

    def pick(name: str, usual: str, last_value: str, *, udp: bool = False) -> str:
        named = os.environ.get(name, "")
        names = f"--address or {name}" if name == "TIREK_WEB" else name
        host, port = host_port(named or usual)
        if named and port:  # port 0 means: any
            demand(named, names, udp=udp)
            return named
        before = [host_port(last_value)[1]] if last_value and not named else []
        wanted = [*before, port]
        chosen = free_port(host, wanted, names, udp=udp)
        if port and chosen != wanted[0]:
            say(f"port {wanted[0]} is taken, using {chosen}. To keep one for good, name it: {name}={host}:{port}")
        return f"[{host}]:{chosen}" if ":" in host else f"{host}:{chosen}"

    addresses = {
        "TIREK_WEB": pick("TIREK_WEB", "127.0.0.1:8000", last.get("web", "")),
        "TIREK_DC09": pick("TIREK_DC09", "127.0.0.1:12300", last.get("dc09", ""), udp=True),
    }
    if os.environ.get("MQTT_URL"):
        addresses["MQTT_URL"] = os.environ["MQTT_URL"]
    else:
        last_mqtt = last.get("mqtt_url", "").rpartition("://")[2].rpartition("@")[2]
        addresses["BROKER"] = pick("TIREK_BROKER", "127.0.0.1:1883", last_mqtt)
        host, port = host_port(addresses["BROKER"])
        addresses["MQTT_URL"] = broker.centre_url(home, port, host)
    return addresses


def make_services(
    addresses: dict[str, str], simulate: bool, endpoints: int, panels: int, *, calm: bool
) -> list[Service]:
    """The processes of this run, in the order in which they start."""
    me = [sys.executable, "-m", "tirek.cli"]
    services = []
    if "BROKER" in addresses:
        at = addresses["BROKER"]
        services.append(Service("broker", [*me, "broker", "--address", at], host_port(at)))
    services += [
        Service("receiver", [*me, "receiver"], host_port(addresses["TIREK_DC09"])),
        Service("dispatcher", [*me, "dispatcher"]),
        Service("web", [*me, "web"], host_port(addresses["TIREK_WEB"])),
        Service("worker", [*me, "worker"]),
    ]
    if simulate:
        words = ["simulate", "--endpoints", str(endpoints), "--panels", str(panels)]
        services.append(Service("simulator", [*me, *words, *(["--calm"] if calm else [])]))
    return services


def say(text: str) -> None:
    relay("tirek", text)


def relay(name: str, line: str) -> None:
    """One line of one process, with its name in front. The broker's own chatter stays out."""
    if name == "broker" and ("[INF]" in line or "Plaintext passwords" in line):
        return
    label = f"{name:>10}"
    if sys.stdout.isatty():
        label = f"\x1b[{COLOURS.get(name, 0)}m{label}\x1b[0m"
    # Where the console is a file on a full disk the line is lost, and whoever said it goes on.
    with contextlib.suppress(OSError):
        print(f"{time.strftime('%H:%M:%S')} {label}  {line}", flush=True)


def greet(web: str, login: object, home: Home) -> None:
    """Print address and log-in as soon as the pages answer."""
    host, port = host_port(web)
    for _attempt in range(600):
        if answers(host, port):
            break
        time.sleep(0.1)
    lines = [f"Tirek is ready:   http://{web}/"]
    if login is not None:
        lines += [
            f"First log-in:     {login.username}   password: {login.password}",  # type: ignore[attr-defined]
            "                  (shown once; you choose your own at the first log-in)",
        ]
    else:
        lines += ["Log-ins are as they were. Forgotten?", f"  {own_command('recover NAME', home)}"]
    width = max(map(len, lines)) + 4
    print("\n".join(["", "=" * width, *[f"  {line}" for line in lines], "=" * width, ""]), flush=True)
