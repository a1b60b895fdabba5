"""What other apps put on the page of an area: `panel_section(fn)`, with `fn(request, area) -> Section | None`."""

from __future__ import annotations

from tirek.ui.sections import Sections

sections = Sections()
panel_section = sections.add
