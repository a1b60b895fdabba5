"""Where the rooms above meet a visit.

- `page_section(fn)`, with `fn(request, inspection) -> Section | None`: a section on the page of a visit.
- `after_submit(fn)`, with `fn(user, inspection)`: called inside the act of handing in, after findings and standings were written;
  and again when an answer of a visit that was handed in is put right.
- `after_withdrawal(fn)`, with `fn(user, finding)`: called inside the act in which a finding was withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tirek.inspections.models import Finding, Inspection
from tirek.ui.sections import Sections

sections = Sections()
page_section = sections.add

Hook = Callable[[Any, Inspection], None]
Withdrawal = Callable[[Any, Finding], None]
_hooks: list[Hook] = []
_withdrawals: list[Withdrawal] = []


def after_submit(fn: Hook) -> Hook:
    """Let `fn(user, inspection)` do its part of a hand-in. What it raises takes the hand-in back."""
    if fn not in _hooks:
        _hooks.append(fn)
    return fn


def after_submit_hooks() -> list[Hook]:
    return list(_hooks)


def after_withdrawal(fn: Withdrawal) -> Withdrawal:
    """Let `fn(user, finding)` follow a finding that was withdrawn. What it raises takes the withdrawal back."""
    if fn not in _withdrawals:
        _withdrawals.append(fn)
    return fn


def after_withdrawal_hooks() -> list[Withdrawal]:
    return list(_withdrawals)
