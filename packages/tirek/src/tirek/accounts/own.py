"""What everybody does with their own account. Like `actions`, but needs no permission beyond an active account."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.audit.act import Refused, act, snapshot

LANGUAGES = {code for code, _name in settings.LANGUAGES}


def record_log_in(person: Person, methods: list[str]) -> None:
    """Leave a trace of a log-in and of how it was proved ("password", "totp", "webauthn", "recovery_codes",
    "sample").
    """
    with act("accounts.log_in", person, own=True) as trace:
        trace.on(person, after={"methods": methods})


def record_second_factor(person: Person, change: str) -> None:
    """Leave a trace of a second factor added, removed or renewed by its owner: `change` e.g. "added webauthn"."""
    with act("accounts.change_own_second_factor", person, own=True) as trace:
        trace.on(person, after={"second_factor": change})


def second_factor_added(authenticator: Authenticator, user: Person, **kwargs: Any) -> None:
    """Receiver of allauth's signal."""
    record_second_factor(user, f"added {authenticator.type}")


def second_factor_removed(authenticator: Authenticator, user: Person, **kwargs: Any) -> None:
    """Receiver of allauth's signal."""
    record_second_factor(user, f"removed {authenticator.type}")


def second_factor_renewed(authenticator: Authenticator, user: Person, **kwargs: Any) -> None:
    """Receiver of allauth's signal."""
    record_second_factor(user, f"renewed {authenticator.type}")


def change_own_password(person: Person, password: str) -> None:
    """Set the person's own password (already validated). Ends the one-time password, and their other sessions.

    The sessions end by themselves: each is bound to the password it was opened with.
    """
    with act("accounts.change_own_password", person, own=True) as trace:
        if person.is_sample:
            raise Refused(_("Sample people have no password."))
        person.set_password(password)
        person.one_time_until = None
        person.save(update_fields=["password", "one_time_until"])
        trace.on(person)


def change_own_settings(person: Person, *, language: str | None = None, theme: str | None = None) -> Person:
    """Set the person's language ("kk", "ru", "en") or theme ("", "light", "dark"). Nothing changed leaves no trace."""
    changes = {"language": language or person.language, "theme": person.theme if theme is None else theme}
    if changes["language"] not in LANGUAGES:
        raise Refused(_("There is no such language here."))
    if changes == {"language": person.language, "theme": person.theme}:
        return person
    with act("accounts.change_own_settings", person, own=True) as trace:
        before = snapshot(person)
        person.language, person.theme = changes["language"], changes["theme"]
        person.save(update_fields=["language", "theme"])
        trace.on(person, before=before, after=snapshot(person))
    return person


def end_own_sessions(person: Person, keep: str | None) -> int:
    """End the person's sessions except the one with the key `keep`. Returns how many ended."""
    with act("accounts.end_own_sessions", person, own=True) as trace:
        ended, _rows = person.sessions.exclude(session_key=keep).delete()
        trace.on(person, after={"ended": ended})
    return ended
