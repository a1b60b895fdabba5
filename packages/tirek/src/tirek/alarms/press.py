"""Press a button of a sample facility: a real DC-09 frame over TCP, as its panel would send it, and what the receiver answers.

Works only with panels of the sample data: nobody can raise an alarm of a real facility from here.
"""

from __future__ import annotations

import secrets
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from tirek.alarms.models import Panel, Zone
from tirek.alarms.receiver.keys import BadKey, unseal
from tirek.alarms.receiver.server import split_address
from tirek.audit.act import Refused
from tirek_protocols.dc09 import AnswerDecoder, Rubbish, encode_sia

#: How long the panel waits for its answer, in seconds (DC-09 section 5.6.2 gives a panel up to 20).
PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `token` is ACK, NAK or DUH; `milliseconds` from the frame's first byte to the answer's last."""

    facility: str
    account: str
    zone: str
    encrypted: bool
    token: str
    milliseconds: float

    def __str__(self) -> str:
        protection = "AES" if self.encrypted else "plain"
        return (
            f"{self.facility}: panel {self.account} ({protection}), zone {self.zone}: "
            f"{self.token} after {self.milliseconds:.0f} ms"
        )


def press(facility_code: str, zone: str | None = None, code: str = "PA") -> Answer:
    """Send `code` (default: panic) from the facility's sample panel. Raises Refused when there is none or nobody answers."""
    panel = Panel.objects.filter(is_sample=True, facility__code=facility_code).select_related("facility").first()
    if panel is None:
        raise Refused(_("There is no sample panel at the facility %(code)s.") % {"code": facility_code})
    number = zone or _first_button(panel)
    try:
        key = unseal(bytes(panel.key)) if panel.key else None
    except BadKey:
        raise Refused(_("The panel's key cannot be opened. Load the sample data again.")) from None
    frame = encode_sia(
        panel.account,
        code,
        number,
        1 + secrets.randbelow(9999),
        prefix=panel.prefix or "0",
        timestamp=datetime.now(UTC),
        key=key,
    )
    started = time.perf_counter()
    token = _exchange(frame, key)
    spent = (time.perf_counter() - started) * 1000
    return Answer(str(panel.facility), panel.account, number, key is not None, token, spent)


def _first_button(panel: Panel) -> str:
    zone: Zone | None = panel.zones.order_by("pk").first()
    return zone.number if zone else "1"


def _exchange(frame: bytes, key: bytes | None) -> str:
    """Send a frame to the receiver and wait for its answer."""
    decoder = AnswerDecoder(key)
    try:
        with socket.create_connection(split_address(settings.DC09_ADDRESS), PATIENCE_S) as connection:
            connection.sendall(frame)
            while data := connection.recv(4096):
                for item in decoder.feed(data):
                    if not isinstance(item, Rubbish):
                        return item.token
    except OSError as error:
        raise Refused(
            _("The receiver of alarms does not answer at %(address)s (%(error)s). Is `tirek up` running?")
            % {"address": settings.DC09_ADDRESS, "error": error}
        ) from None
    raise Refused(_("The receiver closed the connection without an answer."))
