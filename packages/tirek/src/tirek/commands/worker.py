"""`tirek worker`: background work, and the house-keeping that nobody asks for."""

from __future__ import annotations

import argparse
import logging
import threading

import django
from django.core.management import call_command
from django.db import close_old_connections
from django.db.utils import DatabaseError

HELP = """Do background work (imports, documents) and keep house: old sessions, old live events, old task results,
uploads that nobody went on with, what unknown panels sent; remind of notices whose term comes near or is over; mark passports
that facts have overtaken; look for incidents that may be told twice; compute forecasts when a month has begun; and count what
was pressed under test or heard to sound as tests of equipment.

For systemd or a container; `tirek up` starts this and everything else. Stops cleanly on SIGTERM.
"""
HOUSEKEEPING_S = 600

log = logging.getLogger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="keep house once and stop")


def keep_house() -> None:
    """Clear away what has served its time."""
    from tirek.alarms.devices import count_tests as count_pressed
    from tirek.alarms.receiver.strangers import prune as prune_strangers
    from tirek.files.prune import prune as prune_files  # models can be imported only after django.setup()
    from tirek.flashpoints.actions import compute_due as compute_forecasts
    from tirek.incidents.tasks import compare_quietly
    from tirek.jobs.queries import prune as prune_jobs
    from tirek.jobs.running import rescue
    from tirek.live.prune import prune as prune_events
    from tirek.notices.actions import remind_all
    from tirek.passports.actions import check_all as check_passports
    from tirek.requirements.actions import refresh_live_all
    from tirek.sheets.actions import prune as prune_imports
    from tirek.warning.devices import count_tests as count_sounded

    rescue()
    count_pressed()
    count_sounded()
    remind_all()
    prune_imports()
    prune_strangers()
    prune_events()
    prune_files()
    prune_jobs()
    # "Tested in the last 30 days" becomes untrue without anybody doing anything.
    refresh_live_all()
    check_passports()
    compute_forecasts()
    compare_quietly()
    call_command("clearsessions")
    call_command("prune_db_task_results", verbosity=0)


def run(options: argparse.Namespace) -> int:
    django.setup()
    if options.once:
        keep_house()
        return 0
    from tirek.jobs.running import rescue

    rescue()  # what a worker that was killed has left
    threading.Thread(target=_keep_house_for_ever, name="housekeeping", daemon=True).start()
    call_command("db_worker", interval=0.5, verbosity=0)
    return 0


def _keep_house_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(HOUSEKEEPING_S):
        try:
            keep_house()
        except DatabaseError:
            log.exception("housekeeping: trying again in %d s", HOUSEKEEPING_S)
        close_old_connections()
