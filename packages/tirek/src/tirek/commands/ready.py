"""What a command does before it speaks."""

from __future__ import annotations

import django
from django.utils import translation


def ready() -> None:
    """Make Django ready, and let what this command line prints be English, as its help is.

    For commands that talk to whoever typed them. Processes that work for others (pages, worker, dispatcher, receiver) call
    `django.setup` and keep each person's own language.
    """
    django.setup()
    translation.activate("en")
