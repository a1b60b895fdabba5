"""Frames decoded per second: our DC-09 codec beside siadc09, on the same frames in the same run.

    python benchmarks/dc09_decode.py [--frames 5000] [--rounds 5] [--json]

Ours is `StreamDecoder.feed` with 16 frames a read, then `parse`; theirs is `message.parse_frame` on frames that are
already cut out. Rounds alternate between the two, and the best round of each counts. Exits with 1 below the goal.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from siadc09 import message

from tirek_protocols import dc09

KEY = bytes(range(16))
GOAL = 2.0
FRAMES_A_READ = 16


def make_frames(count: int, key: bytes | None) -> list[bytes]:
    """Return a mix of what a duty desk gets: panic, burglary, Contact ID and link tests, with time stamps."""
    moment = datetime(2026, 9, 25, 14, 12, 4, tzinfo=UTC)
    place = dc09.location_blocks(50.2839, 57.1670)
    frames = []
    for number in range(count):
        account, sequence = f"{0xA000 + number % 1000:X}", 1 + number % 9999
        turn = number % 4
        if turn == 0:
            frames.append(
                dc09.encode_sia(account, "PA", 12, sequence, partition=1, timestamp=moment, key=key, extended=place)
            )
        elif turn == 1:
            frames.append(dc09.encode_sia(account, "BA", 3, sequence, partition=1, timestamp=moment, key=key))
        elif turn == 2:
            frames.append(dc09.encode_cid(account, 130, 5, sequence, partition=1, timestamp=moment, key=key))
        else:
            frames.append(dc09.encode_null(account, timestamp=moment, key=key))
    return frames


def decode_ours(reads: Sequence[bytes], key: bytes | None) -> int:
    """Decode all reads; return the number of messages."""
    decoder = dc09.StreamDecoder()
    count = 0
    for data in reads:
        for item in decoder.feed(data):
            if isinstance(item, dc09.RawFrame):
                dc09.parse(item, key)
                count += 1
    return count


def decode_theirs(frames: Sequence[bytes], key: bytes | None) -> int:
    """Decode all frames with siadc09; return the number of messages."""
    count = 0
    for frame in frames:
        message.parse_frame(frame, key)
        count += 1
    return count


def timed(work: Callable[[], int], expected: int) -> float:
    """Return the seconds that `work` takes; it must decode all that is expected."""
    start = time.perf_counter()
    count = work()
    seconds = time.perf_counter() - start
    if count != expected:
        raise SystemExit(f"{count} of {expected} frames decoded")
    return seconds


def measure(frames: int, rounds: int, key: bytes | None) -> dict[str, float]:
    """Return frames per second of both, and their ratio."""
    singles = make_frames(frames, key)
    reads = [b"".join(singles[at : at + FRAMES_A_READ]) for at in range(0, frames, FRAMES_A_READ)]
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(timed(lambda: decode_ours(reads, key), frames))
        theirs.append(timed(lambda: decode_theirs(singles, key), frames))
    fast, slow = frames / min(ours), frames / min(theirs)
    return {"tirek_per_second": round(fast), "siadc09_per_second": round(slow), "ratio": round(fast / slow, 2)}


def main() -> int:
    """Measure, print, compare with the goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=5000, help="frames in a round (default 5000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default 5)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    results = {
        "plain": measure(options.frames, options.rounds, None),
        "encrypted": measure(options.frames, options.rounds, KEY),
    }
    if options.json:
        print(json.dumps({"goal": GOAL, **results}))
    else:
        print(f"{'frames':<12}{'tirek /s':>12}{'siadc09 /s':>12}{'ratio':>8}")
        for name, row in results.items():
            print(f"{name:<12}{row['tirek_per_second']:>12,}{row['siadc09_per_second']:>12,}{row['ratio']:>8}")
        print(f"goal: {GOAL} times siadc09")
    return 0 if all(row["ratio"] >= GOAL for row in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
