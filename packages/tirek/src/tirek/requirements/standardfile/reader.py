"""From the tree to data. Goes on after a problem, so that a person sees all of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from tirek.requirements.standardfile.data import (
    APPLIES,
    EVIDENCE,
    POINTS,
    SEVERITIES,
    VERIFY,
    RequirementData,
    StandardData,
    Words,
)
from tirek.requirements.standardfile.yamltree import BadFile, Listing, Node, Problem, Scalar, Table, shown, tree

FORMAT = 1
TOP = ("format", "standard", "edition", "sections")
STANDARD = ("code", "name", "sample")
EDITION = ("label", "instrument", "source", "valid_from", "valid_to")
SECTION = ("title", "requirements")
REQUIREMENT = (
    "key", "paragraph", "text", "hint", "point", "mandatory", "weight", "severity", "verify", "live", "evidence", "applies",
    "deadline_days", "measures",
)  # fmt: skip
LANGUAGES = ("kk", "ru", "en")
CODE = re.compile(r"[a-z0-9][a-z0-9._-]*")
NAME = re.compile(r"[a-z][a-z0-9_]*")
ADDRESS = re.compile(r"https?://[^\s\"<>]+")
WEIGHTS = (1, 100)
DAYS = (1, 1000)
PEOPLE = (0, 10_000_000)
REQUIREMENTS = 2000
NOTHING = {"", "null", "~"}


def read(content: bytes, *, types: Iterable[str] | None = None) -> StandardData:
    """Read a file of a standard.

    `types`: codes of the types of facilities that there are; without them any code is taken. Raises BadFile with every problem.
    """
    root, problems = tree(content)
    reader = _Reader(problems, None if types is None else tuple(types))
    data = reader.standard(root)
    if reader.problems or data is None:
        raise BadFile(reader.problems)
    return data


class _Reader:
    def __init__(self, problems: list[Problem], types: tuple[str, ...] | None) -> None:
        self.problems = problems
        self.types = types
        self.keys: dict[str, int] = {}

    # --- the parts of the file ----------------------------------------------------------------------------------------
    def standard(self, root: Table) -> StandardData | None:
        version = root.values.get("format")
        if not isinstance(version, Scalar) or version.text != str(FORMAT):
            self.wrong(version or root, _("Write “format: 1” first: this Tirek reads format 1."))
        self.fields(root, TOP)
        head = self.table(root, "standard", STANDARD)
        edition = self.table(root, "edition", EDITION)
        requirements = self.sections(root)
        if head is None or edition is None:
            return None
        starts, ends = self.day(edition, "valid_from"), self.day(edition, "valid_to")
        if starts and ends and starts > ends:
            self.wrong(edition.values["valid_to"], _("The edition ends before it begins."))
        return StandardData(
            code=self.code(head, "code", 60),
            name=self.words(head, "name", 200, needed=True),
            sample=self.yes(head, "sample"),
            label=self.text(edition, "label", 40, needed=True),
            instrument=self.words(edition, "instrument", 400, needed=True),
            source=self.address(edition, "source"),
            valid_from=starts,
            valid_to=ends,
            requirements=tuple(requirements),
        )

    def sections(self, root: Table) -> list[RequirementData]:
        found: list[RequirementData] = []
        for section in self.tables(root, "sections", SECTION, needed=True):
            title = self.words(section, "title", 200)
            for row in self.tables(section, "requirements", REQUIREMENT, needed=True):
                found.append(self.requirement(row, title))
                if len(found) > REQUIREMENTS:
                    self.wrong(row, _("More than %(n)d requirements. Split the standard.") % {"n": REQUIREMENTS})
                    raise BadFile(self.problems)
        return found

    def requirement(self, row: Table, section: Words) -> RequirementData:
        key = self.code(row, "key", 60)
        if key:
            first = self.keys.setdefault(key, row.line)
            if first != row.line:
                said = {"key": key, "first": first}
                self.wrong(
                    row.values["key"], _("The key “%(key)s” is taken by the requirement on line %(first)d.") % said
                )
        verify = self.choice(row, "verify", VERIFY, "look")
        live = self.live(row)
        if verify == "live" and not live and "live" not in row.values:
            self.wrong(
                row.values["verify"], _("Verified from live data, but no check is named. Add “live: {check: ...}”.")
            )
        return RequirementData(
            key=key,
            paragraph=self.text(row, "paragraph", 40, needed=True),
            section=section,
            text=self.words(row, "text", 4000, needed=True),
            hint=self.words(row, "hint", 4000),
            point=self.choice(row, "point", POINTS, ""),
            mandatory=self.yes(row, "mandatory"),
            weight=self.whole(row, "weight", WEIGHTS) or 1,
            severity=self.choice(row, "severity", SEVERITIES, "serious"),
            verify=verify,
            live=live,
            evidence=tuple(self.choices(row, "evidence", EVIDENCE)),
            applies=self.applies(row),
            deadline_days=self.whole(row, "deadline_days", DAYS) or 30,
            measures=tuple(self.codes(row, "measures")),
        )

    def live(self, row: Table) -> dict[str, Any]:
        if "live" not in row.values:
            return {}
        table = self.as_table(row.values["live"], "live")
        if table is None:
            return {}
        check = self.text(table, "check", 60, needed=True)
        if check and not NAME.fullmatch(check):
            self.wrong(table.values["check"], _("“%(text)s” cannot be the name of a check.") % {"text": shown(check)})
        found: dict[str, Any] = {"name": check}
        for name, value in table.values.items():
            if name == "check":
                continue
            if not NAME.fullmatch(name) or name == "name" or not isinstance(value, Scalar):
                self.wrong(value, _("“%(text)s” cannot be a parameter of a check.") % {"text": shown(name)})
            elif value.plain and re.fullmatch(r"-?\d{1,9}", value.text):
                found[name] = int(value.text)
            else:
                found[name] = value.text[:200]
        return found

    def applies(self, row: Table) -> dict[str, Any]:
        if "applies" not in row.values:
            return {}
        table = self.as_table(row.values["applies"], "applies")
        if table is None:
            return {}
        self.fields(table, APPLIES)
        found: dict[str, Any] = {
            "types": self.facility_types(table),
            "categories": sorted({int(c) for c in self.choices(table, "categories", ("1", "2", "3", "4"))}),
        }
        for what in ("people", "floor_area_m2"):
            low = found[f"min_{what}"] = self.whole(table, f"min_{what}", PEOPLE)
            high = found[f"max_{what}"] = self.whole(table, f"max_{what}", PEOPLE)
            if low is not None and high is not None and low > high:
                self.wrong(table.values[f"max_{what}"], _("The most is less than the least: it would bind nobody."))
        if "vehicle_entrance" in table.values:
            found["vehicle_entrance"] = self.yes(table, "vehicle_entrance")
        return {name: found[name] for name in APPLIES if found.get(name) not in (None, [])}

    def facility_types(self, table: Table) -> list[str]:
        if self.types is not None:
            return self.choices(table, "types", self.types, said=_("type of facility"))
        return self.codes(table, "types")

    # --- single values ------------------------------------------------------------------------------------------------
    def words(self, table: Table, name: str, limit: int, *, needed: bool = False) -> Words:
        """A text in languages. What is needed is needed in Kazakh and in Russian; what is given in one, in both."""
        if name not in table.values:
            if needed:
                self.missing(table, name)
            return Words()
        inner = self.as_table(table.values[name], name)
        if inner is None:
            return Words()
        self.fields(inner, LANGUAGES)
        return Words(*(self.text(inner, code, limit, needed=code != "en") for code in LANGUAGES))

    def text(self, table: Table, name: str, limit: int, *, needed: bool = False) -> str:
        value = table.values.get(name)
        if value is None:
            if needed:
                self.missing(table, name)
            return ""
        if not isinstance(value, Scalar):
            self.wrong(value, _("“%(name)s” must be a text, not a list.") % {"name": name})
            return ""
        text = "" if value.plain and value.text in NOTHING else value.text.strip()
        if not text and needed:
            self.wrong(value, _("“%(name)s” is empty.") % {"name": name})
        if len(text) > limit:
            said = {"name": name, "n": len(text), "limit": limit}
            self.wrong(value, _("“%(name)s” has %(n)d letters; at most %(limit)d are allowed.") % said)
        return text

    def code(self, table: Table, name: str, limit: int) -> str:
        text = self.text(table, name, limit, needed=True)
        return text if not text or self._is_code(table.values[name], text) else ""

    def codes(self, table: Table, name: str) -> list[str]:
        return [item.text for item in self.scalars(table, name) if self._is_code(item, item.text)]

    def _is_code(self, node: Node, text: str) -> bool:
        if CODE.fullmatch(text) and len(text) <= 60:
            return True
        said = {"text": shown(text)}
        self.wrong(node, _("“%(text)s” cannot be a code. Use small Latin letters, digits, dots and dashes.") % said)
        return False

    def choice(self, table: Table, name: str, allowed: Sequence[str], otherwise: str) -> str:
        if name not in table.values:
            if not otherwise:
                self.missing(table, name)
            return otherwise
        text = self.text(table, name, 60, needed=True)
        return text if text and self._is_one_of(table.values[name], text, allowed, name) else otherwise

    def choices(self, table: Table, name: str, allowed: Sequence[str], said: str = "") -> list[str]:
        items = self.scalars(table, name)
        return [item.text for item in items if self._is_one_of(item, item.text, allowed, said or name)]

    def _is_one_of(self, node: Node, text: str, allowed: Sequence[str], name: str) -> bool:
        if text in allowed:
            return True
        said = {"name": name, "text": shown(text), "allowed": ", ".join(allowed)}
        self.wrong(node, _("unknown %(name)s “%(text)s”. Use one of: %(allowed)s.") % said)
        return False

    def scalars(self, table: Table, name: str) -> list[Scalar]:
        """The texts of a list, each once; a single one needs no list."""
        value = table.values.get(name)
        if value is None:
            return []
        items = value.items if isinstance(value, Listing) else [value]
        found: dict[str, Scalar] = {}
        for item in items:
            if not isinstance(item, Scalar):
                self.wrong(item, _("“%(name)s” must be a list of texts.") % {"name": name})
            elif item.text in found:
                self.wrong(item, _("“%(text)s” stands here twice.") % {"text": shown(item.text)})
            elif not (item.plain and item.text in NOTHING):
                found[item.text] = item
        return list(found.values())

    def yes(self, table: Table, name: str) -> bool:
        value = table.values.get(name)
        if value is None:
            return False
        text = value.text if isinstance(value, Scalar) else ""
        if text not in {"true", "false"}:
            self.wrong(value, _("“%(name)s” must be true or false.") % {"name": name})
        return text == "true"

    def whole(self, table: Table, name: str, within: tuple[int, int]) -> int | None:
        value = table.values.get(name)
        if value is None or (isinstance(value, Scalar) and value.plain and value.text in NOTHING):
            return None
        low, high = within
        if isinstance(value, Scalar) and re.fullmatch(r"\d{1,9}", value.text) and low <= int(value.text) <= high:
            return int(value.text)
        said = {"name": name, "low": low, "high": high}
        self.wrong(value, _("“%(name)s” must be a whole number from %(low)d to %(high)d.") % said)
        return None

    def day(self, table: Table, name: str) -> date | None:
        text = self.text(table, name, 40)
        if not text:
            return None
        try:
            # Not `fromisoformat`: it also takes weeks and days without dashes.
            year, month, day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text).groups()  # type: ignore[union-attr]
            return date(int(year), int(month), int(day))
        except (AttributeError, ValueError):
            self.wrong(
                table.values[name], _("“%(text)s” is not a date. Write it as 2025-01-31.") % {"text": shown(text)}
            )
            return None

    def address(self, table: Table, name: str) -> str:
        text = self.text(table, name, 400)
        if text and not ADDRESS.fullmatch(text):
            self.wrong(table.values[name], _("“%(text)s” is not a web address.") % {"text": shown(text)})
        return text

    # --- tables -------------------------------------------------------------------------------------------------------
    def table(self, root: Table, name: str, allowed: Sequence[str]) -> Table | None:
        if name not in root.values:
            self.missing(root, name)
            return None
        found = self.as_table(root.values[name], name)
        if found is not None:
            self.fields(found, allowed)
        return found

    def tables(self, root: Table, name: str, allowed: Sequence[str], *, needed: bool = False) -> list[Table]:
        value = root.values.get(name)
        if value is None:
            if needed:
                self.missing(root, name)
            return []
        if not isinstance(value, Listing):
            self.wrong(value, _("“%(name)s” must be a list: each entry begins with a dash.") % {"name": name})
            return []
        if not value.items and needed:
            self.wrong(value, _("“%(name)s” is empty.") % {"name": name})
        found = [table for item in value.items if (table := self.as_table(item, name)) is not None]
        for table in found:
            self.fields(table, allowed)
        return found

    def as_table(self, node: Node, name: str) -> Table | None:
        if isinstance(node, Table):
            return node
        self.wrong(node, _("“%(name)s” must have fields, such as “kk: ...”.") % {"name": name})
        return None

    def fields(self, table: Table, allowed: Sequence[str]) -> None:
        for name in table.values:
            if name in allowed:
                continue
            near = get_close_matches(name, allowed, n=1)
            said = {"name": shown(name), "near": near[0] if near else "", "allowed": ", ".join(allowed)}
            if near:
                text = _("unknown field “%(name)s”. Did you mean “%(near)s”?") % said
            else:
                text = _("unknown field “%(name)s”. Use one of: %(allowed)s.") % said
            self.problems.append(Problem(table.lines[name], text))

    def missing(self, table: Table, name: str) -> None:
        self.wrong(table, _("“%(name)s” is missing.") % {"name": name})

    def wrong(self, node: Node, text: str) -> None:
        self.problems.append(Problem(node.line, text))
