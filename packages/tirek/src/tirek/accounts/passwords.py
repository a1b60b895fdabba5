"""One-time passwords: given by an administrator, good for a few days and for one thing only, to choose one's own."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils import timezone

from tirek.accounts.models import Person

VALID = timedelta(days=7)
# Without letters and figures that are mistaken for each other when written down or read out.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4  # 31^16: 79 bits


def give_one_time(person: Person) -> str:
    """Set a new one-time password on `person` (not saved) and return it. It is kept nowhere else."""
    password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    person.set_password(password)
    person.one_time_until = timezone.now() + VALID
    return password
