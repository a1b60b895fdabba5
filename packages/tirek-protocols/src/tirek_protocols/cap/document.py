"""XML from outside, read so that it cannot reach files or the network, nor fill the memory."""

from __future__ import annotations

from lxml import etree

from .errors import CapError

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"

MAX_BYTES = 4 * 1024 * 1024


def load(data: bytes, *, keep_comments: bool = False) -> etree._Element:
    """The root of an XML document. Raises `CapError` if it is too large, not well-formed, or has a document type.

    CAP has no document type, so entities and outside subsets have no honest use. White space before the XML
    declaration is passed over, though XML forbids it: it is a common fault of web servers.
    """
    if len(data) > MAX_BYTES:
        raise CapError(f"The message has {len(data)} bytes; {MAX_BYTES} are read at most.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=not keep_comments,
        remove_pis=not keep_comments,
    )
    try:
        root = etree.fromstring(data.lstrip(b" \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CapError(f"The message is not well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise CapError("The message has a document type, which CAP does not use.")
    return root


def name_of(element: etree._Element) -> tuple[str, str]:
    """Namespace ("" for none) and local name."""
    name = etree.QName(element)
    return name.namespace or "", name.localname
