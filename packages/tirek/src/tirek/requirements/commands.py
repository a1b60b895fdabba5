"""What the command line does with standards. Each prints what it found and returns the exit code: 0 done, 1 something is wrong,
2 the words are off.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.utils import translation

from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.requirements import actions, packaged, queries, words
from tirek.requirements.actions.editions import read_file
from tirek.requirements.compare import Comparison, compare
from tirek.requirements.models import Edition, Standard
from tirek.requirements.rows import requirement_row, standard_data
from tirek.requirements.standardfile import BadFile, StandardData, write

Say = Callable[[str], None]
SYSTEM = "command line"
YES = {"y", "yes", "да", "д", "иә", "и"}


def check(path: Path, say: Say = print) -> int:
    """Say everything that is wrong with a file."""
    data = _read(path, say)
    if data is None:
        return 1
    say(f"{path}: {len(data.requirements)} requirements, nothing wrong")
    _say_remarks(data, say)
    return 0


def import_file(
    path: Path,
    *,
    ask: Callable[[str], str] | None = None,
    dry_run: bool = False,
    enforce: bool = False,
    say: Say = print,
) -> int:
    """Bring a file in: check, say what differs, ask, keep as a draft; with `enforce` also put it in force."""
    data = _read(path, say)
    if data is None:
        return 1
    _say_remarks(data, say)
    _say_differences(data, say)
    if dry_run:
        say("nothing was written")
        return 0
    if ask is not None and ask("Import? [y/N] ").strip().lower() not in YES:
        say("nothing was written")
        return 1
    try:
        with translation.override("en"):
            edition = actions.import_edition(None, path.read_bytes(), system=SYSTEM)
            say(f"{data.code} {data.label}: {edition.get_state_display()}")
            if enforce and edition.state == Edition.State.DRAFT:
                edition = actions.enforce_edition(None, edition.pk, system=SYSTEM)
                say(f"{data.code} {data.label}: {edition.get_state_display()}")
    except Refused as refusal:
        say(str(refusal))
        return 1
    return 0


def enforce(code: str, label: str, say: Say = print) -> int:
    edition = _edition(code, label, Edition.State.DRAFT)
    if edition is None:
        say(f"There is no draft of {code} {label}".rstrip() + ".")
        return 2
    try:
        with translation.override("en"):
            actions.enforce_edition(None, edition.pk, system=SYSTEM)
    except Refused as refusal:
        say(str(refusal))
        return 1
    say(f"{code} {edition.label} is in force")
    return 0


def export(code: str, label: str, *, to: Path | None = None, say: Say = print) -> int:
    """Write the file of an edition: of this installation, else one that is packaged with Tirek."""
    edition = _edition(code, label)
    if edition is not None:
        text, count = edition.file or write(standard_data(edition)), edition.requirements.count()
    elif found := [one for one in packaged.files() if one.code == code and label in ("", one.label)]:
        text, count = found[-1].text, found[-1].requirements
    else:
        say(f"There is no edition {code} {label}".rstrip() + ". `tirek requirements list` says which there are.")
        return 2
    if to is None:
        say(text.rstrip("\n"))
    else:
        to.write_text(text, encoding="utf-8")
        say(f"{to}: {count} requirements")
    return 0


def listing(say: Say = print) -> int:
    """Standards and their editions; where there are none, the files that Tirek brings."""
    if not Standard.objects.exists():
        say(
            "There are no standards here yet. Packaged with Tirek, for `tirek requirements export CODE LABEL --to FILE`:"
        )
        for one in packaged.files():
            say(f"  {one.code:<20} {one.label:<12} {one.requirements:>4} requirements")
        return 0
    for standard in Standard.objects.prefetch_related("editions"):
        say(f"{standard.code}  {standard.name_in('en')}")
        for edition in standard.editions.all():
            say(f"  {edition.label:<12} {edition.state:<9} {edition.requirements.count():>4} requirements")
    return 0


def refresh(say: Say = print) -> int:
    actions.refresh_live_all()
    listed = Facility.objects.filter(state=Facility.State.LISTED).count()
    say(f"{sum(bool(row.live_check) for row in queries.in_force())} checks asked for {listed} facilities")
    return 0


def _read(path: Path, say: Say) -> StandardData | None:
    try:
        with translation.override("en"):
            return read_file(path.read_bytes())
    except BadFile as bad:
        for problem in bad.problems:
            say(f"{path}:{problem.line}: {problem.text}")
        return None


def _edition(code: str, label: str, state: str = "") -> Edition | None:
    rows = Edition.objects.filter(standard__code=code)
    if label:
        rows = rows.filter(label=label)
    if state:
        rows = rows.filter(state=state)
    found = list(rows.order_by("-pk"))
    return next((row for row in found if row.state == Edition.State.IN_FORCE), found[0] if found else None)


def _say_remarks(data: StandardData, say: Say) -> None:
    with translation.override("en"):
        draft = Edition(standard=Standard(code=data.code), label=data.label)
        for text, rows in words.remarks_of([requirement_row(draft, row, 0) for row in data.requirements]):
            say(f"remark: {text} ({', '.join(row.key for row in rows)})")


def _say_differences(data: StandardData, say: Say) -> None:
    former = _edition(data.code, "")
    if former is None:
        say(f"{data.code} {data.label}: a new standard with {len(data.requirements)} requirements")
        return
    draft = Edition(standard=former.standard, label=data.label)
    new = [requirement_row(draft, row, order) for order, row in enumerate(data.requirements, start=1)]
    found = compare(queries.requirements_of(former), new)
    say(
        f"{data.code} {former.label} -> {data.label}: {len(found.added)} added, {len(found.dropped)} dropped, "
        f"{len(found.changed)} changed, {len(found.same)} as before"
    )
    _say_keys(found, say)


def _say_keys(found: Comparison, say: Say) -> None:
    for row in found.added:
        say(f"  + {row.key}: {row.text_in('ru')}")
    for row in found.dropped:
        say(f"  - {row.key}: {row.text_in('ru')}")
    for one in found.changed:
        fields = sorted({value.field for value in one.values} | {f"{w.field}_{w.language}" for w in one.wordings})
        say(f"  ~ {one.new.key}: {', '.join(fields)}")
