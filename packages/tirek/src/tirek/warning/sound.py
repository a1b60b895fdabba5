"""What endpoints are told to play: signal, recorded or spoken message in Kazakh and Russian, exercise words around it."""

from __future__ import annotations

import hashlib
import io
import re
import wave
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from asgiref.sync import async_to_sync, sync_to_async
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.warning import rules, wording
from tirek.warning.models import CLIP_FOLDER, Alert, Mode, Plan, PlanText
from tirek_agent.audio.pcm import RATE, AudioMissing, Pcm, decoded, seconds_of
from tirek_agent.audio.speech import Espeak
from tirek_agent.audio.tone import tone
from tirek_protocols.command import Audio, Clip, Speech, Tone, audio_from_body, audio_to_body

LISTEN_TONE_S = 5.0
CLIP_BYTES = 20 * 1024 * 1024
_PAUSE: Pcm = np.zeros(RATE // 2, np.int16)
# Said after a recording that cannot know the place.
_WHERE = {"kk": "Орны: {place}.", "ru": "Место: {place}."}


@dataclass(frozen=True, slots=True)
class Script:
    """All that decides how an alert sounds."""

    mode: str
    tone: str
    tone_s: float
    texts: Mapping[str, Mapping[str, str]]
    slots: Mapping[str, Mapping[str, str]]
    plan_texts: Mapping[str, PlanText]


def script(plan: Plan, mode: str, texts: wording.Texts, slots: wording.Texts) -> Script:
    """The script of a plan with its texts as an officer left them."""
    return Script(mode, plan.tone, plan.tone_s, texts, slots, {text.language: text for text in plan.texts.all()})


def audio(said: Script) -> tuple[Audio, ...]:
    """The parts in the order in which they sound."""
    marks = tuple(Speech(code, wording.EXERCISE_WORDS[code]) for code in wording.SPOKEN)
    around: tuple[Audio, ...] = marks if said.mode == Mode.EXERCISE else ()
    signal: tuple[Audio, ...] = (Tone(said.tone, said.tone_s),) if said.tone_s else ()
    message = tuple(part for code in wording.SPOKEN for part in _message(said, code))
    return (*around, *signal, *message, *around)


def freeze(alert: Alert) -> None:
    """Keep on `alert` how it sounds from here on, whatever becomes of its plan. The caller saves it."""
    parts = audio(script(alert.plan, alert.mode, alert.texts, alert.slots))
    alert.sound = {"audio": audio_to_body(parts), "repeats_per_hour": alert.plan.repeats_per_hour}


def parts_of(alert: Alert) -> tuple[Audio, ...]:
    """What endpoints play: what was kept when the alert was sent, before that what its plan says now."""
    if alert.sound:
        return audio_from_body(alert.sound["audio"])
    return audio(script(alert.plan, alert.mode, alert.texts, alert.slots))


def repeats_of(alert: Alert) -> int:
    """How often an hour the alert sounds, kept like its parts."""
    return int(alert.sound["repeats_per_hour"] if alert.sound else alert.plan.repeats_per_hour)


def problems_of(alert: Alert) -> list[str]:
    """What the rules of timing have against how `alert` sounds."""
    return _problems(parts_of(alert), alert.plan.tone, repeats_of(alert))


def _message(said: Script, language: str) -> Iterable[Audio]:
    words, plan = said.texts[language], said.plan_texts.get(language)
    if plan is not None and plan.clip_sha256 and _is_untouched(plan, words, said.slots.get(language, {})):
        yield Clip(plan.clip_sha256, language, plan.clip_s or 1.0)
        place = said.slots.get(language, {}).get("place", "")
        if place and wording.open_slots({language: _template(plan)}):
            yield Speech(language, _WHERE[language].format(place=place))
    else:
        yield Speech(language, wording.spoken(words))


def _template(plan: PlanText) -> dict[str, str]:
    return {part: getattr(plan, part) for part in wording.PARTS}


def _is_untouched(plan: PlanText, words: Mapping[str, str], slots: Mapping[str, str]) -> bool:
    """Whether the words still are the plan's own, which the recording says."""
    return wording.fill({plan.language: _template(plan)}, {plan.language: slots})[plan.language] == dict(words)


def seconds(parts: Iterable[Audio]) -> float:
    """How long the parts sound, about: speech is estimated from its length."""
    return sum(rules.speech_seconds(p.text) if isinstance(p, Speech) else float(p.seconds) for p in parts)


def message_seconds(parts: Iterable[Audio]) -> float:
    """How long the words sound, about, without the signal."""
    return seconds(part for part in parts if not isinstance(part, Tone))


def problems(said: Script, repeats_per_hour: int) -> list[str]:
    """What the rules of timing have against this script."""
    return _problems(audio(said), said.tone, repeats_per_hour)


def _problems(parts: tuple[Audio, ...], tone: str, repeats_per_hour: int) -> list[str]:
    """`tone` is the signal that the rules judge by where none sounds."""
    signal = [part for part in parts if isinstance(part, Tone)]
    return rules.timing_problems(
        tone=signal[0].name if signal else tone,
        tone_s=sum(part.seconds for part in signal),
        message_s=message_seconds(parts),
        repeats_per_hour=repeats_per_hour,
    )


def wav(parts: Iterable[Audio], mode: str, *, whole_tone: bool = False) -> bytes:
    """What an endpoint would play, as a WAV file. The signal is cut to a few seconds unless `whole_tone`.

    Raises `Refused` when a voice or a recording is missing.
    """
    try:
        pieces = async_to_sync(_render)(list(parts), mode, whole_tone)
    except AudioMissing as error:
        raise Refused(_("This cannot be made to sound here: %(reason)s.") % {"reason": error}) from error
    pcm = np.concatenate([part for piece in pieces for part in (piece, _PAUSE)] or [_PAUSE])
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm.astype("<i2").tobytes())
    return out.getvalue()


async def _render(parts: list[Audio], mode: str, whole_tone: bool) -> list[Pcm]:
    voice = Espeak()
    try:
        return [await _piece(part, mode, whole_tone, voice) for part in parts]
    finally:
        await voice.close()


async def _piece(part: Audio, mode: str, whole_tone: bool, voice: Espeak) -> Pcm:
    if isinstance(part, Tone):
        return tone(part.name, mode, float(part.seconds) if whole_tone else min(LISTEN_TONE_S, float(part.seconds)))
    if isinstance(part, Clip):
        return decoded(await sync_to_async(_read_recording)(part.sha256))
    return await voice.speak(part.language, part.text)


def recording(sha256: str) -> File[bytes] | None:
    """The recording with this hash, open, also when its plan has another one by now: an alert may still name it."""
    name = f"{CLIP_FOLDER}{sha256}.wav"
    if re.fullmatch(r"[0-9a-f]{64}", sha256) is None or not default_storage.exists(name):
        return None
    return default_storage.open(name, "rb")


def _read_recording(sha256: str) -> bytes:
    file = recording(sha256)
    if file is None:
        raise AudioMissing("the recording is gone")
    with file:
        return bytes(file.read())


@dataclass(frozen=True, slots=True)
class CheckedClip:
    """A recording that was uploaded and can be played everywhere."""

    file: ContentFile[bytes]
    sha256: str
    seconds: float


def check_clip(data: bytes) -> CheckedClip:
    """Check a recorded message. Raises `Refused` unless it is a WAV file with sound that fits the rules."""
    if len(data) > CLIP_BYTES:
        raise Refused(_("The recording is too large. At most %(mb)d MB are taken.") % {"mb": CLIP_BYTES // 2**20})
    try:
        with wave.open(io.BytesIO(data), "rb") as file:
            if file.getsampwidth() != 2:
                raise Refused(_("The recording must be a WAV file with 16 bits a sample."))
        pcm = decoded(data)
    except (wave.Error, EOFError, AudioMissing) as error:
        raise Refused(_("This is not a WAV file. Record again and save as WAV, 16 bits.")) from error
    length = seconds_of(pcm)
    if not 0.5 <= length <= rules.TIMING.message_s:
        raise Refused(
            _("The recording lasts %(here).0f seconds; it must be between 1 and %(most)d.")
            % {"here": length, "most": rules.TIMING.message_s}
        )
    if not np.any(np.abs(pcm.astype(np.int32)) > 300):
        raise Refused(_("There is no sound in the recording. Check the microphone and record again."))
    sha256 = hashlib.sha256(data).hexdigest()
    return CheckedClip(ContentFile(data, name=f"{sha256}.wav"), sha256, round(length, 2))
