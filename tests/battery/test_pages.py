"""Every page in every language: it renders, it is translated, and a screen reader can use it."""

import re

import pytest
from django.test import Client

from tests.battery.addresses import guarded
from tests.battery.conftest import roles_with
from tests.battery.pages import is_page, label_of, name_of, outline, squeezed, texts_of, tree_of
from tests.battery.samples import sample_of, url_of
from tools import messages

pytestmark = pytest.mark.django_db
OWN_NAMES = {"English"}  # each language calls itself by its own name, everywhere
# Four English words in a row; the names in the small province ("Aral kk") are none.
ENGLISH_SENTENCE = re.compile(r"(?:\b(?!kk\b|ru\b)[A-Za-z']{2,} ){3,}(?!kk\b|ru\b)[A-Za-z']{2,}")
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


def msgids(language):
    """Messages that read differently in the language: their English text on a page is a fault."""
    found = set()
    for app in messages.apps():
        for message in messages.read(app, language):
            if isinstance(message.id, str) and message.id and message.string and message.string != message.id:
                found.add(message.id)
    return found - OWN_NAMES


@pytest.fixture(scope="module")
def untranslated():
    return {language: msgids(language) for language in ("kk", "ru")}


def page_of(address, province, visitor, language):
    """The page as the widest role sees it in the language, or None when the address is no page."""
    if address.guard is None:
        client = Client()
        client.cookies["django_language"] = language
    else:
        client = visitor(roles_with(address)[0], language=language)
    response = client.get(url_of(address, province))
    if response.status_code not in {200} | sample_of(address).answers or response.streaming:
        return None
    content = response.content.decode(errors="replace")
    return content if is_page(response.headers.get("Content-Type", ""), content) else None


@pytest.mark.parametrize("address", guarded(), ids=str)
def test_in_every_language(address, small_province, visitor, untranslated):
    for language in ("kk", "ru", "en"):
        content = page_of(address, small_province, visitor, language)
        if content is None:
            return
        tree = tree_of(content)
        assert tree.get("lang") == language
        english = {squeezed(text) for text in texts_of(tree)} & untranslated.get(language, set())
        assert not english, f"{address.name} shows in {language} what stands in English in the code: {sorted(english)}"
        sentences = {
            text for text in map(squeezed, texts_of(tree)) if language != "en" and ENGLISH_SENTENCE.search(text)
        }
        assert not sentences, f"{address.name} shows in {language}, perhaps from a library: {sorted(sentences)}"


@pytest.mark.parametrize("address", guarded(), ids=str)
def test_accessible(address, small_province, visitor):
    content = page_of(address, small_province, visitor, "en")
    if content is None:
        return
    tree = tree_of(content)
    faults = []
    if not squeezed(tree.findtext(".//title") or "").strip(" ·"):
        faults.append("no title")
    headings = [h for h in tree.iter("h1") if squeezed("".join(h.itertext()))]
    if len(headings) != 1:
        faults.append(f"{len(headings)} headings of the first level")
    if len(list(tree.iter("main"))) != 1:
        faults.append("no <main>, or several")
    ids = [e.get("id") for e in tree.iter() if isinstance(e.tag, str) and e.get("id")]
    faults += [f"id {i} is there twice" for i in {i for i in ids if ids.count(i) > 1}]
    for control in (c for tag in ("input", "select", "textarea") for c in tree.iter(tag)):
        if control.get("type") not in UNLABELLED and not label_of(control):
            faults.append(f"no label: {outline(control)}")
    for element in (e for tag in ("a", "button", "summary") for e in tree.iter(tag)):
        if not name_of(element):
            faults.append(f"no name: {outline(element)}")
    faults += [f"no alt: {outline(image)}" for image in tree.iter("img") if image.get("alt") is None]
    faults += [f"no scope: {outline(cell)}" for cell in tree.iter("th") if not cell.get("scope")]
    assert not faults, "\n".join([address.name, *faults])
