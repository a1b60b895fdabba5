"""Run benchmarks: `python -m benchmarks` runs all, `python -m benchmarks issue` those whose name contains the word."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
HELPERS = {"__init__", "__main__", "bare_fanout", "fanout_world", "fleet_process", "panic_world", "stage"}


def main(words: list[str]) -> int:
    """Run each benchmark in a process of its own, so that none warms up or disturbs another."""
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in HELPERS)
    chosen = [name for name in names if not words or any(word in name for word in words)]
    if not chosen:
        print(f"no benchmark is called {' '.join(words)!r}; there are: {', '.join(names)}")
        return 2
    worst = 0
    for name in chosen:
        print(f"== {name}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
