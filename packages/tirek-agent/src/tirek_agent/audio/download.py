"""Files from the centre's web server, which may be slow, broken, or no web server at all."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import time
import urllib.request
from collections.abc import Callable

STALLED_S = 10.0
WHOLE_WITHIN_S = 600.0
"""The largest recording over a poor mobile link; a server that gives one byte a second is given up then."""
_READ_AT_ONCE = 64 * 2**10

Fetch = Callable[[str, int], bytes]


class DownloadError(Exception):
    """A file cannot be had; the message says why."""


def fetch(url: str, most: int) -> bytes:
    """The file at `url`, of at most so many bytes. Raises whatever may go wrong."""
    if not url.startswith(("http://", "https://")):
        raise OSError(f"{url!r} is not a web address")
    ends = time.monotonic() + WHOLE_WITHIN_S
    data = bytearray()
    with urllib.request.urlopen(url, timeout=STALLED_S) as answer:  # noqa: S310 (checked above)
        while len(data) <= most and (piece := answer.read1(_READ_AT_ONCE)):
            if time.monotonic() > ends:
                # Who waited has given up already; this ends the thread too.
                raise OSError(f"{url} takes too long")
            data += piece
    if len(data) > most:
        raise OSError(f"{url} is larger than {most} bytes")
    return bytes(data)


async def download(fetch: Fetch, url: str, most: int) -> bytes:
    """What `fetch` gives, within `WHOLE_WITHIN_S`. Raises `DownloadError`, whatever went wrong."""
    try:
        async with asyncio.timeout(WHOLE_WITHIN_S):
            return await _in_thread(lambda: fetch(url, most))
    except TimeoutError as error:
        raise DownloadError("it takes too long") from error
    except Exception as error:
        # A server that speaks no HTTP, for one, is not an OSError.
        raise DownloadError(str(error) or type(error).__name__) from error


async def _in_thread(work: Callable[[], bytes]) -> bytes:
    """In a thread for which nobody waits when the program ends: a server may hold it for long."""
    done: concurrent.futures.Future[bytes] = concurrent.futures.Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except Exception as error:
            done.set_exception(error)

    threading.Thread(target=run, name="download", daemon=True).start()
    return await asyncio.wrap_future(done)
