"""What other apps put on the page of a notice: `page_section(fn)`, with `fn(request, notice) -> Section | None`."""

from __future__ import annotations

from tirek.ui.sections import Sections

sections = Sections()
page_section = sections.add
