"""How forms are drawn: label, help, error and control, each tied to the other for screen readers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template
from django.utils.translation import pgettext

# Templates of Django's that have one of ours in their place.
OURS = {
    "django/forms/widgets/radio.html": "ui/forms/choices.html",
    "django/forms/widgets/checkbox_select.html": "ui/forms/choices.html",
    "django/forms/errors/list/default.html": "ui/forms/errors.html",
}
DASHES = "---------"  # what Django and its filters say where nothing is chosen yet


def css_class(widget: forms.Widget) -> str:
    """The class that gives a control its look."""
    if isinstance(widget, (forms.CheckboxSelectMultiple, forms.RadioSelect, forms.CheckboxInput)):
        return ""
    if isinstance(widget, forms.Select):
        return "form-select"
    if isinstance(widget, forms.HiddenInput):
        return ""
    return "form-control"


class Field(BoundField):
    """A bound field that dresses its control."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        look = css_class(widget or self.field.widget)
        if look:
            given = (widget or self.field.widget).attrs.get("class", "")
            attrs["class"] = f"{look} {given}".strip()
        return attrs

    @property
    def is_check(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole row of a two-column form."""
        return isinstance(self.field.widget, (forms.Textarea, forms.CheckboxSelectMultiple, forms.RadioSelect))


class Renderer(DjangoTemplates):
    """Settings' FORM_RENDERER."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field

    def get_template(self, template_name: str) -> Any:
        name = OURS.get(template_name, template_name)
        # Ours may use the project's tags; Django's own know nothing but themselves.
        return get_template(name) if name.startswith("ui/") else super().get_template(name)

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> Any:
        widget = context.get("widget") or {}
        for _group, options, _index in widget.get("optgroups", ()):
            for option in options:
                if option["value"] == "" and option["label"] == DASHES:
                    option["label"] = pgettext("a list where nothing is chosen yet", "Choose")
        return super().render(template_name, context, request)
