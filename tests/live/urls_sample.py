"""How the battery asks for the live stream: its client speaks WSGI, which cannot carry a stream (tests/live/test_stream.py can)."""

from tests.battery.samples import Sample

SAMPLES = {"live:stream": Sample(answers={503})}
