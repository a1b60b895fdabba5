"""`tirek flashpoints`: the bench of forecasts."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import shlex
import sys
from datetime import date
from pathlib import Path

from tirek.commands.ready import ready

HELP = """bench:  is the forecast better than the simplest one? Forecasts are made again at origins in the past, each knowing only
        the months before it (those of the register as they were known by then), and scored by what came: CRPS, binned
        ignorance, interval score, Brier score, tail, coverage, PAI. Beside the mixture stand zero, the last month, a bootstrap
        of all, the unit's own last 12 months ("conflictology"), its neighbours', the season and a zero-inflated negative
        binomial. Writes report.md with plots and tables.

One of these says on what:
  --data FILE        a table, CSV or Parquet, with the columns unit, month (2024-05), count and, if wanted, group. Every unit needs
                     every month: 0 where nothing happened, an empty count where nobody reported.
  --reference DIR    the files of the VIEWS prediction challenge 2023/24 (cm_actuals_YEAR.parquet and the rest)
  --register         the incidents of this installation, by district, as residents reported them

Example:  tirek flashpoints bench --data burglaries.csv --out bench
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    one = words.add_parser(
        "bench",
        help="score forecasts of the past beside the simplest ones",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    source = one.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, metavar="FILE", help="a table of counts")
    source.add_argument("--reference", type=Path, metavar="DIR", help="files of the VIEWS challenge")
    source.add_argument("--register", action="store_true", help="the register's incidents by district")
    one.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="where the report goes; made if it is not there"
    )
    one.add_argument("--horizons", type=_positive, default=12, metavar="N", help="months that are forecast (12)")
    one.add_argument(
        "--lead", type=_positive, default=1, metavar="N", help="the first of them: 1 is the next month (1)"
    )
    one.add_argument("--origins", type=_positive, default=36, metavar="N", help="at most so many origins (36)")
    one.add_argument("--seed", type=int, default=0, help="of everything random (0)")
    one.add_argument(
        "--dask",
        default=os.environ.get("TIREK_DASK", ""),
        metavar="ADDRESS",
        help="send the origins to the Dask scheduler at this address (TIREK_DASK; without one they run here)",
    )


def run(options: argparse.Namespace) -> int:
    # plots and tables take a second to load: only when something is to be done
    from tirek.bench import run as benching
    from tirek.bench.files import Unreadable

    how = "tirek flashpoints " + shlex.join(_told(sys.argv[1:]))
    rolling = {
        "horizons": options.horizons,
        "lead": options.lead,
        "origins": options.origins,
        "seed": options.seed,
        "dask": options.dask,
    }
    made = _make(options.out)
    try:
        if options.data:
            path = benching.on_table(options.data, options.out, how, today=date.today(), **rolling)  # noqa: DTZ011
        elif options.reference:
            path = benching.on_challenge(options.reference, options.out, how, seed=options.seed, dask=options.dask)
        else:
            ready()
            from tirek.bench.register import districts

            path = benching.on_data(districts(), "the register", options.out, how, **rolling)
    except (Unreadable, RuntimeError) as error:
        if made:
            with contextlib.suppress(OSError):
                options.out.rmdir()
        print(error, file=sys.stderr)
        return 2
    print(f"The report is {path}.")
    return 0


def _make(folder: Path) -> bool:
    """Have the folder before hours of computing, not after. Returns whether it was made now; raises OSError."""
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    return made


def _told(words: list[str]) -> list[str]:
    """The words of this command as they can be told to others: without the folders that files lie in."""
    told = words[words.index("bench") :] if "bench" in words else ["bench"]
    return [Path(word).name or word if "/" in word and "://" not in word else word for word in told]


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    return number
