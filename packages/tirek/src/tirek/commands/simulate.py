"""`tirek simulate`: devices that are real in all but metal."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal

import django

HELP = """Run simulated devices against this installation: real agents over real MQTT, real SIA DC-09 over TCP.

Some fail on purpose: an amplifier is dead, a network is slow, a panel goes silent. Needs sample data. Stops on Ctrl-C.
"""
log = logging.getLogger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--endpoints", type=int, default=200, help="how many loudspeakers (default: %(default)s)")
    parser.add_argument("--panels", type=int, default=40, help="how many alarm panels (default: %(default)s)")
    parser.add_argument("--no-failures", action="store_true", help="nothing fails on purpose")
    parser.add_argument(
        "--calm", action="store_true", help="no alarm comes by itself: panels send heartbeats, and what people press"
    )


def run(options: argparse.Namespace) -> int:
    django.setup()
    from django.conf import settings
    from django.urls import reverse

    from tirek.alarms.simulate import run_panels
    from tirek.warning.simulate import fleet_specs
    from tirek_agent.fleet import run_fleet

    failures = not options.no_failures

    async def everything() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with asyncio.TaskGroup() as group:
            group.create_task(run_fleet(specs, settings.DEVICE_MQTT_URL, stop=stop, home=home, clips_url=clips))
            group.create_task(run_panels(stop, options.panels, failures=failures, calm=options.calm))

    home = settings.HOME.data / "simulator"
    clips = f"http://{settings.WEB_ADDRESS}{reverse('agent:clips')}"
    specs = fleet_specs(options.endpoints, failures=failures)
    logging.getLogger("tirek_agent").setLevel(logging.WARNING)  # two hundred agents have too much to tell
    log.info("simulating %d endpoints and %d panels", len(specs), options.panels)
    asyncio.run(everything())
    return 0
