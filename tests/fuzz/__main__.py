"""A long run of broken bytes against the three codecs: `python -m tests.fuzz --seconds 120 --seed 1`.

Each input is a good message with some bytes changed, cut, doubled or glued to another. Any exception that is not the
codec's own is a defect: the input is printed in hex, and the run ends with exit code 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from tests.fuzz.targets import Target, targets

MOST_CHANGES = 6


def mutate(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """One broken relative of `data`."""
    out = bytearray(data)
    for _change in range(rng.randint(1, MOST_CHANGES)):
        at = rng.randrange(len(out) + 1) if out else 0
        match rng.randrange(6):
            case 0 if out:
                out[at % len(out)] ^= 1 << rng.randrange(8)
            case 1:
                out[at:at] = rng.randbytes(rng.randint(1, 9))
            case 2:
                del out[at : at + rng.randint(1, 12)]
            case 3:
                out[at:at] = out[at : at + rng.randint(1, 30)]
            case 4:
                out = out[:at] + other[rng.randrange(len(other) + 1) :]
            case _:
                del out[at:]
    return bytes(out)


def run(target: Target, seconds: float, rng: random.Random) -> Counter[str]:
    """Throw broken input at one codec for so long. Returns how often each outcome came. Raises what the codec leaks."""
    outcomes: Counter[str] = Counter()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        data = mutate(rng.choice(target.seeds), rng.choice(target.seeds), rng)
        try:
            target.read(data)
            outcomes["read"] += 1
        except target.refusal as error:
            outcomes[type(error).__name__] += 1
        except Exception:
            print(f"{target.name}: leaked by {data.hex()}", file=sys.stderr)
            raise
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for all codecs together (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for target in targets():
        outcomes = run(target, options.seconds / 3, random.Random(options.seed))
        total = sum(outcomes.values())
        print(f"{target.name}: {total} inputs, nothing leaked: {dict(outcomes.most_common())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
