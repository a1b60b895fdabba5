"""The virus scanner, where one is named (TIREK_CLAMD). Where it does not answer, nothing is taken in its stead."""

from __future__ import annotations

import logging
from pathlib import Path

from clamav_client.clamd import BufferTooLongError, ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings
from django.utils.translation import gettext as _

from tirek.audit.act import Refused

TIMEOUT_S = 60
log = logging.getLogger(__name__)


class TryLater(Refused):
    """Nothing is wrong with the file; it cannot be taken just now."""


def scan(path: Path) -> str:
    """ "clean", or "skipped" where no scanner is set up. Raises `Refused` for a virus, `TryLater` without an answer."""
    address = settings.CLAMD
    if not address:
        return "skipped"
    try:
        with path.open("rb") as file:
            answers = _client(address).instream(file)
        state, virus = answers["stream"]
    except BufferTooLongError as error:
        raise Refused(_("The file is too large for the virus scanner. Make it smaller and bring it again.")) from error
    except (ClamdError, OSError, KeyError, ValueError) as error:
        log.warning("virus scanner at %s: %s", address, error)
        raise TryLater(_later()) from error
    if state == "FOUND":
        log.warning("virus found in an upload: %s", virus)
        raise Refused(_("The virus scanner found %(virus)s in this file. It was not taken.") % {"virus": virus})
    if state != "OK":
        log.warning("virus scanner at %s: %s", address, state)
        raise TryLater(_later())
    return "clean"


def answers(address: str, timeout: float = 2.0) -> bool:
    """Whether a ClamAV daemon answers there."""
    try:
        return bool(_client(address, timeout).ping() == "PONG")
    except (ClamdError, OSError, ValueError):
        return False


def _client(address: str, timeout: float = TIMEOUT_S) -> ClamdNetworkSocket:
    if address.startswith(("unix:", "/")):
        return ClamdUnixSocket(address.removeprefix("unix://").removeprefix("unix:"), timeout=timeout)
    host, _colon, port = address.rpartition(":")
    return ClamdNetworkSocket(host.strip("[]") or "127.0.0.1", int(port), timeout=timeout)


def _later() -> str:
    return _("The virus scanner does not answer. The file was not taken: try again in some minutes.")
