"""The panels as the receiver needs them, kept in memory and brought up to date by itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max

from tirek.alarms.models import Panel
from tirek.alarms.receiver.keys import BadKey, unseal
from tirek.live.models import Event

log = logging.getLogger(__name__)

#: How often to ask whether a panel was changed, and to read all of them whatever happened, in seconds.
LOOK_S = 1.0
RELOAD_S = 60.0
#: An account that was not found is not looked for again at once, in seconds; and how many such to remember.
MISS_S = 2.0
MISSES = 1000


@dataclass(frozen=True, slots=True)
class Card:
    """What the receiver must know of a panel."""

    pk: int
    account: str
    prefix: str
    facility: int
    area_path: str
    #: The AES key; None for a panel that sends in clear.
    key: bytes | None
    check_time: bool
    heartbeat_s: int
    test_until: datetime | None
    is_sample: bool
    #: As its row had it when the panel was read.
    newest_stamp: datetime | None
    #: When a person had its stamps forgotten.
    clock_anew_at: datetime | None

    def under_test(self, now: datetime) -> bool:
        return self.test_until is not None and now < self.test_until

    @property
    def write_s(self) -> float:
        """How old the stored time of the last heartbeat may become, in seconds."""
        return min(10.0, self.heartbeat_s / 2) if self.heartbeat_s else 10.0


class Book:
    """Finds the panel of a frame. Used by the writer thread only."""

    def __init__(self) -> None:
        self._cards: dict[str, list[Card]] = {}
        self._event = -1
        self._looked = self._loaded = float("-inf")
        self._missed: dict[str, float] = {}
        #: A panel's key could not be opened: the installation's own key has changed.
        self.unopened = 0

    def find(self, account: str, prefix: str | None) -> Card | None:
        """The panel with this account; one that names the line prefix wins over one that does not."""
        cards = self._cards.get(account, ())
        wanted = (prefix or "").lstrip("0").upper()
        exact = (card for card in cards if card.prefix and card.prefix.lstrip("0").upper() == wanted)
        return next(exact, None) or next((card for card in cards if not card.prefix), None)

    def refresh(self, accounts: Iterable[str]) -> None:
        """Make sure that changes of panels, and panels of `accounts` made just now, are known. Asks the database seldom."""
        now = time.monotonic()
        if now - self._looked >= LOOK_S:
            self._looked = now
            if self._changed() or now - self._loaded >= RELOAD_S:
                self.load()
        unknown = {a for a in accounts if a and a not in self._cards and now - self._missed.get(a, -MISS_S) >= MISS_S}
        if unknown:
            self._add(Panel.objects.filter(account__in=unknown))
            if len(self._missed) > MISSES:
                self._missed.clear()
            self._missed |= {account: now for account in unknown if account not in self._cards}

    def cards(self, panels: Iterable[int]) -> dict[int, Card]:
        """The cards of panels by their ids, as the database has them now."""
        wanted = set(panels)
        self.load()
        return {card.pk: card for cards in self._cards.values() for card in cards if card.pk in wanted}

    def load(self) -> None:
        """Read all panels."""
        self._loaded = time.monotonic()
        self._cards, self.unopened = {}, 0
        self._add(Panel.objects.all())

    def _changed(self) -> bool:
        if self._event < 0:
            self._event = Event.objects.aggregate(last=Max("pk"))["last"] or 0
            return True
        kinds = dict(Event.objects.filter(pk__gt=self._event).order_by("pk").values_list("pk", "kind"))
        self._event = max(kinds, default=self._event)
        return "panel.changed" in kinds.values()

    def _add(self, panels: Iterable[Panel]) -> None:
        for panel in panels.annotate(path=F("facility__area__path")):  # type: ignore[attr-defined]
            key = None
            if panel.key:
                try:
                    key = unseal(panel.key)
                except BadKey:
                    self.unopened += 1
                    log.error("the key of panel %s cannot be opened: enter it again", panel.account)
            self._cards.setdefault(panel.account, []).append(
                Card(
                    panel.pk, panel.account, panel.prefix, panel.facility_id, panel.path, key, panel.check_time,
                    panel.heartbeat_s, panel.test_until, panel.is_sample, panel.newest_stamp,
                    panel.clock_anew_at,
                )
            )  # fmt: skip
