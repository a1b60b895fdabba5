"""What endpoints say in `test_locks` is drawn by lot, the same lot each time: a run that failed can be had again."""

from __future__ import annotations

from tests.warning.conftest import Scene
from tests.warning.test_locks import crowd, letters


def test_endpoints_say_the_same_in_every_run(scene: Scene) -> None:
    endpoints, alert = crowd(scene), scene.issue("exercise")
    nonce = alert.commands.get(action="play").nonce
    first, again, other = ([letter.topic for letter in letters(endpoints, alert, nonce, seq)] for seq in (1, 1, 11))
    assert first == again
    assert first != other
