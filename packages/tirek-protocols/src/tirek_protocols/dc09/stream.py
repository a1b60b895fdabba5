"""From a stream of bytes to frames: half frames, many frames in one read, rubbish in between."""

import re

from .frames import FRAME, FRAME_START, RawFrame, Rubbish, read_frame

#: The shortest thing that can be told to be a frame or not: LF, CRC, length and a quote.
_LOOKAHEAD = 10
#: Enough of a stranger's first bytes to tell what protocol it speaks.
_HEAD = 256
#: Bytes that panels put between frames without meaning anything; some end each frame with a NUL.
_FILLING = b"\r\n\0 \t"

_STRANGERS = (
    ("sip", re.compile(rb"(?:[A-Z]+ sips?:|[^\r\n]*SIP/2\.0)")),
    ("http", re.compile(rb"(?:(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI) |[^\r\n]*HTTP/\d)")),
    ("tls", re.compile(rb"\x16\x03[\x00-\x04]|\x80.\x01\x03", re.DOTALL)),
)


def stranger(head: bytes) -> str:
    """Name the protocol that `head` starts like: "http", "tls", "sip", or "noise"."""
    for kind, pattern in _STRANGERS:
        if pattern.match(head):
            return kind
    return "noise"


class StreamDecoder:
    """Takes bytes in pieces of any size and gives the frames and the rubbish among them, in order.

    Holds at most `max_buffer` bytes. One decoder belongs to one connection and one thread.
    """

    def __init__(self, max_buffer: int = 65536) -> None:
        self._max_buffer = max_buffer
        self._buffer = b""
        self._searched = 0
        self._head = b""
        self._dropped = 0

    def feed(self, data: bytes) -> list[RawFrame | Rubbish]:
        """Take the next bytes and return what has become complete."""
        buffer = self._buffer + data if self._buffer else bytes(data)
        items: list[RawFrame | Rubbish] = []
        at = 0
        # Every frame ends in a CR: without a new one, none has become complete.
        ended = buffer.find(b"\r", self._searched) >= 0
        while at < len(buffer):
            found = FRAME.match(buffer, at) if ended else None
            if found is not None:
                self._end_rubbish(items)
                self._head = b""
                size = found.end() - at
                items.append(read_frame(found) if size <= self._max_buffer else Rubbish("overlong", size))
                at = found.end()
                continue
            skipped = self._skip(buffer, at)
            if skipped == 0:
                break
            self._drop(buffer[at : at + skipped])
            at += skipped
        self._end_rubbish(items)
        self._buffer = buffer[at:]
        self._searched = len(self._buffer)
        if self._searched > self._max_buffer:
            items.append(Rubbish("overlong", self._searched))
            self._buffer = b""
            self._searched = 0
        return items

    def close(self) -> list[RawFrame | Rubbish]:
        """Say what is left when the other side has hung up: a half frame counts as rubbish."""
        items: list[RawFrame | Rubbish] = []
        self._drop(self._buffer)
        self._buffer = b""
        self._searched = 0
        self._end_rubbish(items)
        self._head = b""
        return items

    def _skip(self, buffer: bytes, at: int) -> int:
        """Return how many bytes at `at` belong to no frame; 0 when that cannot be told yet."""
        if buffer[at] != 0x0A:
            line_feed = buffer.find(b"\n", at)
            return (line_feed if line_feed >= 0 else len(buffer)) - at
        if len(buffer) - at < _LOOKAHEAD:
            return 0
        start = FRAME_START.match(buffer, at)
        if start is None:
            return 1
        # A line feed before the end means that the frame was cut off and another one begins.
        line_feed = buffer.find(b"\n", start.end())
        return line_feed - at if line_feed >= 0 else 0

    def _drop(self, piece: bytes) -> None:
        if not self._head:
            if not piece.strip(_FILLING):
                return
            piece = piece.lstrip(_FILLING)
        self._dropped += len(piece)
        if len(self._head) < _HEAD:
            self._head += piece[: _HEAD - len(self._head)]

    def _end_rubbish(self, items: list[RawFrame | Rubbish]) -> None:
        if self._dropped:
            items.append(Rubbish(stranger(self._head), self._dropped))
            self._dropped = 0


def decode_datagram(data: bytes, max_buffer: int = 65536) -> list[RawFrame | Rubbish]:
    """Decode one UDP datagram. It may hold several frames; a missing first LF or last CR is forgiven.

    A frame longer than `max_buffer` bytes is rubbish, as it is in a stream.
    """
    decoder = StreamDecoder(max_buffer)
    whole = data if data.startswith(b"\n") else b"\n" + data
    if not whole.rstrip(b"\0").endswith(b"\r"):
        whole += b"\r"
    items = decoder.feed(whole) + decoder.close()
    if any(isinstance(item, RawFrame) or item.kind == "overlong" for item in items):
        return items
    return [Rubbish(stranger(data), len(data))] if data else []
