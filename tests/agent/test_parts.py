import pytest

from tirek_agent.audio.probe import CurrentProbe, LoopbackProbe, MicrophoneProbe, NoProbe
from tirek_agent.audio.sinks import DeviceSink, FileSink
from tirek_agent.parts import make_probe, make_sink


@pytest.mark.parametrize(
    ("words", "kind"), [("default", DeviceSink), ("device:USB Audio", DeviceSink), ("file:/tmp/x", FileSink)]
)
def test_sinks(words, kind):
    assert type(make_sink(words)) is kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("none", NoProbe),
        ("microphone", MicrophoneProbe),
        ("microphone:USB", MicrophoneProbe),
        ("current:0.5:/sys/in0", CurrentProbe),
        ("current:0.5:!read-current 1", CurrentProbe),
        ("loopback", LoopbackProbe),
    ],
)
def test_probes(words, kind, tmp_path):
    assert type(make_probe(words, FileSink(tmp_path))) is kind


@pytest.mark.parametrize("words", ["", "alsa", "device", "file:", "default:x"])
def test_a_wrong_sink_is_an_error(words):
    with pytest.raises(ValueError, match="must be default"):
        make_sink(words)


@pytest.mark.parametrize("words", ["", "loopback", "current", "current:x:/sys", "none:1"])
def test_a_wrong_probe_is_an_error(words):
    with pytest.raises(ValueError, match="must be none"):
        make_probe(words, DeviceSink())
