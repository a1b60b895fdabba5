"""Fields of forms that take files. What they clean to is stored by the view, which knows the person:

class NoteForm(forms.Form):
    photos = MultipleStoredFilesField(kind="photo", required=False)

stored = [incoming.store(request.user) for incoming in form.cleaned_data["photos"]]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.files import actions
from tirek.files.kinds import ENDINGS, KINDS
from tirek.files.models import StoredFile

MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that came with a form: its size and content are looked at, nothing is kept yet."""

    file: UploadedFile
    kind: str

    def store(self, user: Any, **options: Any) -> StoredFile:
        """`actions.store` of it. Raises `Refused` (a virus, a damaged picture)."""
        self.file.seek(0)
        return actions.store(user, self.file, kind=self.kind, name=self.file.name or "file", **options)


class StoredFileInput(forms.FileInput):
    """A file input that offers the right files; on a phone a photo may come straight from the camera."""

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        endings = ",".join(ending for media in sorted(KINDS[kind].types) for ending in ENDINGS[media])
        accept = "image/*" if kind == "photo" else endings
        super().__init__({"accept": accept, **(attrs or {})})


class MultipleStoredFilesInput(StoredFileInput):
    allow_multiple_selected = True


class StoredFileField(forms.FileField):
    """One file of a kind; cleans to `Incoming`, or None."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        kwargs.setdefault("widget", self.input(kind))
        super().__init__(**kwargs)

    @staticmethod
    def input(kind: str) -> forms.FileInput:
        return StoredFileInput(kind)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        return self._incoming(file) if isinstance(file, UploadedFile) else None

    def _incoming(self, file: UploadedFile) -> Incoming:
        try:
            actions.check(file, kind=self.kind)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return Incoming(file, self.kind)


class MultipleStoredFilesField(StoredFileField):
    """Several files of a kind; cleans to a list of `Incoming`."""

    @staticmethod
    def input(kind: str) -> forms.FileInput:
        return MultipleStoredFilesInput(kind)

    def clean(self, data: Any, initial: Any = None) -> list[Incoming]:
        given = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)d files at once.") % {"most": MOST_FILES})
        if not given:
            super().clean(None, initial)
            return []
        found, errors = [], []
        for file in given:
            try:
                found.append(super().clean(file, initial))
            except forms.ValidationError as error:
                errors += [f"{file.name}: {sentence}" for sentence in error.messages]
        if errors:
            raise forms.ValidationError(errors)
        return found
