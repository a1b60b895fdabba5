"""Finds every page of a running Tirek, by following links as each sample person, so that a new page needs no word here.

An address that no link leads to is asked for with the arguments that its neighbours were seen with: a page that only a
button opens is found too, and what merely takes posts answers 405 and is left alone.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from lxml import html

from tests.battery.addresses import Address, addresses
from tests.battery.pages import is_page
from tests.battery.samples import sample_of
from tirek.accounts import sample
from tirek.accounts.roles import ROLES


def _one_of_each() -> dict[str, str]:
    """Log-in names with languages: one person for each set of rights. Those who may most come first: what a later one sees
    no differently is not drawn again.
    """
    chosen: dict[Any, sample.SamplePerson] = {}
    for one in sample.PEOPLE:
        role = ROLES[one.role]
        chosen.setdefault((role.permissions, role.own_only), one)
    ranked = sorted(chosen.values(), key=lambda one: -len(ROLES[one.role].permissions))
    return {one.username: one.language for one in ranked}


PEOPLE = _one_of_each()
#: Leads out, or changes who one is.
SHUNNED = {"account_logout", "accounts:become", "accounts:become_person", "ui:language", "live:stream"}
#: What a search box or a filter shows when it is used.
ASKED = ("/search?q=1", "/facilities/?q=%D1%88%D0%BA%D0%BE%D0%BB", "/audit/?q=zzzz", "/people/?q=zzzz")


@dataclass
class Page:
    """One page as one person sees it. `shape` is what it is made of: tags with their classes."""

    name: str
    url: str
    person: str
    status: int
    shape: frozenset[str]


@dataclass
class Found:
    """`pages`: to be looked at. `seen`: every name that answered with a page. `broken`: what no person should meet."""

    pages: list[Page] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    arguments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    no_page: set[str] = field(default_factory=set)


def sign_in(request: Any, base: str, person: str) -> None:
    """Play a sample person: `request` (a context's request) has their session from here on."""
    token = re.search(r'name="csrf-token" content="([^"]+)"', request.get(f"{base}/account/login/").text())
    assert token, "the log-in page names no token"
    answer = request.post(
        f"{base}/people/become/",
        form={"as": person, "csrfmiddlewaretoken": token[1]}, headers={"Referer": f"{base}/account/login/"},
    )  # fmt: skip
    assert answer.ok, f"{person}: {answer.status}"


def walk(context_of: Any, base: str, *, first: tuple[str, ...] = ()) -> Found:
    """Every page that somebody sees. `context_of(person)` gives a browser context that is theirs."""
    found = Found()
    for person in PEOPLE:
        for path in (*first, *ASKED):
            _look(context_of(person).request, base, person, found, path, sure=False)
        _follow(context_of(person).request, base, person, found)
    for person in PEOPLE:
        _try_the_rest(context_of(person).request, base, person, found)
    return found


def unreached(found: Found) -> list[str]:
    """Addresses that nobody could open. Those of a record count for nothing here: the sample may have no such record."""
    known = found.seen | found.no_page | SHUNNED
    return sorted(a.name for a in addresses() if a.name and not a.parts and a.name not in known)


def _follow(request: Any, base: str, person: str, found: Found) -> None:
    """Breadth first, one page of each name."""
    waiting, asked = deque(["/"]), set()
    while waiting:
        path = waiting.popleft()
        key = _key(path)
        if key is None or key in asked:
            continue
        asked.add(key)
        if (tree := _look(request, base, person, found, path)) is not None:
            waiting.extend(_links(tree, path))
            _learn(tree, path, found)


def _try_the_rest(request: Any, base: str, person: str, found: Found) -> None:
    for address in addresses():
        if not address.name or address.name in found.seen | found.no_page | SHUNNED:
            continue
        for path in _guesses(address, found):
            _look(request, base, person, found, path, sure=False)
            if address.name in found.seen | found.no_page:
                break


def _guesses(address: Address, found: Found) -> Iterator[str]:
    space = address.name.rpartition(":")[0]
    known = found.arguments.get(space, []) if address.parts else [{}]
    tried = set()
    for arguments in known:
        if address.parts <= arguments.keys():
            try:
                path = reverse(address.name, kwargs={key: arguments[key] for key in address.parts})
            except NoReverseMatch:
                continue
            if path not in tried and len(tried) < 6:
                tried.add(path)
                query = sample_of(address).query
                yield f"{path}?{query}" if query else path


def _look(request: Any, base: str, person: str, found: Found, path: str, *, sure: bool = True) -> Any:
    """Ask for one path. Returns its tree if it is a whole page that this person may see."""
    answer = request.get(base + path, max_redirects=5)
    name = _name(urlsplit(answer.url).path)
    asked = _name(urlsplit(path).path)
    if answer.status == 405 and asked:
        found.no_page.add(asked)
        return None
    if answer.status >= 500 or (sure and answer.status in {403, 404}):
        found.broken.append(f"{person}: {path} answers {answer.status}")
        return None
    if asked and asked != name:
        found.no_page.add(asked)  # it only leads elsewhere
    kind = answer.headers.get("content-type", "")
    if not answer.ok or name is None:
        return None
    if not is_page(kind, text := answer.text() if kind.startswith("text/html") else ""):
        found.no_page.add(name)
        return None
    tree = html.fromstring(text)
    page = Page(name, answer.url.removeprefix(base), person, answer.status, _shape(tree))
    known = frozenset().union(*(p.shape for p in found.pages if p.name == name))
    if not page.shape <= known:
        found.pages.append(page)
    found.seen.add(name)
    return tree


def _shape(tree: Any) -> frozenset[str]:
    main = tree.find(".//main")
    return frozenset(
        f"{e.tag}.{' '.join(sorted((e.get('class') or '').split()))}"
        for e in (main if main is not None else tree).iter()
        if isinstance(e.tag, str)
    )


def _links(tree: Any, here: str) -> Iterator[str]:
    for anchor in tree.iter("a"):
        target = urlsplit(urljoin(here, anchor.get("href") or ""))
        if not target.netloc and not target.scheme and anchor.get("download") is None:
            yield target.path + (f"?{target.query}" if target.query else "")


def _learn(tree: Any, here: str, found: Found) -> None:
    """Which arguments the addresses of each app are used with on this page."""
    for element in tree.iter("a", "form", "button"):
        for attribute in ("href", "action", "formaction"):
            if value := element.get(attribute):
                try:
                    match = resolve(urlsplit(urljoin(here, value)).path)
                except Resolver404:
                    continue
                known = found.arguments.setdefault(match.namespace, [])
                if match.kwargs and match.kwargs not in known:
                    known.append(match.kwargs)


def _name(path: str) -> str | None:
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def _key(path: str) -> tuple[str, ...] | None:
    """What counts as the same page: the name, and words in the address; not which record, and no filters."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    if match.view_name in SHUNNED:
        return None
    return (match.view_name, *(str(value) for value in match.kwargs.values() if not str(value).isdigit()))
