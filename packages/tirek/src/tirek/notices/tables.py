"""Registers of this app."""

from __future__ import annotations

from datetime import date

import django_tables2 as tables
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from tirek.notices.models import Notice
from tirek.ui.templatetags.tirek import tag

TONES = {"draft": "", "issued": "warn", "served": "accent", "answered": "accent", "closed": "", "withdrawn": ""}


def state_tag(notice: Notice) -> SafeString:
    """The state as a small label."""
    return tag(notice.get_state_display(), TONES[notice.state])


def term(notice: Notice) -> SafeString | str:
    """The term as people say it: "in 5 days", "overdue 9 days"; the date itself when it no longer counts."""
    if not notice.is_open:
        return formats.date_format(notice.due_on, "SHORT_DATE_FORMAT")
    left = notice.days_left
    if left < 0:
        words = ngettext("overdue %(n)d day", "overdue %(n)d days", -left) % {"n": -left}
        return format_html('<span title="{}">{}</span>', formats.date_format(notice.due_on), tag(words, "warn"))
    words = gettext("today") if left == 0 else ngettext("%(n)d day", "%(n)d days", left) % {"n": left}
    return format_html('<span title="{}">{}</span>', formats.date_format(notice.due_on), words)


class NoticeTable(tables.Table):
    number = tables.Column(verbose_name=gettext_lazy("Notice"), order_by=("year", "sequence"), empty_values=())
    facility = tables.Column(verbose_name=gettext_lazy("Facility"), orderable=False)
    state = tables.Column(verbose_name=gettext_lazy("State"))
    demands = tables.Column(
        verbose_name=gettext_lazy("Put right"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    due_on = tables.Column(verbose_name=gettext_lazy("Term"))
    issued_at = tables.Column(
        verbose_name=pgettext_lazy("notice", "Issued"),
        empty_values=(),
        attrs={"td": {"class": "num mute"}, "th": {"class": "num"}},
    )

    class Meta:
        order_by = ("-issued_at",)
        row_attrs = {"data-id": lambda record: record.pk}
        empty_text = gettext_lazy("No notice fits these filters.")

    def render_number(self, record: Notice) -> SafeString:
        name = record.number or gettext("draft")
        return format_html(
            '<a class="row-link" href="{}">{}</a><small class="mute d-block">{}</small>',
            record.get_absolute_url(),
            name,
            record.issued_by or record.made_by,
        )

    def render_facility(self, record: Notice) -> SafeString:
        facility = record.facility
        return format_html('{}<small class="mute d-block">{}</small>', facility.name, facility.area.name)

    def render_state(self, record: Notice) -> SafeString:
        wish = tag(gettext("asks for time"), "accent") if getattr(record, "asks_for_time", False) else ""
        return format_html("{} {}", state_tag(record), wish)

    def render_demands(self, record: Notice) -> str:
        return f"{record.done} / {record.demands}"

    def render_due_on(self, value: date, record: Notice) -> SafeString | str:
        return term(record)

    def render_issued_at(self, record: Notice) -> str:
        return formats.date_format(record.issued_at, "SHORT_DATE_FORMAT") if record.issued_at else "—"
