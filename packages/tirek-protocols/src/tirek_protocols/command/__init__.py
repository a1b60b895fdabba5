"""Signed messages between the centre and its sirens, loudspeakers and signs: bytes in, checked messages out.

The form is described in `docs/protocols.md`. Typical use, in an endpoint:

    command = decode_command(data, centre_keys)
    admit(command, now_ms=now, endpoint=me, cell=my_cell, enrolled_ms=since, seen=played)
"""

from . import topics
from .admission import CLOCK_SLACK_MS, admit, is_addressed
from .bodies import audio_from_body, audio_to_body
from .cells import cell_parents, is_cell
from .envelope import MAX_BYTES, decode_beat, decode_command, decode_report, encode, peek
from .errors import (
    BadSignature,
    CommandError,
    Malformed,
    NotAddressed,
    Replayed,
    Stale,
    TooEarly,
    TooLong,
    UnknownKey,
)
from .keys import SigningKey, VerifyKey, key_id
from .messages import (
    ACTIONS,
    MAX_ADDRESSEES,
    MAX_REPLACES,
    MAX_RUN_SECONDS,
    MAX_WINDOW_MS,
    MODES,
    STATES,
    Action,
    Addressees,
    Audio,
    Beat,
    Clip,
    Command,
    Mode,
    Proof,
    Report,
    Speech,
    State,
    Tone,
)

__all__ = [
    "ACTIONS",
    "CLOCK_SLACK_MS",
    "MAX_ADDRESSEES",
    "MAX_BYTES",
    "MAX_REPLACES",
    "MAX_RUN_SECONDS",
    "MAX_WINDOW_MS",
    "MODES",
    "STATES",
    "Action",
    "Addressees",
    "Audio",
    "BadSignature",
    "Beat",
    "Clip",
    "Command",
    "CommandError",
    "Malformed",
    "Mode",
    "NotAddressed",
    "Proof",
    "Replayed",
    "Report",
    "SigningKey",
    "Speech",
    "Stale",
    "State",
    "Tone",
    "TooEarly",
    "TooLong",
    "UnknownKey",
    "VerifyKey",
    "admit",
    "audio_from_body",
    "audio_to_body",
    "cell_parents",
    "decode_beat",
    "decode_command",
    "decode_report",
    "encode",
    "is_addressed",
    "is_cell",
    "key_id",
    "peek",
    "topics",
]
