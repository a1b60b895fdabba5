"""An agent in a process of its own, to be killed: `python -m tests.agent.crashing HOME CENTRE_KEY ENVELOPE_FILE`.

It takes the same envelope over and over, as from a broker that retains it, and prints what it reports.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.agent.support import CELL
from tirek_agent.agent import Agent
from tirek_agent.audio.clips import Clips
from tirek_agent.audio.probe import LoopbackProbe
from tirek_agent.audio.render import Renderer
from tirek_agent.audio.sinks import PacedSink
from tirek_agent.audio.speech import Mute
from tirek_agent.core import Me
from tirek_agent.history import History
from tirek_agent.journal import Journal
from tirek_agent.player import SoundPlayer
from tirek_protocols.command import SigningKey, VerifyKey, decode_command, decode_report

KEY = SigningKey.from_bytes(bytes(32))


async def main(home: Path, centre: VerifyKey, envelope: bytes) -> None:
    sink = PacedSink()
    agent = Agent(
        Me("e1", CELL, 0),
        KEY,
        lambda data: decode_command(data, {centre.key_id: centre}),
        Journal(home / "journal.sqlite3"),
        SoundPlayer(Renderer(Mute(), Clips(home, "")), sink, LoopbackProbe(sink)),
        History(home),
    )
    await agent.start()
    while True:
        await agent.take(envelope)
        for said in list(agent.outbox.waiting.values()):
            report = decode_report(said.envelope, KEY.public)
            print(report.state, report.reason, flush=True)
            agent.outbox.remove(said.seq)
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), VerifyKey(bytes.fromhex(sys.argv[2])), Path(sys.argv[3]).read_bytes()))
