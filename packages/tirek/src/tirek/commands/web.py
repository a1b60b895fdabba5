"""`tirek web`: the pages alone."""

from __future__ import annotations

import argparse

import uvicorn
from django.conf import settings

from tirek.commands.options import address
from tirek.config.net import demand

HELP = "Serve the pages. For systemd or a container; `tirek up` starts this and everything else."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--address", type=address, metavar="HOST:PORT", help="where to listen (default: TIREK_WEB, or 127.0.0.1:8000)"
    )
    parser.add_argument("--workers", type=int, default=1, help="how many processes (more need PostgreSQL)")


def run(options: argparse.Namespace) -> int:
    host, port = demand(options.address or settings.WEB_ADDRESS, "TIREK_WEB or --address")
    uvicorn.run(
        "tirek.config.asgi:application",
        host=host,
        port=port,
        workers=options.workers if options.workers > 1 else None,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=2,  # open live streams never end by themselves
    )
    return 0
