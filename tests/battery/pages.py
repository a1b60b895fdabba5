"""HTML pages of the battery, read as a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-confirm", "data-confirm-act", "data-label")
SILENT = {"script", "style", "code", "kbd", "template"}


def tree_of(content: str) -> html.HtmlElement:
    return html.fromstring(content)


def is_page(content_type: str, content: str) -> bool:
    """Whether it is a whole page, not a part of one."""
    return content_type.startswith("text/html") and "<html" in content[:2000]


def texts_of(tree: html.HtmlElement) -> Iterator[str]:
    """Every text that a person reads or hears, outside of passages marked as of another language."""
    language = tree.get("lang")
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if _is_read(element, language):
            yield from (element.get(name) or "" for name in SPOKEN)
            yield element.text or ""
        parent = element.getparent()
        if parent is not None and element.tail and _is_read(parent, language):
            yield element.tail


def _is_read(element: html.HtmlElement, language: str | None) -> bool:
    """Whether the text right inside the element is read, and in the page's language."""
    around = (element, *element.iterancestors())
    return not any(e.get("lang") not in (None, language) or e.tag in SILENT for e in around)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def name_of(element: html.HtmlElement) -> str:
    """The name that a screen reader says (a simple reading of the W3C's accname)."""
    if label := element.get("aria-label") or element.get("title"):
        return squeezed(label)
    if ids := element.get("aria-labelledby"):
        root = element.getroottree().getroot()
        return squeezed(" ".join("".join(e.itertext()) for i in ids.split() for e in root.xpath("//*[@id=$i]", i=i)))
    said = [e.get("aria-label") or e.get("alt") or "" for e in element.iter() if isinstance(e.tag, str)]
    return squeezed(" ".join([*element.itertext(), *said]))


def label_of(control: html.HtmlElement) -> str:
    """The name of a form's control: its own, or that of its label."""
    if own := name_of_attributes(control):
        return own
    root = control.getroottree().getroot()
    labels = [label for label in root.iter("label") if control.get("id") and label.get("for") == control.get("id")]
    labels += control.iterancestors("label")
    return squeezed(" ".join(name_of(label) for label in labels))


def name_of_attributes(control: html.HtmlElement) -> str:
    if label := control.get("aria-label") or control.get("title"):
        return squeezed(label)
    return name_of(control) if control.get("aria-labelledby") else ""


def outline(element: html.HtmlElement) -> str:
    """The element's opening tag, for messages."""
    attributes = " ".join(f'{key}="{value}"' for key, value in list(element.items())[:4])
    return f"<{element.tag} {attributes}> at line {element.sourceline}"
