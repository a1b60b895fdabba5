"""`tirek simulate`: devices that are real in all but metal."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal

import django
from asgiref.sync import sync_to_async

from tirek.commands.options import count
from tirek.config.supervisor import DONE

HELP = """Run simulated devices against this installation: real agents over real MQTT, real SIA DC-09 over TCP.

Some fail on purpose: an amplifier is dead, a network is slow, a panel goes silent. Needs sample data, and ends when
that is cleared away. Stops on Ctrl-C.
"""
LOOK_S = 5.0
NO_SAMPLE = "There is no sample data, so nothing to simulate. `tirek sample load` brings it; then start this again."
log = logging.getLogger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--endpoints", type=count, default=200, help="how many loudspeakers (default: %(default)s)")
    parser.add_argument("--panels", type=count, default=40, help="how many alarm panels (default: %(default)s)")
    parser.add_argument("--no-failures", action="store_true", help="nothing fails on purpose")
    parser.add_argument(
        "--calm", action="store_true", help="no alarm comes by itself: panels send heartbeats, and what people press"
    )


def run(options: argparse.Namespace) -> int:
    django.setup()
    from django.conf import settings
    from django.urls import reverse

    from tirek.alarms.simulate import run_panels
    from tirek.config import sample
    from tirek.warning.simulate import fleet_specs
    from tirek_agent.fleet import run_fleet

    if not sample.is_loaded():
        print(NO_SAMPLE)
        return DONE
    failures = not options.no_failures

    async def everything() -> int:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with asyncio.TaskGroup() as group:
            group.create_task(run_fleet(specs, settings.DEVICE_MQTT_URL, stop=stop, home=home, clips_url=clips))
            cleared = group.create_task(_until_cleared(stop))
            group.create_task(run_panels(stop, options.panels, failures=failures, calm=options.calm))
        return DONE if cleared.result() else 0

    home = settings.HOME.data / "simulator"
    clips = f"http://{settings.WEB_ADDRESS}{reverse('agent:clips')}"
    specs = fleet_specs(options.endpoints, failures=failures)
    logging.getLogger("tirek_agent").setLevel(logging.WARNING)  # two hundred agents have too much to tell
    log.info("simulating %d endpoints and %d panels", len(specs), options.panels)
    return asyncio.run(everything())


async def _until_cleared(stop: asyncio.Event) -> bool:
    """Set `stop` when the sample data is gone: its devices would be strangers, and tell so every second. Whether it is gone."""
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_S)
        if not stop.is_set() and not await sync_to_async(_is_loaded)():
            print(NO_SAMPLE, flush=True)
            stop.set()
            return True
    return False


def _is_loaded() -> bool:
    from django.db import DatabaseError, close_old_connections

    from tirek.config import sample

    try:
        return sample.is_loaded()
    except DatabaseError:  # not a reason to end: the next look may find it again
        close_old_connections()
        return True
