"""The time line on A4, made by typst: page numbers, hash and QR at the foot."""

from __future__ import annotations

from pathlib import Path

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from tirek.ui.paper import moment, pdf
from tirek.warning.timeline import Timeline

TEMPLATE = Path(__file__).resolve().parent / "typst" / "timeline.typ"


def timeline_pdf(found: Timeline, url: str) -> bytes:
    """The time line as PDF. `url` is where the page stands; the QR at the foot leads there."""
    return pdf(TEMPLATE, _content(found), url=url)


def _content(found: Timeline) -> dict[str, object]:
    alert, tally = found.alert, found.tally
    second = _("s")
    facts = [
        (_("Number"), alert.identifier),
        (_("Mode"), str(alert.get_mode_display())),
        (_("Where"), alert.area_text),
        (_("People living there"), formats.number_format(alert.people, force_grouping=True)),
        (_("Composed by"), str(alert.author)),
        (_("Confirmed by"), str(alert.confirmed_by or _("nobody: issued alone in an emergency"))),
        (_("Issued"), moment(alert.issued_at)),
        (_("Valid until"), moment(alert.expires_at)),
    ]
    if alert.override_reason:
        facts.append((_("Why alone"), alert.override_reason))
    if alert.alarm_text:
        facts.append((_("Alarm"), alert.alarm_text))
    words = {
        "heard": _("heard"), "accepted": _("accepted"), "unknown": _("no data"), "failed": _("failed"),
        "expired": _("expired"), "pending": _("not sent"),
    }  # fmt: skip
    first, last = tally.first_s, tally.last_s
    return {
        "title": alert.headline,
        "kind": _("Course of events"),
        "exercise": _("EXERCISE") if alert.mode == "exercise" else "",
        "facts": facts,
        "counts": [(word, tally.counts[state]) for state, word in words.items()],
        "sound": _("First sound after %(first)s %(s)s, last after %(last)s %(s)s")
        % {"first": formats.number_format(first, 1), "last": formats.number_format(last, 1), "s": second}
        if first is not None and last is not None
        else "",
        "lines": [
            {
                "at": timezone.localtime(line.at).strftime("%d.%m %H:%M:%S"),
                "text": line.text,
                "by": line.by,
                "key": line.key,
            }
            for line in found.lines
        ],
        "hash": found.digest(),
    }
