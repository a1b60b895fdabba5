"""YAML as a tree with line numbers, for files that strangers wrote.

Only text, lists and tables exist here: no tags, no anchors, no aliases, one document. What a scalar means is for the reader to
say, so that a paragraph 12.10 stays 12.10 and "no" stays a word. Aliases are refused and never followed: nothing can grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from django.utils.translation import gettext as _

MAX_BYTES = 1_000_000
MAX_NODES = 60_000
MAX_DEPTH = 12
# Signs that make a line read otherwise than it is stored (they turn the direction of writing around), and signs that no
# database takes.
HIDDEN = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# libyaml where it is there: the parser in Python needs ten times as long.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a file, at a line (1 is the first)."""

    line: int
    text: str

    def __str__(self) -> str:
        return _("line %(line)d: %(text)s") % {"line": self.line, "text": self.text}


class BadFile(Exception):
    """A file that cannot be taken. Holds everything that is wrong with it, in the order of its lines."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Scalar:
    line: int
    text: str
    # Whether it stood without quotes, so that it may be a number or nothing at all.
    plain: bool


@dataclass(frozen=True, slots=True)
class Listing:
    line: int
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    line: int
    values: dict[str, Node] = field(default_factory=dict)
    # The line of each key: its value may begin on the next one.
    lines: dict[str, int] = field(default_factory=dict)


Node = Scalar | Listing | Table


def tree(content: bytes) -> tuple[Table, list[Problem]]:
    """The file as a tree, and what it should not hold. Raises BadFile where nothing more can be read."""
    if len(content) > MAX_BYTES:
        raise BadFile(
            [Problem(1, _("The file is larger than 1 MB. A standard has no pictures and no scans: send its text."))]
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadFile([Problem(line, _("The file is not text in UTF-8. Save it as UTF-8."))]) from None
    if not text.strip():
        raise BadFile([Problem(1, _("The file is empty."))])
    return _Builder(text).build()


class _Builder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.nodes = 0

    def build(self) -> tuple[Table, list[Problem]]:
        try:
            root = self._document(yaml.parse(self.text, Loader=_LOADER))
        except yaml.YAMLError as error:
            raise BadFile([*self.problems, self._broken(error)]) from None
        if not isinstance(root, Table):
            raise BadFile([*self.problems, Problem(1, _("The file must begin with fields such as “format: 1”."))])
        return root, self.problems

    def _document(self, events: Iterator[yaml.Event]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._wrong(event, _("A second document begins here. One file holds one edition."))
                break
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, 1)
        return root

    def _node(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> Node:
        line = event.start_mark.line + 1
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise BadFile([*self.problems, Problem(line, _("The file holds too much for one standard. Split it."))])
        if depth > MAX_DEPTH:
            raise BadFile([*self.problems, Problem(line, _("Lists lie too deep in each other here."))])
        if isinstance(event, yaml.AliasEvent):
            self._wrong(event, _("References (*name) are not allowed. Write the text out."))
            return Scalar(line, "", True)
        if event.anchor:
            self._wrong(event, _("Anchors (&name) are not allowed. Take them out."))
        if getattr(event, "tag", None):
            self._wrong(event, _("Tags (!name) are not allowed. Take them out."))
        if isinstance(event, yaml.ScalarEvent):
            if HIDDEN.search(event.value):
                self._wrong(event, _("There are invisible signs in this text. Write it anew."))
            return Scalar(line, event.value, not event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._listing(line, events, depth)
        return self._table(line, events, depth)

    def _listing(self, line: int, events: Iterator[yaml.Event], depth: int) -> Listing:
        found = Listing(line)
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.items.append(self._node(event, events, depth + 1))
        return found

    def _table(self, line: int, events: Iterator[yaml.Event], depth: int) -> Table:
        found = Table(line)
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                self._wrong(event, _("A field needs a plain name."))
            elif key.text in found.values:
                first = found.lines[key.text]
                self._wrong(
                    event,
                    _("“%(key)s” is given twice, first on line %(first)d.") % {"key": shown(key.text), "first": first},
                )
            else:
                found.values[key.text] = value
                found.lines[key.text] = key.line
        return found

    def _wrong(self, event: yaml.Event, text: str) -> None:
        self.problems.append(Problem(event.start_mark.line + 1, text))

    def _broken(self, error: yaml.YAMLError) -> Problem:
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            return Problem(
                mark.line + 1, _("From here on the file cannot be read. Check indentation, quotes and colons above.")
            )
        # A sign that YAML does not know has a place but no mark.
        place = getattr(error, "position", None)
        line = self.text[:place].count("\n") + 1 if isinstance(place, int) else 1
        return Problem(line, _("There is a sign here that no text may hold. Take it out."))


def shown(text: str, limit: int = 40) -> str:
    """A piece of the file for a message: printable and short."""
    plain = "".join(sign if sign.isprintable() else "·" for sign in text)
    return plain if len(plain) <= limit else f"{plain[: limit - 1]}…"
