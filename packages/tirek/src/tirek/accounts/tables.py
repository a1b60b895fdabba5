"""Registers of people and agencies."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from tirek.accounts.models import Agency, Assignment, Person
from tirek.ui.tables import AgoColumn, NameColumn, NumberColumn
from tirek.ui.templatetags.tirek import tag


def place_of(assignment: Assignment) -> str:
    """Where a role holds: "Martuk district, Health department", or "the whole province"."""
    parts = [str(part) for part in (assignment.area, assignment.agency) if part]
    return ", ".join(parts) or gettext("the whole province")


class PeopleTable(tables.Table):
    full_name = NameColumn(verbose_name=pgettext_lazy("person", "Name"))
    position = tables.Column(verbose_name=gettext_lazy("Position"))
    agency = tables.Column(verbose_name=gettext_lazy("Agency"), order_by="agency__code")
    roles = tables.Column(
        verbose_name=gettext_lazy("Roles"), accessor="running_roles", orderable=False, empty_values=()
    )
    phone = tables.Column(verbose_name=gettext_lazy("Phone"), orderable=False)
    last_login = AgoColumn(verbose_name=gettext_lazy("Last signed in"))

    class Meta:
        model = Person
        fields = ["full_name", "position", "agency", "roles", "phone", "last_login"]
        sequence = fields
        order_by = "full_name"

    def render_full_name(self, value: str, record: Person) -> SafeString:
        link = format_html('<a class="row-link" href="{}">{}</a>', record.get_absolute_url(), value)
        return link if record.is_active else format_html("{} {}", link, tag(gettext("closed")))

    def render_roles(self, value: list[Assignment]) -> SafeString | str:
        rows = ((a.get_role_display(), place_of(a)) for a in value)
        return format_html_join("", '<div>{} <span class="mute small">{}</span></div>', rows) if value else "—"


class AgencyTable(tables.Table):
    name = NameColumn(verbose_name=gettext_lazy("Agency"), order_by="name_ru")
    area = tables.Column(verbose_name=gettext_lazy("Area"), order_by="area__path")
    phone = tables.Column(verbose_name=gettext_lazy("Phone"), orderable=False)
    people_count = NumberColumn(verbose_name=gettext_lazy("Accounts"))

    class Meta:
        model = Agency
        fields = ["name", "area", "phone", "people_count"]
        sequence = fields
