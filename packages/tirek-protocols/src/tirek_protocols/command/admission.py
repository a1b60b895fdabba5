"""Whether an endpoint may obey a command that is genuine."""

from __future__ import annotations

from collections.abc import Container

from .cells import cell_parents
from .errors import NotAddressed, Replayed, Stale, TooEarly
from .messages import Command

CLOCK_SLACK_MS = 5_000


def is_addressed(command: Command, endpoint: str, cell: str) -> bool:
    """Whether `command` names this endpoint, the H3 cell that it stands in, or any parent of that cell."""
    if endpoint in command.to.ids:
        return True
    return not {cell, *cell_parents(cell)}.isdisjoint(command.to.cells)


def admit(
    command: Command,
    *,
    now_ms: int,
    endpoint: str,
    cell: str,
    enrolled_ms: int,
    seen: Container[str],
    clock_slack_ms: int = CLOCK_SLACK_MS,
) -> None:
    """Return if `command` may be obeyed here and now, else raise.

    Checked in this order: addressed and issued since the endpoint enrolled (`NotAddressed`), not obeyed
    before (`Replayed`), not over (`Stale`), begun (`TooEarly`). So a copy of what was already played is
    always called replayed, however late it comes. `clock_slack_ms` is how far this clock may be from the
    centre's, either way; `seen` must remember a command's id until its `not_after` is that much in the
    past.
    """
    if not is_addressed(command, endpoint, cell):
        raise NotAddressed("The command is for other endpoints.")
    if command.issued < enrolled_ms:
        raise NotAddressed("The command was issued before this endpoint enrolled.")
    if command.id in seen:
        raise Replayed("The command was seen before.")
    if now_ms >= command.not_after + clock_slack_ms:
        raise Stale("The time of the command is over.")
    if now_ms < max(command.not_before, command.issued) - clock_slack_ms:
        raise TooEarly("The time of the command has not come yet.")
