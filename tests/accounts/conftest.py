"""English, unless a test asks for another language."""

import pytest


@pytest.fixture(autouse=True)
def _english(english):
    pass
