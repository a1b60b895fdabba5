"""What runs beside a siren or loudspeaker: it plays what the centre commands, once, and proves that it sounded."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("tirek-agent")
except PackageNotFoundError:  # run from a source tree that is not installed
    __version__ = "0"
