"""The dispatcher: publishes signed commands, takes in proofs and signs of life, tries again until time runs out.

`main()` is the process; docs/architecture.md, "Devices", is what it speaks.
"""

from __future__ import annotations

import asyncio
import logging
import signal

from django.conf import settings

from tirek.warning.dispatcher.link import own_name
from tirek.warning.dispatcher.service import Dispatcher

__all__ = ["Dispatcher", "main"]

log = logging.getLogger(__name__)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    with own_name(settings.HOME.data) as name:
        log.info("dispatcher %s starts", name)
        asyncio.run(_until_told(name))
    log.info("dispatcher stopped")


async def _until_told(name: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Dispatcher(settings.MQTT_URL, name).run(stop)
