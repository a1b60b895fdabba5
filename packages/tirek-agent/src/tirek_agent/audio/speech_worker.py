"""The child process that speaks: eSpeak NG, by its shared library.

The library keeps global state and may be called by one thread only; a text that it cannot digest may even end
the process. So it lives here, alone, and the agent starts it again when it dies.

Standard input: one JSON object a line, `{"language": "kk", "text": "..."}`. Standard output, for each: a
four-byte big-endian sample rate and a four-byte length, then so many bytes of 16-bit mono samples. The rate
is 0 for a refusal; the bytes are then its reason in UTF-8. The process ends when its input is closed.
"""

from __future__ import annotations

import ctypes
import json
import struct
import sys

import espeakng_loader

# speak_lib.h of eSpeak NG 1.52.
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_POS_CHARACTER = 1
_CHARS_UTF8 = 1
_RATE_PARAMETER = 1
_WORDS_A_MINUTE = 140
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

HEADER = struct.Struct(">II")


class Refusal(Exception):
    """The text cannot be spoken."""


class Espeak:
    """eSpeak NG, ready to speak."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.rate: int = self._library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, data, 0)
        if self.rate <= 0:
            raise Refusal("the speech engine does not start")
        self._spoken: list[bytes] = []
        # Kept on the object: the library calls it long after this line.
        self._callback = _CALLBACK(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        self._library.espeak_SetParameter(_RATE_PARAMETER, _WORDS_A_MINUTE, 0)

    def _take(self, samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int) -> int:
        if samples and count > 0:
            self._spoken.append(ctypes.string_at(samples, count * 2))
        return 0

    def speak(self, language: str, text: str) -> bytes:
        """`text` as 16-bit mono samples at `self.rate`. Raises `Refusal`."""
        if self._library.espeak_SetVoiceByName(language.encode()) != 0:
            raise Refusal(f"no voice speaks {language!r}")
        data = text.encode() + b"\0"
        self._spoken.clear()
        code = self._library.espeak_Synth(data, len(data), 0, _POS_CHARACTER, 0, _CHARS_UTF8, None, None)
        if code != 0:
            raise Refusal(f"the speech engine gave error {code}")
        if not self._spoken:
            raise Refusal("the text has nothing to speak")
        return b"".join(self._spoken)


def main() -> None:
    """Answer requests until the input ends."""
    try:
        engine: Espeak | Refusal = Espeak()
    except (OSError, Refusal) as error:
        engine = Refusal(str(error))
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            if isinstance(engine, Refusal):
                raise engine
            rate, answer = engine.rate, engine.speak(request["language"], request["text"])
        except Refusal as refusal:
            rate, answer = 0, str(refusal).encode()
        sys.stdout.buffer.write(HEADER.pack(rate, len(answer)) + answer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
