"""Tags of the pages about people."""

from __future__ import annotations

import re

from django import template

from tirek.ui.templatetags.tirek import NONE

register = template.Library()

# In this order: each browser also names those that it wants to be taken for.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("YaBrowser", "Yandex"),
    ("Firefox", "Firefox"),
    ("(?:Headless)?Chrom(?:e|ium)", "Chrome"),
    ("Version/[\\d.]+ .*Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser_name(agent: str) -> str:
    """ "Chrome, Windows" of what a browser says of itself; the first word of what no browser says."""
    found = [
        next((name for pattern, name in known if re.search(pattern, agent or "")), "") for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or (agent or "").split("/")[0].split(" ")[0] or NONE
