"""Who this agent is: its key, what the centre told it at enrolment, and what the technician chose."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tirek_agent import __version__
from tirek_protocols.command import CommandError, SigningKey, VerifyKey, is_cell
from tirek_protocols.command.topics import is_endpoint_id

KEY_FILE = "key"
SETTINGS_FILE = "agent.json"
ENROL_WITHIN_S = 20.0
MOST_ANSWER_BYTES = 64 * 1024
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class IdentityError(Exception):
    """The agent does not know who it is; the message says what to do."""


@dataclass(frozen=True)
class Settings:
    """The file `agent.json`. Keys are hexadecimal, times milliseconds since 1970 UTC."""

    server: str
    endpoint: str
    cell: str
    enrolled_at: int
    centre_keys: tuple[str, ...]
    mqtt_url: str
    mqtt_username: str
    mqtt_password: str
    clips_url: str
    name: str = ""
    sink: str = "default"
    probe: str = "none"
    most_run_s: float = 900.0

    def verify_keys(self) -> dict[bytes, VerifyKey]:
        """The centre's keys by their key id."""
        keys = [VerifyKey.from_bytes(bytes.fromhex(key)) for key in self.centre_keys]
        return {key.key_id: key for key in keys}


def make_home(home: Path) -> None:
    """Make the agent's folder, for its user alone."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.chmod(0o700)


def _write_private(path: Path, data: bytes) -> None:
    """Replace `path` by a file that only its owner can read; all of it or nothing."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    out = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(out, data)
        os.fsync(out)
    finally:
        os.close(out)
    part.replace(path)


def own_key(home: Path) -> SigningKey:
    """The agent's key, made at the first call. Raises `IdentityError` when the file is not a key."""
    path = home / KEY_FILE
    try:
        return SigningKey.from_bytes(bytes.fromhex(path.read_text().strip()))
    except FileNotFoundError:
        key = SigningKey.generate()
        _write_private(path, key.bytes.hex().encode() + b"\n")
        return key
    except (ValueError, CommandError) as error:
        raise IdentityError(f"{path} is damaged. Delete it and enrol again with a new code.") from error


def load_settings(home: Path) -> Settings:
    """Read `agent.json`. Raises `IdentityError`."""
    path = home / SETTINGS_FILE
    try:
        values = json.loads(path.read_text())
        settings = Settings(**(values | {"centre_keys": tuple(values["centre_keys"])}))
        settings.verify_keys()
    except FileNotFoundError as error:
        raise IdentityError(
            "This agent is not enrolled yet. Get a code from the centre and run: "
            "tirek-agent enrol --server URL --code CODE"
        ) from error
    except (ValueError, TypeError, KeyError, CommandError) as error:
        raise IdentityError(f"{path} cannot be read ({error}). Correct it, or enrol again.") from error
    return settings


def save_settings(home: Path, settings: Settings) -> None:
    _write_private(home / SETTINGS_FILE, json.dumps(asdict(settings), indent=2, ensure_ascii=False).encode())


def is_exposed(server: str) -> bool:
    """Whether others on the way could read and change what is said to `server`."""
    parts = urlsplit(server)
    return parts.scheme != "https" and parts.hostname not in _LOOPBACK


def enrol(home: Path, server: str, code: str, name: str) -> Settings:
    """Show the one-time code and our public key to the centre, and keep its answer.

    Choices of the technician in an older `agent.json` stay. Raises `IdentityError`.
    """
    make_home(home)
    key = own_key(home)
    body = {"code": code.strip(), "public_key": key.public.bytes.hex(), "name": name, "version": __version__}
    answer = _post(f"{server.rstrip('/')}/api/agent/enrol", body)
    told = _told(server, name, answer)
    try:
        before = load_settings(home)
    except IdentityError:
        settings = told
    else:
        chosen = {"sink": before.sink, "probe": before.probe, "most_run_s": before.most_run_s}
        settings = Settings(**(asdict(told) | chosen))
    save_settings(home, settings)
    return settings


def _post(url: str, body: dict[str, str]) -> dict[str, Any]:
    if urlsplit(url).scheme not in ("http", "https"):
        raise IdentityError(f"The server's address must begin with https:// or http://, not {url!r}.")
    request = urllib.request.Request(  # noqa: S310 (checked above)
        url, json.dumps(body).encode(), {"Content-Type": "application/json", "User-Agent": f"tirek-agent/{__version__}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=ENROL_WITHIN_S) as answer:  # noqa: S310
            data = json.loads(answer.read(MOST_ANSWER_BYTES))
    except urllib.error.HTTPError as error:
        raise IdentityError(f"The centre refused ({error.code}): {_reason(error)}") from error
    except OSError as error:
        raise IdentityError(f"The centre cannot be reached at {url}: {error}") from error
    except ValueError as error:
        raise IdentityError(f"{url} does not answer like a Tirek centre. Is the address right?") from error
    if not isinstance(data, dict):
        raise IdentityError(f"{url} does not answer like a Tirek centre. Is the address right?")
    return data


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        body = json.loads(error.read(MOST_ANSWER_BYTES))
    except (ValueError, OSError):
        body = None
    said = body.get("error") or body.get("detail") if isinstance(body, dict) else None
    return str(said or "ask the centre for a new code; a code works once and for a limited time.")


def _told(server: str, name: str, answer: dict[str, Any]) -> Settings:
    try:
        settings = Settings(
            server=server,
            endpoint=str(answer["endpoint"]),
            cell=str(answer["cell"]),
            enrolled_at=int(answer["enrolled_at"]),
            centre_keys=tuple(str(key) for key in answer["centre_keys"]),
            mqtt_url=str(answer["mqtt"]["url"]),
            mqtt_username=str(answer["mqtt"].get("username") or ""),
            mqtt_password=str(answer["mqtt"].get("password") or ""),
            clips_url=str(answer.get("clips_url") or ""),
            name=name,
        )
        if not is_endpoint_id(settings.endpoint) or not is_cell(settings.cell) or not settings.verify_keys():
            raise ValueError("endpoint, cell or keys are not proper ones")
    except (KeyError, TypeError, ValueError, AttributeError, CommandError) as error:
        raise IdentityError(f"The centre's answer is not complete: {error}") from error
    return settings
