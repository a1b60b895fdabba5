"""Registers of this app."""

from __future__ import annotations

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from tirek.facilities.models import Facility
from tirek.facilities.queries import name_field
from tirek.passports.models import Passport
from tirek.passports.queries import Standing
from tirek.ui.templatetags.tirek import tag

NOTHING = "—"


def state_tag(passport: Passport) -> SafeString:
    """The state as a small label; one in force whose facts have changed says so."""
    if passport.is_stale:
        return tag(pgettext("passport", "out of date"), "warn")
    tone = {"agreed": "accent", "approved": "", "draft": "", "replaced": ""}[passport.state]
    return tag(passport.get_state_display(), tone)


class PassportTable(tables.Table):
    """A line for each facility: what is in force, and what is in work."""

    name = tables.Column(verbose_name=gettext_lazy("Facility"))
    type = tables.Column(verbose_name=gettext_lazy("Type"), orderable=False)
    in_force = tables.Column(verbose_name=pgettext_lazy("column", "In force"), accessor="pk", orderable=False)
    in_work = tables.Column(verbose_name=pgettext_lazy("column", "In work"), accessor="pk", orderable=False)

    class Meta:
        order_by = ("name",)
        empty_text = gettext_lazy("No facility fits these filters.")

    standings: dict[int, Standing]

    def order_name(self, rows: QuerySet[Facility], is_descending: bool) -> tuple[QuerySet[Facility], bool]:
        column = name_field()
        return rows.order_by(f"-{column}" if is_descending else column, "pk"), True

    def render_name(self, record: Facility) -> SafeString:
        url = f"{reverse('facilities:facility', args=[record.pk])}?tab=passport"
        return format_html(
            '<a class="row-link" href="{}">{}</a><small class="mute d-block">{}</small>',
            url,
            record.name,
            record.address or record.area.name,
        )

    def render_type(self, record: Facility) -> str:
        return str(record.type)

    def render_in_force(self, record: Facility) -> SafeString | str:
        return self._cell(self.standings.get(record.pk, Standing()).in_force)

    def render_in_work(self, record: Facility) -> SafeString | str:
        return self._cell(self.standings.get(record.pk, Standing()).in_work)

    def _cell(self, passport: Passport | None) -> SafeString | str:
        if passport is None:
            return NOTHING
        at = passport.stale_since or passport.agreed_at or passport.approved_at or passport.made_at
        return format_html(
            '<a href="{}">{}</a> {}<small class="mute d-block">{}</small>',
            passport.get_absolute_url(),
            gettext("version %(n)d") % {"n": passport.version},
            state_tag(passport),
            formats.date_format(at, "SHORT_DATE_FORMAT"),
        )
