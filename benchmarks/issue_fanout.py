"""From issue to every endpoint: received (the bytes of the command are at the agent), written (the agent has verified the command
and flushed it to its journal on the disk) and acknowledged (the delivery row says accepted), beside bare subscribers and a bare
publisher on the same broker in the same run. Bare subscribers have only bytes: they stand against both, received and written.

    python -m benchmarks.issue_fanout [--endpoints 1000] [--one-disk] [--json]

Everything is on this machine: the endpoints, which have a processor each in reality, share its cores. So that they do not queue for
one disk, which no two of them share in reality, their journals lie in memory; --one-disk puts them on the disk. Agents and bare
subscribers live in the same number of processes. Bare clocks start with the publishing; *fan-out* is ours from there on, too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pickle
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from os import getloadavg
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

from benchmarks.bare_fanout import TOPIC, client
from benchmarks.stage import percentiles, process, stage

PROCESSES = 2
COMMAND_BYTES = 1790
PATIENCE_S = 180.0
# The first heartbeats are over, and each agent has looked again for what is retained.
SETTLED_S = 8.0
# Each stage, and what the bare subscribers have to show against it.
STAGES = {"received": "received", "fan-out": "received", "written": "received", "acknowledged": "acknowledged"}


def start(module: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"benchmarks.{module}", *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_ready(children: list[subprocess.Popen[str]], began: float) -> float:
    """Wait until all endpoints of all children are linked; how many seconds that took since `began`."""
    for child in children:
        assert child.stdout is not None
        if child.stdout.readline().strip() != "ready":
            raise RuntimeError("a process of endpoints did not start")
    return round(time.monotonic() - began, 1)


def notes_of(children: list[subprocess.Popen[str]]) -> list[Any]:
    """What each child noted. Whoever started them ends them."""
    for child in children:
        assert child.stdin is not None
        with suppress(BrokenPipeError):  # bare subscribers end by themselves
            child.stdin.write("\n")
            child.stdin.flush()
    return [json.loads(child.stdout.readline()) for child in children if child.stdout is not None]


def bare(count: int, centre_url: str, device_url: str) -> dict[str, Any]:
    """The rival: publish once, count answers."""
    share, began = count // PROCESSES, time.monotonic()
    children = [
        start("bare_fanout", "--url", device_url, "--first", str(n * share), "--count", str(share))
        for n in range(PROCESSES)
    ]
    try:
        linking = wait_ready(children, began)
        return {"linking": linking, **asyncio.run(_bare(share * PROCESSES, centre_url, children))}
    finally:
        for child in children:
            child.kill()


async def _bare(count: int, url: str, children: list[subprocess.Popen[str]]) -> dict[str, Any]:
    acks: list[float] = []
    async with client(url, "bare-centre") as centre:
        await centre.subscribe("tirek/1/from/+/report", qos=1)
        began = time.time()
        await centre.publish(TOPIC, bytes(COMMAND_BYTES), qos=1, retain=True)
        async with asyncio.timeout(PATIENCE_S):
            async for _message in centre.messages:
                acks.append(time.time() - began)
                if len(acks) == count:
                    break
        await centre.publish(TOPIC, b"", qos=1, retain=True)
        notes = await asyncio.to_thread(notes_of, children)
    return {"received": percentiles([t - began for had in notes for t in had]), "acknowledged": percentiles(acks)}


def journals(*, one_disk: bool) -> TemporaryDirectory[str]:
    """Where the agents write: in memory where that can be had and is wanted, else where temporary files lie."""
    memory = Path("/dev/shm")
    return TemporaryDirectory(prefix="tirek-agents-", dir=memory if memory.is_dir() and not one_disk else None)


def tirek(count: int, device_url: str, *, one_disk: bool) -> dict[str, Any]:
    """Tirek: the acts of two officers, the dispatcher, real agents without sound."""
    from benchmarks.fanout_world import Scene  # imports models

    scene = Scene(count)
    share = count // PROCESSES
    with ExitStack() as stack:
        home = Path(stack.enter_context(journals(one_disk=one_disk)))
        stack.enter_context(process("dispatcher"))
        children, starting = [], time.monotonic()
        for number in range(PROCESSES):
            file = home / f"specs-{number}.pickle"
            file.write_bytes(pickle.dumps(scene.specs[number * share : (number + 1) * share]))
            child = start("fleet_process", str(file), device_url)
            stack.callback(child.kill)
            children.append(child)
        linking = wait_ready(children, starting)
        print(f"{count} agents linked in {linking} s", file=sys.stderr, flush=True)
        time.sleep(SETTLED_S)
        load = getloadavg()[0]
        began, issued = scene.issue()
        acknowledged = scene.wait_for_acceptance(PATIENCE_S)
        notes = notes_of(children)
    published = scene.published()
    return {
        "linking": linking,
        "load": round(load, 1),
        "act": round(issued - began, 3),
        "published": round(published - began, 3),
        "fan-out": percentiles([t - published for note in notes for t in note["received"]]),
        "received": percentiles([t - began for note in notes for t in note["received"]]),
        "written": percentiles([t - began for note in notes for t in note["written"]]),
        "acknowledged": percentiles([t - began for t in acknowledged]),
        "of": len(acknowledged),
        "command_bytes": scene.command_bytes(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.issue_fanout", description=__doc__)
    parser.add_argument("--endpoints", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--one-disk", action="store_true", help="all agents write to the disk of this machine")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = []
    for count in options.endpoints:
        with stage():
            django.setup()
            from django.conf import settings

            rival = bare(count, settings.MQTT_URL, settings.DEVICE_MQTT_URL)
            ours = tirek(count, settings.DEVICE_MQTT_URL, one_disk=options.one_disk)
        ratio = {k: round(ours[k]["p99"] / rival[against]["p99"], 2) for k, against in STAGES.items()}
        results.append({"endpoints": count, "tirek": ours, "bare": rival, "ratio_p99": ratio})
        if not options.json:
            show(results[-1])
        if count != options.endpoints[-1] and len(options.endpoints) > 1:
            # Settings are read once per process: the next size gets a process of its own.
            rest = [str(n) for n in options.endpoints[len(results) :]]
            return subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "benchmarks.issue_fanout",
                    *["--one-disk"] * options.one_disk,
                    "--endpoints",
                    *rest,
                ],
                check=False,
            ).returncode
    if options.json:
        print(json.dumps(results))
    return 0


def show(result: dict[str, Any]) -> None:
    """One size as a small table, in seconds."""
    ours, rival = result["tirek"], result["bare"]
    count = result["endpoints"]
    print(
        f"{count} endpoints; the act itself {ours['act']} s, published after {ours['published']} s; command "
        f"{ours['command_bytes']} bytes; load before {ours['load']}"
    )
    rates = ", ".join(
        f"{who} {s} s ({count / s:.0f}/s)" for who, s in (("Tirek", ours["linking"]), ("bare", rival["linking"]))
    )
    print(f"  linked in {rates}; acknowledged {ours['of']} of {count}")
    for what, against in STAGES.items():
        row = "  ".join(f"{k} {ours[what][k]:.3f} (bare {rival[against][k]:.3f})" for k in ("p50", "p99", "last"))
        print(f"  {what:<13} {row}  ratio of p99 {result['ratio_p99'][what]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
