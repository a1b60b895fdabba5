"""A process full of real agents without sound, for `issue_fanout`. Reads specs from a file, prints "ready" when all are linked,
and on a line from standard input stops and prints one JSON line: when the bytes of the command had come to each endpoint
(`received`), and when each had verified it and written it to its journal on the disk (`written`); seconds since 1970.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
import time
from pathlib import Path

import uvloop

from benchmarks.stage import as_the_field
from tirek_agent.fleet import EndpointSpec, Fleet, Sounding

LINKED_WITHIN_S = 600.0


async def main(file: Path, url: str) -> None:
    specs: list[EndpointSpec] = pickle.loads(file.read_bytes())
    received: dict[str, float] = {}
    written: dict[str, float] = {}

    def came(endpoint: str) -> None:
        received.setdefault(endpoint, time.time())

    def sounds(endpoint: str, _sounding: Sounding) -> None:
        # The first thing that an agent does when the journal is flushed.
        written.setdefault(endpoint, time.time())

    fleet = Fleet(specs, url, home=file.with_suffix(".home"), on_message=came, on_sounding=sounds, share_decoding=False)
    stop = asyncio.Event()
    running = asyncio.create_task(fleet.run(stop))
    async with asyncio.timeout(LINKED_WITHIN_S):
        while fleet.connected() < len(specs):
            await asyncio.sleep(0.1)
            if running.done():
                running.result()
    as_the_field()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps({"received": list(received.values()), "written": list(written.values())}), flush=True)
    stop.set()
    await running


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1]), sys.argv[2]))
