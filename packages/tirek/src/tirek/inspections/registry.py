"""Where the rooms above meet a visit.

- `page_section(fn)`, with `fn(request, inspection) -> Section | None`: a section on the page of a visit.
- `after_submit(fn)`, with `fn(user, inspection)`: called inside the act of handing in, after findings and standings were written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tirek.inspections.models import Inspection
from tirek.ui.sections import Sections

sections = Sections()
page_section = sections.add

Hook = Callable[[Any, Inspection], None]
_hooks: list[Hook] = []


def after_submit(fn: Hook) -> Hook:
    """Let `fn(user, inspection)` do its part of a hand-in. What it raises takes the hand-in back."""
    if fn not in _hooks:
        _hooks.append(fn)
    return fn


def after_submit_hooks() -> list[Hook]:
    return list(_hooks)
