"""The receiver of alarm panels: SIA DC-09 over TCP and UDP. Stores, then acknowledges."""

from __future__ import annotations

import asyncio

from django.conf import settings

from tirek.alarms.receiver.server import serve


def main() -> None:
    """The process: blocks until SIGTERM or SIGINT, answers what it has stored, ends."""
    asyncio.run(serve(settings.DC09_ADDRESS))
