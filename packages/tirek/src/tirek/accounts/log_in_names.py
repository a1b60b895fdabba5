"""The log-in name as log-in itself reads it: without blanks around it, and without regard to case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def plain(name: str) -> str:
    """What two spellings of one log-in name have in common."""
    return name.strip().lower()


def counted(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """For which name wrong passwords are counted (settings' AXES_USERNAME_CALLABLE): one name, one count."""
    name = credentials.get("username") if credentials else request.POST.get("login")
    return None if name is None else plain(str(name))
