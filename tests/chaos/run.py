"""One run: everything at once, then the verdict."""

from __future__ import annotations

import asyncio
import time
from random import Random

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

from tests.chaos.officers import Officers, officer
from tests.chaos.page import ListeningPage
from tests.chaos.panels import ChaosPanel
from tests.chaos.verdict import Verdict, commanded, judge_deliveries, judge_panels, judge_soundings, judge_stream
from tests.chaos.world import Processes
from tirek.alarms.models import Panel
from tirek.alarms.receiver.keys import unseal
from tirek.config import sample
from tirek.config.home import Home
from tirek.config.net import host_port
from tirek.facilities.models import Facility
from tirek.live.hub import newest_id
from tirek.live.models import Event
from tirek.warning.models import Delivery, Endpoint
from tirek.warning.plans import load_plans
from tirek.warning.simulate import fleet_specs
from tirek_agent.fleet import Fleet, read_history

SETTLE_S = 300.0
WARN_EVERY_S = 2.0


def shake(home: Home, kills: int, seed: int, endpoints: int, panels: int) -> Verdict:
    """Load the sample province, shake it, and say what was lost. Blocks until all is settled."""
    chance = Random(seed)
    call_command("migrate", verbosity=0)
    load_plans()
    sample.load(lambda _line: None)
    processes = Processes(home)
    processes.start()
    try:
        return asyncio.run(_shake(home, processes, kills, chance, endpoints, panels))
    finally:
        processes.stop()


async def _shake(home: Home, processes: Processes, kills: int, chance: Random, endpoints: int, panels: int) -> Verdict:
    specs = await sync_to_async(fleet_specs)(endpoints, failures=False)
    fleet = Fleet(
        specs, settings.DEVICE_MQTT_URL, home=home.data / "chaos-fleet", seed=chance.randrange(2**30), beat_s=10
    )
    callers = await sync_to_async(_chaos_panels)(panels, chance)
    officers = await sync_to_async(_officers)({spec.endpoint for spec in specs}, Random(chance.random()))
    since = await sync_to_async(newest_id)()
    page = await sync_to_async(_page)(since)
    stop_all, stop_calls = asyncio.Event(), asyncio.Event()
    dc09, web = host_port(settings.DC09_ADDRESS), host_port(settings.WEB_ADDRESS)
    async with asyncio.TaskGroup() as group:
        group.create_task(fleet.run(stop_all))
        group.create_task(page.run(*web, stop_all))
        for caller in callers:
            group.create_task(caller.run(*dc09, stop_calls))
        warning = group.create_task(_warn(officers, stop_calls))
        await _until(lambda: fleet.connected() == len(specs), 60)
        for number in range(kills):
            await asyncio.sleep(chance.uniform(0.3, 4.0))
            processes.kill(chance)
            if (number + 1) % 20 == 0:
                print(
                    f"  {number + 1} kills, {len(officers.issued)} alerts, {sum(len(c.acknowledged) for c in callers)} alarms",
                    flush=True,
                )
        stop_calls.set()
        await warning
        await asyncio.to_thread(processes.wait_until_up)
        await _until_settled(officers.issued, {spec.endpoint for spec in specs})
        await asyncio.sleep(3)
        stop_all.set()
    return await sync_to_async(_judge)(home, processes, callers, officers, page, since, {s.endpoint for s in specs})


def _chaos_panels(count: int, chance: Random) -> list[ChaosPanel]:
    rows = Panel.objects.filter(is_sample=True).order_by("account").prefetch_related("zones")[:count]
    return [
        ChaosPanel(
            panel.account,
            panel.prefix,
            unseal(bytes(panel.key)) if panel.key else None,
            next((zone.number for zone in panel.zones.all()), "1"),
            Random(chance.random()),
        )
        for panel in rows
    ]


def _officers(codes: set[str], chance: Random) -> Officers:
    places = Facility.objects.filter(endpoints__code__in=codes).distinct()
    return Officers(list(places), chance, quiet_s=240)


def _page(since: int) -> ListeningPage:
    return ListeningPage(officer("chaos-page"), since)


async def _warn(officers: Officers, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await sync_to_async(officers.warn)()
        await asyncio.sleep(WARN_EVERY_S)


async def _until(condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.1)


async def _until_settled(alerts: list[int], codes: set[str]) -> None:
    """Until every delivery to a living endpoint is heard, or the patience is over."""

    def open_count() -> int:
        close_old_connections()
        rows = Delivery.objects.filter(alert_id__in=alerts, endpoint__code__in=codes)
        return rows.exclude(state=Delivery.State.HEARD).count()

    deadline = time.monotonic() + SETTLE_S
    while await sync_to_async(open_count)() and time.monotonic() < deadline:
        await asyncio.sleep(1)


def _judge(home, processes, callers, officers, page, since, codes) -> Verdict:
    verdict = Verdict()
    verdict.counts |= {f"kill -9 of {name}": count for name, count in sorted(processes.killed.items())}
    judge_panels(callers, verdict)
    judge_deliveries(officers.issued, codes, verdict)
    judge_soundings(read_history(home.data / "chaos-fleet"), commanded(), verdict)
    mine = [event.pk for event in Event.objects.filter(pk__gt=since).order_by("pk") if event.permission in PAGE_HEARS]
    judge_stream(page.heard, [pk for pk in mine if pk <= max(page.heard, default=0)], verdict)
    verdict.counts["connections of that page"] = page.links
    verdict.counts["endpoints"] = Endpoint.objects.filter(code__in=codes).count()
    return verdict


PAGE_HEARS = {"alarms.view_alarm", "alarms.view_panel", "warning.view_alert", "warning.view_endpoint", ""}
