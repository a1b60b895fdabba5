"""Another people's codec, siadc09, as a panel: used by the codec's tests and by those of the receiver over TCP."""

from datetime import UTC, datetime

from siadc09 import message
from siadc09.account import Account
from siadc09.admcid import CidEvent, DataCid
from siadc09.siadcs import DataDcsGroup, parse_siadcs
from siadc09.xdata import parse_xdata


class ForeignPanel:
    """A panel that speaks through siadc09. It knows accounts, prefixes and receivers as numbers only."""

    def __init__(self, account: int, key: bytes | None = None, prefix: int | None = None, receiver: int | None = None):
        self.context = Account(acct=account, pref=prefix, rcvr=receiver, key=key)

    def null(self, sequence: int = 0, moment: datetime | None = None) -> bytes:
        """A link test."""
        return message.NullMessage(self.context).encode(seq=sequence, timestamp=moment or datetime.now(UTC))

    def contact_id(self, qualifier: str, code: str, group: int, zone: int, sequence: int, moment: datetime) -> bytes:
        """An event in Contact ID. The number of the group and zone is hexadecimal to siadc09."""
        event = CidEvent(qualifier, code, int(str(group), 16), int(str(zone), 16))
        content = f"#{self.context.acct:03X}|{qualifier}{code} {group:02d} {zone:03d}".encode()
        return self._event("ADM-CID", DataCid(content, event=event), (), sequence, moment)

    def sia(self, block: str, sequence: int, moment: datetime, extended: tuple[bytes, ...] = ()) -> bytes:
        """An event in SIA DCS; `block` is a function block such as `Nri1/PA7`."""
        group = parse_siadcs(f"#{self.context.acct:03X}|{block}".encode())
        assert isinstance(group, DataDcsGroup)
        return self._event("SIA-DCS", group, extended, sequence, moment)

    def _event(self, token: str, data, extended: tuple[bytes, ...], sequence: int, moment: datetime) -> bytes:
        config = {"idtoken": token, "data": data, "xdata": [parse_xdata(block) for block in extended]}
        return message.EventMessage(self.context, config).encode(seq=sequence, timestamp=moment)

    def read(self, answer: bytes) -> message.Message:
        """Read the receiver's answer with siadc09's own decoder, which raises on what it does not accept."""
        return message.parse_frame(answer, self.context.key)
