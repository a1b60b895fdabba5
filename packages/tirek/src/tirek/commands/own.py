"""How Tirek is called here, for messages that name a command."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from tirek.config.home import Home


def own_command(words: str, home: Home) -> str:
    """The whole line to type in another terminal in this folder: program, home if it is not the usual one, `words`."""
    program = Path(sys.executable).parent / "tirek"
    on_path = shutil.which("tirek")
    if on_path is not None and Path(on_path).resolve() == program.resolve():
        called = "tirek"
    elif program.is_relative_to(Path.cwd()):
        called = str(program.relative_to(Path.cwd()))
    else:
        called = shlex.quote(str(program))
    usual = Path("~/.tirek").expanduser().resolve()
    where = "" if home.root == usual else f"TIREK_HOME={shlex.quote(str(home.root))} "
    return f"{where}{called} {words}"
