"""Sound parts by the words that stand for them in `agent.json`."""

from __future__ import annotations

from pathlib import Path

from tirek_agent.audio.probe import CurrentProbe, LoopbackProbe, MicrophoneProbe, NoProbe, Probe
from tirek_agent.audio.sinks import DeviceSink, FileSink, Sink


def make_sink(words: str) -> Sink:
    """`default`, `device:PART OF NAME` or `file:FOLDER`. Raises `ValueError`."""
    kind, _, rest = words.partition(":")
    match kind:
        case "default" if not rest:
            return DeviceSink()
        case "device" if rest:
            return DeviceSink(rest)
        case "file" if rest:
            return FileSink(Path(rest))
    raise ValueError(f"sink is {words!r}; it must be default, device:NAME or file:FOLDER")


def make_probe(words: str, sink: Sink) -> Probe:
    """`none`, `microphone`, `microphone:PART OF NAME`, `current:LEAST:FILE` or `current:LEAST:!COMMAND`.

    Beside a sink of files there is also `loopback`, which measures what is written. Raises `ValueError`.
    """
    kind, _, rest = words.partition(":")
    match kind:
        case "none" if not rest:
            return NoProbe()
        case "loopback" if isinstance(sink, FileSink):
            return LoopbackProbe(sink)
        case "microphone":
            return MicrophoneProbe(rest)
        case "current" if rest:
            least, _, source = rest.partition(":")
            try:
                return CurrentProbe(source, float(least))
            except ValueError:
                pass
    raise ValueError(f"probe is {words!r}; it must be none, microphone, microphone:NAME or current:LEAST:FILE")
