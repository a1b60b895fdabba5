"""What no page should have to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

ZERO = "\0"


class NoZeros:
    """Refuses addresses and forms with the character U+0000: nobody types it, and PostgreSQL has no text that holds it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _words: Any) -> None:
        """After the check of the token, which has read the form; a view without that check reads its body itself."""
        if ZERO in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("U+0000 in the address")
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            for name, values in request.POST.lists():
                if ZERO in name or any(ZERO in value for value in values):
                    raise BadRequest("U+0000 in the form")
