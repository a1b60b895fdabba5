"""kill -9 of receiver, dispatcher, broker and web at random moments, while panels call and officers warn.

    python -m tests.chaos --kills 200 [--seed 1] [--endpoints 60] [--panels 20]

Exit code 0 only if no acknowledged alarm was lost, no endpoint sounded a command twice, and no alert was forgotten. All
traffic stays on loopback; the run ends by itself.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
from pathlib import Path

import django

from tests.chaos.world import set_environment


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--endpoints", type=int, default=60)
    parser.add_argument("--panels", type=int, default=20)
    parser.add_argument("--keep", action="store_true", help="keep the home afterwards, to look into it")
    options = parser.parse_args()
    root = tempfile.mkdtemp(prefix="tirek-chaos-")
    home = set_environment(Path(root))
    django.setup()
    # Each endpoint would tell of each broker that goes, and the MQTT library of each socket that it lost in between.
    for name, level in (("tirek_agent", logging.ERROR), ("asyncio", logging.CRITICAL), ("mqtt", logging.CRITICAL)):
        logging.getLogger(name).setLevel(level)
    from tests.chaos.run import shake  # imports models, so not before setup()

    verdict = shake(home, options.kills, options.seed, options.endpoints, options.panels)
    print()
    for name, count in verdict.counts.items():
        print(f"{name:>32}  {count}")
    for defect in verdict.defects[:40]:
        print(f"DEFECT: {defect}")
    print(f"\n{len(verdict.defects)} defects after {options.kills} kills (seed {options.seed})")
    if verdict.defects or options.keep:
        print(f"the home is kept: {root}")
    else:
        shutil.rmtree(root, ignore_errors=True)
    return 1 if verdict.defects else 0


if __name__ == "__main__":
    sys.exit(main())
