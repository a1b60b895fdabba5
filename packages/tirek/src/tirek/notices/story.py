"""The course of one notice, as its page tells it. Read from the rows themselves; the log has the same with before and after."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tirek.notices.models import Notice, Reminder


def story(notice: Notice) -> list[dict[str, Any]]:
    """Lines for the tag `timeline`, oldest first."""
    lines = [_line(notice.made_at, _("drafted"), notice.made_by)]
    if notice.issued_at:
        lines.append(_line(notice.issued_at, pgettext("notice", "issued"), notice.issued_by, key=True))
    if notice.served_at:
        how = notice.get_served_method_display()
        lines.append(
            _line(notice.served_at, _("served %(how)s: %(to)s") % {"how": how, "to": notice.served_to}, key=True)
        )
    if notice.read_at:
        lines.append(_line(notice.read_at, _("opened by the facility"), notice.read_by))
    for reply in notice.replies.all():
        lines.append(_line(reply.at, _("the facility answered"), reply.by))
    for wish in notice.extensions.all():
        until = wish.until.strftime("%d.%m.%Y")
        lines.append(_line(wish.asked_at, _("asked for time until %(date)s") % {"date": until}, wish.asked_by))
        if wish.decided_at:
            until = wish.granted_until.strftime("%d.%m.%Y") if wish.granted_until else ""
            said = _("granted until %(date)s") % {"date": until} if wish.granted else _("more time was not granted")
            lines.append(_line(wish.decided_at, said, wish.decided_by, key=True))
    for at, kind in sorted({(row.at, row.kind) for row in notice.reminders.all()}):
        lines.append(_line(at, _("told: %(what)s") % {"what": Reminder.Kind(kind).label}))
    if notice.closed_at:
        lines.append(_line(notice.closed_at, _("closed by a re-inspection"), notice.closed_by.inspector, key=True))
    return sorted(lines, key=lambda line: line["at"])


def _line(at: Any, text: str, by: Any = "", *, key: bool = False) -> dict[str, Any]:
    return {"at": at, "text": text, "by": str(by or ""), "key": key}
