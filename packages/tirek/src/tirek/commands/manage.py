"""`tirek manage`: Django's own commands."""

from django.core.management import execute_from_command_line

RAW = True


def run(words: list[str]) -> int:
    """Pass the words on as they are."""
    execute_from_command_line(["tirek manage", *(words or ["help"])])
    return 0
