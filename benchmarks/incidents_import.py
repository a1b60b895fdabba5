"""A CSV of a million incidents, 1 % of its rows wrong, from the file to the register, beside the bare work of the database.

    python -m benchmarks.incidents_import [--rows 1000000] [--no-write] [--json]

Wrong rows are of five sorts: latitude and longitude exchanged, a date in the future, half empty, another province, a kind that is
none. Read and checked, written (an incident, its first revision and an audit entry for each row), compared for duplicates, and read
once more, when all is the same. The rival is `bare`: the same file through Python's csv reader and one `executemany` of its cells,
without a look at them. Exits with 1 when a row is lost, doubled or not found wrong, or when more than 1 GB of memory was needed.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import django

from benchmarks.stage import stage

GOAL_MB = 1024
WRONG_EVERY = 100
HEAD = ("number", "kind", "date", "time", "latitude", "longitude", "how it came to light", "what happened")
KINDS = ("attack", "brawl", "threat", "arson", "shooting", "vandalism")
MODES = ("reported", "found", "third")
SORTS = ("exchanged", "future", "half empty", "another province", "no kind")


def write_table(path: Path, rows: int, places: list[tuple[float, float]]) -> None:
    """The file: each hundredth row is wrong, in one of five ways in turn."""
    rng = random.Random(20260601)
    start, days = date(2016, 1, 1), 3900
    future = (datetime.now(tz=UTC) + timedelta(days=400)).date().isoformat()
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for i in range(rows):
            lat, lon = rng.choice(places)
            lat, lon = round(lat + rng.gauss(0, 0.01), 5), round(lon + rng.gauss(0, 0.015), 5)
            day = (start + timedelta(days=rng.randrange(days))).isoformat()
            row = [f"B-{i}", rng.choice(KINDS), day, f"{rng.randrange(24)}:{rng.randrange(6)}0", lat, lon, rng.choice(MODES),
                   f"Драка у дома {rng.randrange(200)}, вызов {i}"]  # fmt: skip
            if i % WRONG_EVERY == 0:
                sort = SORTS[i // WRONG_EVERY % len(SORTS)]
                if sort == "exchanged":
                    row[4], row[5] = row[5], row[4]
                elif sort == "future":
                    row[2] = future
                elif sort == "half empty":
                    row[4:7] = ["", "", ""]
                elif sort == "another province":
                    row[4], row[5] = 43.25, 76.9
                else:
                    row[1] = "arrest"
            out.writerow(row)


def bare(path: Path, folder: Path) -> float:
    """Seconds to bring the cells into one table, with no look at them."""
    begun = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        database = sqlite3.connect(folder / "bare.sqlite3")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"CREATE TABLE bare ({', '.join(f'c{i} TEXT' for i in range(len(HEAD)))})")
        database.executemany(f"INSERT INTO bare VALUES ({', '.join('?' * len(HEAD))})", rows)
        database.commit()
        database.close()
    return time.perf_counter() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--no-write", action="store_true", help="read and check only")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with stage(with_broker=False), tempfile.TemporaryDirectory(prefix="tirek-bench-") as folder:
        django.setup()
        from django.core.files import File
        from django.core.management import call_command
        from django.utils import translation

        from tirek.accounts.models import Assignment, Person
        from tirek.audit.models import Entry
        from tirek.incidents.models import Incident, Revision
        from tirek.jobs.models import Job
        from tirek.jobs.running import run_job
        from tirek.places import sample as places
        from tirek.places.models import Area
        from tirek.sheets import actions
        from tirek.sheets.models import Import
        from tirek.sheets.registry import sheet_of

        call_command("migrate", verbosity=0)
        places.load(lambda _text: None)
        before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        person = Person.objects.create(username="bench", full_name="Bench")
        Assignment.objects.create(person=person, role="analyst")
        towns = Area.objects.filter(kind=Area.Kind.SETTLEMENT).order_by("code").values_list("lat", "lon")
        path = Path(folder) / "incidents.csv"
        write_table(path, options.rows, list(towns))
        figures: dict[str, object] = {"rows": options.rows, "file_mb": path.stat().st_size >> 20}
        figures["before_mb"] = before_mb
        figures["bare_s"] = round(bare(path, Path(folder)), 1)

        def timed(name: str, act: Callable[[], object]) -> None:
            """Seconds of the clock and of the processor: on a busy machine only the latter say anything."""
            begun, worked = time.perf_counter(), time.process_time()
            act()
            for job in Job.objects.filter(state=Job.State.WAITING).order_by("-pk")[:1]:
                run_job.call(job.pk)
            figures[f"{name}_s"] = round(time.perf_counter() - begun, 1)
            figures[f"{name}_cpu_s"] = round(time.process_time() - worked, 1)
            figures[f"{name}_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10

        def bring() -> None:
            with path.open("rb") as file:
                actions.bring(person, sheet_of("incidents"), File(file), "incidents.csv")

        with translation.override("ru"):
            timed("checking", bring)
            first = Import.objects.latest("pk")
            good = options.rows - (options.rows + WRONG_EVERY - 1) // WRONG_EVERY
            right = first.counts == {"add": good, "error": options.rows - good}
            if not options.no_write:
                timed("writing", lambda: actions.write(person, first.pk, leave_out_errors=True))
                right &= Incident.objects.count() == Revision.objects.count() == good
                right &= Entry.objects.filter(verb="incidents.import_incident").count() == good
                timed("comparing", lambda: None)  # the job that follows
                timed("again", bring)
                right &= Import.objects.latest("pk").counts == {"same": good, "error": options.rows - good}
        figures["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        figures["wrong"] = {sentence: n for _column, sentence, n in first.problems}
        figures["right"] = right
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        for name, value in figures.items():
            print(f"{name:>12}  {value}")
    return 0 if right and int(str(figures["memory_mb"])) <= GOAL_MB else 1


if __name__ == "__main__":
    sys.exit(main())
