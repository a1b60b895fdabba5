"""A simulated inspector's phone with a bad network, that is killed and begins anew from what it had stored.

What it keeps in `store` is what the app keeps in IndexedDB: it survives a kill. Everything else is forgotten.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

STATES = ("met", "unmet", "na", "unknown")
BASE = "/inspections/device"


class Lost(Exception):
    """No answer came: the request or its answer was lost. Nobody knows which."""


class Killed(Exception):
    """The phone went off here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    data: dict[str, Any]


Wire = Callable[[str, str, bytes, dict[str, str]], Answer]


@dataclass(slots=True)
class Weather:
    """How bad it is: shares of requests that never arrive, of answers that never come, of requests that come twice, of kills."""

    lost: float = 0.15
    unanswered: float = 0.15
    twice: float = 0.1
    killed: float = 0.05


@dataclass(slots=True)
class Wanted:
    """What the inspector did, and what must stand on the server in the end."""

    uid: str
    answers: dict[int, tuple[str, str]] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    signature: str = ""


class Phone:
    """One phone with one visit."""

    def __init__(self, wire: Wire, uid: str, requirements: list[int], chance: random.Random, weather: Weather) -> None:
        self.wire, self.chance, self.weather = wire, chance, weather
        self.requirements = requirements
        self.wanted = Wanted(uid)
        self.store: dict[str, Any] = {
            "device": str(uuid.UUID(int=chance.getrandbits(128))),
            "seq": 0,
            "queue": [],
            "versions": {},
            "photos": {},
            "signature": None,
            "started": False,
            "submitted": False,
            "ahead_ms": chance.choice((0, 0, 0, 7_200_000, -90_000)),
        }
        self.old: list[tuple[str, str, bytes, dict[str, str]]] = []
        self.kills = self.losses = 0

    # --- The person -------------------------------------------------------------------------------------------------

    def inspect(self, photo: Callable[[random.Random], bytes], *, photos: int = 2, sign: bool = True) -> None:
        """Answer everything, some of it twice, and take photos. Nothing is sent yet."""
        order = list(self.requirements)
        self.chance.shuffle(order)
        for requirement in order + self.chance.sample(order, max(1, len(order) // 4)):
            state = self.chance.choice(STATES)
            self._answer(requirement, state, f"seen {self.store['seq']}")
        for _number in range(photos):
            name = str(uuid.UUID(int=self.chance.getrandbits(128)))
            content = photo(self.chance)
            self.store["photos"][name] = {"requirement": self.chance.choice(order), "done": False, "size": len(content)}
            self.wanted.photos[name] = content
        if sign:
            name = str(uuid.UUID(int=self.chance.getrandbits(128)))
            self.store["signature"] = name
            self.wanted.signature = name

    def _answer(self, requirement: int, state: str, note: str) -> None:
        self.store["seq"] += 1
        change = {
            "id": f"{self.store['device'][:8]}-{self.store['seq']}",
            "seq": self.store["seq"],
            "at": self.now(),
            "kind": "answer",
            "requirement": requirement,
            "base": self.store["versions"].get(str(requirement), 0),
            "value": {"state": state, "note": note},
        }
        self.store["queue"].append(change)
        self.wanted.answers[requirement] = (state, note)

    # --- The app ----------------------------------------------------------------------------------------------------

    def work(self, *, submit: bool = True, most: int = 400) -> None:
        """Go on until everything is on the server, through losses and kills."""
        for _turn in range(most):
            try:
                self._go_on(submit)
                return
            except Lost:
                self.losses += 1
                time.sleep(self.chance.random() * 0.02)
            except Killed:
                self.kills += 1
                self.store = json.loads(json.dumps(self.store))  # only what was stored is left
        raise AssertionError("the phone never came to an end")

    def _go_on(self, submit: bool) -> None:
        if not self.store["started"]:
            self._ask("POST", f"{BASE}/{self.wanted.uid}/start/", self._body(at=self.now()), {200})
            self.store["started"] = True
        while self.store["queue"]:
            some = self.store["queue"][: self.chance.randint(1, 8)]
            told = self._ask("POST", f"{BASE}/{self.wanted.uid}/sync/", self._body(changes=some), {200}).data
            judged = {number for number, outcome in told["outcomes"].items() if outcome["outcome"] != "refused"}
            self.store["queue"] = [change for change in self.store["queue"] if change["id"] not in judged]
            self.store["versions"] = {key: answer["version"] for key, answer in told["answers"].items()}
        for name, photo in self.store["photos"].items():
            if not photo["done"]:
                self._upload(name, self.wanted.photos[name], "photo")
                body = self._body(client_id=name, upload=name, requirement=photo["requirement"], taken_at=self.now())
                self._ask("POST", f"{BASE}/{self.wanted.uid}/photos/", body, {200})
                photo["done"] = True
        if self.store["signature"]:
            self._upload(self.store["signature"], scrawl(), "signature")
        if submit and not self.store["submitted"]:
            body = self._body(
                finished_at=self.now(),
                signature=self.store["signature"] or "",
                signature_refused="" if self.store["signature"] else "no",
                expect={"answers": self.store["versions"], "photos": list(self.store["photos"])},
            )
            told = self._ask("POST", f"{BASE}/{self.wanted.uid}/submit/", body, {200}).data
            assert told["state"] == "submitted"
            self.store["submitted"] = True

    def _upload(self, name: str, content: bytes, kind: str) -> None:
        announced = {"client_id": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        told = self._ask("POST", "/files/uploads/", announced | {"name": f"{name}.jpg", "kind": kind}, {200, 201}).data
        while "file" not in told:
            size = self.chance.choice((20_000, 400_000, 3_000_000))
            piece = content[told["offset"] : told["offset"] + size]
            headers = {"Upload-Offset": str(told["offset"]), "Content-Type": "application/octet-stream"}
            told = self._send("PATCH", f"/files/uploads/{told['id']}/", piece, headers, {200, 409}).data

    def _body(self, **more: Any) -> dict[str, Any]:
        return {"device": self.store["device"], "sent_at": self.now()} | more

    def now(self) -> int:
        return round(time.time() * 1000) + self.store["ahead_ms"]

    def _ask(self, method: str, path: str, body: dict[str, Any], right: set[int]) -> Answer:
        return self._send(method, path, json.dumps(body).encode(), {"Content-Type": "application/json"}, right)

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str], right: set[int]) -> Answer:
        """Through the weather: lost on the way, answered into nothing, sent twice, or killed before the answer is read."""
        if self.old and self.chance.random() < self.weather.twice:
            self.wire(*self.chance.choice(self.old))  # an old request turns up once more
        if self.chance.random() < self.weather.lost:
            raise Lost
        request = (method, path, body, headers)
        answer = self.wire(*request)
        if method == "POST":
            self.old = [*self.old[-30:], request]
        if self.chance.random() < self.weather.killed:
            raise Killed
        if self.chance.random() < self.weather.unanswered or answer.status >= 500:
            raise Lost
        assert answer.status in right, (method, path, answer)
        return answer


def small_photo(chance: random.Random) -> bytes:
    """A photo that differs from every other."""
    picture = Image.effect_noise((80, 60), chance.randint(20, 90)).convert("RGB")
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=90)
    return content.getvalue()


def large_photo(chance: random.Random) -> bytes:
    """A photo of more than 10 MB, as a phone's camera takes it."""
    picture = Image.effect_noise((4200, 3100), 90).convert("RGB")
    picture.putpixel((0, 0), (chance.randrange(256), 0, 0))
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=97)
    return content.getvalue()


def scrawl() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (60, 20), "white").save(content, "PNG")
    return content.getvalue()
