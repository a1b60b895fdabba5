"""From a pressed panic button to the desk: stored and acknowledged, told to an open desk, and fetched by it.

    python -m benchmarks.panic_to_desk [--panels 1000] [--presses 200] [--json]

All panels hold a TCP connection and send heartbeats, half of them encrypted. First some buttons are pressed one after another, a
few each second. Then those panels hang up, others dial in their place, and all of them press at the same moment, which is the
worst that can come. The receiver and the web server are processes of their own; the panels and the desk share this one, and the
machine's cores with them. The clock of a press starts when its first byte leaves.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from typing import Any

import django

from benchmarks.stage import percentiles, process, stage

#: Between heartbeats of one panel, between presses of the calm part, and the longest wait for the last event, in seconds.
HEARTBEAT_S = 20.0
PRESS_S = 0.06
PATIENCE_S = 60.0
CALM, STORM = "one after another", "all at the same moment"
ACKNOWLEDGED, TOLD, FETCHED = "stored and acknowledged", "told to the desk", "on the desk"
#: p99 in seconds, by part. In the storm the page fetches what the officer looks at, not every alarm.
GOALS = {CALM: {ACKNOWLEDGED: 0.2, TOLD: 2.0, FETCHED: 2.0}, STORM: {ACKNOWLEDGED: 1.2, TOLD: 2.0}}


class Desk:
    """An open duty desk: reads the live stream, and fetches each new alarm as the page does."""

    def __init__(self, host: str, port: int, session: str) -> None:
        self.host, self.port = host, port
        self._cookie = f"Cookie: sessionid={session}\r\nHost: {host}\r\n"
        self.told: dict[int, float] = {}
        self.fetched: dict[int, float] = {}
        self.ready = asyncio.Event()
        self._wanted: asyncio.Queue[int] = asyncio.Queue()

    async def listen(self) -> None:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(f"GET /live/stream HTTP/1.1\r\n{self._cookie}\r\n".encode())
        kind = ""
        while line := await reader.readline():
            if line.startswith(b"event: "):
                kind = line[7:].strip().decode()
            elif line.startswith(b"data: ") and kind == "alarm.changed":
                data = json.loads(line[6:])
                if data["new"]:
                    self.told[data["id"]] = time.monotonic()
                    self._wanted.put_nowait(data["id"])
            elif line.startswith(b"data: ") and kind == "hello":
                self.ready.set()

    async def fetch(self) -> None:
        """Fetch one alarm after another, as one browser would."""
        while True:
            alarm = await self._wanted.get()
            reader, writer = await asyncio.open_connection(self.host, self.port)
            writer.write(
                f"GET /desk/alarms/{alarm}/ HTTP/1.1\r\n{self._cookie}HX-Request: true\r\nConnection: close\r\n\r\n".encode()
            )
            page = await reader.read()
            writer.close()
            if not page.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(page[:200].decode(errors="replace"))
            self.fetched[alarm] = time.monotonic()


async def beat(sides: list[Any], stop: asyncio.Event) -> None:
    """Heartbeats of all panels, spread evenly."""
    pause = HEARTBEAT_S / len(sides)
    while not stop.is_set():
        for side in sides:
            if stop.is_set():
                return
            if not side.lock.locked():
                task = asyncio.create_task(side.heartbeat())
                task.add_done_callback(lambda done: done.exception())
            await asyncio.sleep(pause)


async def measure(
    home_address: tuple[str, int], web: tuple[str, int], every: list[Any], session: str, presses: int
) -> Any:
    """Both parts; the times of each press by account. The last `presses` of the panels dial in for the second part only."""
    desk = Desk(*web, session)
    tasks = [asyncio.create_task(desk.listen()), asyncio.create_task(desk.fetch())]
    stop = asyncio.Event()
    try:
        await asyncio.wait_for(desk.ready.wait(), 10)
        sides, fresh = every[: len(every) - presses], every[len(every) - presses :]
        await dial(sides, home_address)
        hearts = asyncio.create_task(beat(sides, stop))
        await asyncio.sleep(2)
        calm = await press_calmly(random.Random(1).sample(sides, presses))
        await settle(desk, len(calm), fetched=True)
        stop.set()
        await hearts
        for side in sides:
            if side.account in calm:
                side.close()
        await dial(fresh, home_address)
        rest = [side for side in every if side.account not in calm]
        times = await asyncio.gather(*(side.panic() for side in rest))
        burst = {side.account: t for side, t in zip(rest, times, strict=True)}
        await settle(desk, len(calm) + len(burst), fetched=False)
        return desk, calm, burst
    finally:
        for task in tasks:
            task.cancel()
        for side in every:
            side.close()


async def dial(sides: list[Any], address: tuple[str, int]) -> None:
    for start in range(0, len(sides), 50):
        await asyncio.gather(*(side.dial(*address) for side in sides[start : start + 50]))


async def press_calmly(chosen: list[Any]) -> dict[str, tuple[float, float]]:
    tasks = {}
    for side in chosen:
        tasks[side.account] = asyncio.create_task(side.panic())
        await asyncio.sleep(PRESS_S * random.uniform(0.5, 1.5))
    return {account: await task for account, task in tasks.items()}


async def settle(desk: Desk, count: int, *, fetched: bool) -> None:
    """Wait until the desk has heard of (and fetched) so many alarms."""
    end = time.monotonic() + PATIENCE_S
    while len(desk.fetched if fetched else desk.told) < count:
        if time.monotonic() > end:
            raise RuntimeError(f"the desk heard of {len(desk.told)} alarms, not of {count}")
        await asyncio.sleep(0.05)


def table(
    part: str, times: dict[str, tuple[float, float]], desk: Desk, accounts: dict[int, str], *, pages: bool
) -> Any:
    """Percentiles of one part. `accounts`: alarm -> account."""
    sent = {account: t[0] for account, t in times.items()}
    rows = {ACKNOWLEDGED: [end - start for start, end in times.values()]}
    rows[TOLD] = [t - sent[accounts[a]] for a, t in desk.told.items() if accounts[a] in sent]
    if pages:
        rows[FETCHED] = [t - sent[accounts[a]] for a, t in desk.fetched.items() if accounts[a] in sent]
    return {"part": part, "presses": len(times), **{name: percentiles(values) for name, values in rows.items()}}


def show(result: dict[str, Any]) -> None:
    print(f"{result['part']}: {result['presses']} presses")
    for name in (ACKNOWLEDGED, TOLD, FETCHED):
        if name in result:
            found = result[name]
            print(f"  {name:26} p50 {found['p50']:7.3f} s   p99 {found['p99']:7.3f} s   last {found['last']:7.3f} s")


def run(count: int, presses: int) -> list[dict[str, Any]]:
    """The whole benchmark on a home of its own."""
    with stage(with_broker=False):
        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        from benchmarks.panic_world import build
        from tirek.alarms.models import Alarm
        from tirek.alarms.receiver.server import split_address

        call_command("migrate", verbosity=0)
        sides, session = build(count + presses)
        receiver, web = split_address(settings.DC09_ADDRESS), split_address(settings.WEB_ADDRESS)
        with process("receiver", port=receiver[1]), process("web", port=web[1]):
            desk, calm, burst = asyncio.run(measure(receiver, web, sides, session, presses))
        accounts = dict(Alarm.objects.values_list("pk", "facility__panels__account"))
        if len(accounts) != len(sides):
            raise RuntimeError(f"{len(sides)} buttons were pressed, {len(accounts)} alarms stand in the database")
        return [
            table(CALM, calm, desk, accounts, pages=True),
            table(STORM, burst, desk, accounts, pages=False),
        ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--panels", type=int, default=1000, help="how many panels at once (default: %(default)s)")
    parser.add_argument("--presses", type=int, default=200, help="presses one after another (default: %(default)s)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = run(options.panels, min(options.presses, options.panels))
    if options.json:
        print(json.dumps(results))
    else:
        for result in results:
            show(result)
    late = [
        f"{result['part']}, {name}"
        for result in results
        for name, goal in GOALS[result["part"]].items()
        if result[name]["p99"] > goal
    ]
    print("goals met" if not late else f"over the goal: {', '.join(late)}", file=sys.stderr)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
