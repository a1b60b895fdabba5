"""The command `tirek`. Each sub-command is a module in `tirek.commands` with `HELP`, `arguments(parser)` and `run(options)`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType
from typing import Any

from tirek import __version__, failures
from tirek.config import environment

COMMANDS = {
    "up": "start everything (this is what you want first)",
    "doctor": "check settings, ports, keys, database and clock, and say what to do",
    "backup": "write a backup: database and files; may run meanwhile",
    "restore": "put a backup back into an empty home",
    "recover": "let a person in again who lost password and second factors, when no administrator can",
    "sample": "load or clear the sample province",
    "simulate": "run simulated loudspeakers and alarm panels",
    "press": "press a panic button in a simulated facility",
    "audit": "verify the chain of the audit log, or write its head to a file",
    "places": "import boundaries and settlements",
    "requirements": "check, import, enforce, export standards",
    "flashpoints": "score forecasts of incidents beside the simplest ones",
    "manage": "Django's own commands (migrate, changepassword, shell, ...)",
    "web": "the pages alone",
    "broker": "the embedded MQTT broker alone",
    "receiver": "the receiver of alarm panels alone",
    "dispatcher": "the sender of warnings alone",
    "worker": "background work alone",
}

DESCRIPTION = """\
Tirek: the system of work of a province's commission for protection and prevention.

Everything that belongs to an installation lies in TIREK_HOME (default: ~/.tirek).
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the first word; each command parses the rest itself."""
    top = argparse.ArgumentParser(
        prog="tirek", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action="version", version=f"tirek {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text, add_help=False)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run the command line. Returns the exit code: 0 done, 1 something is wrong, 2 words or settings are off."""
    words = sys.argv[1:] if argv is None else argv
    options, rest = parser().parse_known_args(words[:1] or ["--help"])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tirek.config.settings")
    module = importlib.import_module(f"tirek.commands.{options.command}")
    if getattr(module, "RAW", False):
        return _guarded(module, words[1:])
    own = argparse.ArgumentParser(
        prog=f"tirek {options.command}", description=module.HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    module.arguments(own)
    return _guarded(module, own.parse_args(rest + words[1:]))


def _guarded(module: ModuleType, told: Any) -> int:
    """Run a command; what stops it is said in a sentence. Only what nobody foresaw is a traceback."""
    try:
        if not getattr(module, "LOOKS_AT_SETTINGS", False):
            environment.check()
        return int(module.run(told) or 0)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        said = failures.in_words(error)
        if said is None:
            raise
        print(said.text, file=sys.stderr)
        return said.code


if __name__ == "__main__":
    sys.exit(main())
