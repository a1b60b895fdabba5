"""The short form of `make fuzz`: a few seconds for all codecs, with a fixed seed."""

import random

import pytest

from tests.fuzz.__main__ import run
from tests.fuzz.targets import cap_target, command_target, dc09_target


@pytest.mark.parametrize("make", [dc09_target, command_target, cap_target])
def test_nothing_but_its_own_error_leaks(make):
    outcomes = run(make(), 1.5, random.Random(7))
    assert sum(outcomes.values()) > 200
    assert len(outcomes) > 1  # some input was refused
