"""TIREK_HOME: the one directory that holds keys, data, media and logs of an installation."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tirek.config.trouble import Trouble

PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600


class NoHome(Trouble):
    """The directory cannot be made or written."""


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below TIREK_HOME. Nothing is created before `prepare()`."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        return cls(Path(os.environ.get("TIREK_HOME", "~/.tirek")).expanduser().resolve())

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def media(self) -> Path:
        return self.root / "media"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run_file(self) -> Path:
        return self.root / "run.json"

    def prepare(self) -> Home:
        """Make the directories, readable by their owner only. Safe to call again. Raises NoHome where that is impossible."""
        try:
            for path in (self.root, self.keys, self.data, self.data / "static", self.media, self.logs):
                path.mkdir(parents=True, exist_ok=True)
                path.chmod(PRIVATE_DIRECTORY)
        except OSError as error:
            raise NoHome(
                f"TIREK_HOME {self.root} cannot be written ({error.strerror}): choose another with TIREK_HOME, "
                "or with --home of `tirek up`"
            ) from error
        return self

    def lock(self) -> IO[str] | None:
        """Hold the home for this process, or None if another `tirek up` holds it. Freed by the system when we end."""
        file = open(self.prepare().root / "lock", "a+")  # noqa: SIM115 - open as long as we live
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        return file

    def secret(self, name: str, size: int = 48) -> str:
        """The text secret `name`; made at first use, the same ever after.

        Two processes may ask at the same first moment: the file is created exclusively, and who comes second reads.
        """
        return self.secret_bytes(name, lambda: secrets.token_urlsafe(size).encode()).decode()

    def secret_bytes(self, name: str, make: Any) -> bytes:
        """The binary secret `name`, made by `make()` at first use, mode 0600."""
        path = self.keys / name
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            self.prepare()
        draft = self.keys / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(fd, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails when another process was first: then its secret counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_bytes()

    def running(self) -> dict[str, Any]:
        """What `tirek up` wrote about the ports it took, or {} when it does not run."""
        try:
            return dict(json.loads(self.run_file.read_text()))
        except (OSError, ValueError):
            return {}
