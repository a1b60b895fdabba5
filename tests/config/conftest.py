"""A command switches its process to English; the tests after it shall not notice."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def own_language():
    with translation.override(translation.get_language()):
        yield
