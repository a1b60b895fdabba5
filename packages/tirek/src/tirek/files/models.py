"""What people upload. Which record holds a file is that record's business (see `files.registry`)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.files.kinds import KIND_CHOICES


class StoredFile(models.Model):
    """One file as we keep and serve it. The bytes lie in MEDIA_ROOT under their hash, so equal files take no more room."""

    class Scan(models.TextChoices):
        NONE = "", _("not scanned")
        CLEAN = "clean", _("no virus found")
        SKIPPED = "skipped", _("no virus scanner is set up")

    sha256 = models.CharField(max_length=64, db_index=True, help_text="of the bytes that are kept")
    size = models.PositiveBigIntegerField(help_text="bytes that are kept")
    source_sha256 = models.CharField(max_length=64, db_index=True, help_text="of the bytes that were handed in")
    source_size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100, help_text="found in the content, never in the name")
    name = models.CharField(max_length=200, help_text="the person's own, made harmless")
    kind = models.CharField(max_length=10, choices=KIND_CHOICES)
    path = models.CharField(max_length=200, help_text="below MEDIA_ROOT")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True, help_text="as the camera said; its clock may be wrong")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    client_id = models.CharField(max_length=64, blank=True, help_text="the device's own number of this upload")
    scanned = models.CharField(max_length=8, choices=Scan.choices, default=Scan.NONE, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("file")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["uploaded_by", "client_id"], condition=~Q(client_id=""), name="files_one_row_per_client_id"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("files:file", args=[self.pk, self.name])

    @property
    def thumbnail_url(self) -> str:
        """Address of the small picture, or "" for what is no picture."""
        return reverse("files:thumbnail", args=[self.pk]) if self.is_picture else ""

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


class Upload(models.Model):
    """A file that arrives in pieces, over hours or days if it must. How much is here, the part on the disk says."""

    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    client_id = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=KIND_CHOICES)
    name = models.CharField(max_length=200)
    started_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True, db_index=True)
    stored = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    refused = models.TextField(blank=True, help_text="why the whole file was not taken")

    class Meta:
        verbose_name = _("upload")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["uploaded_by", "client_id"], name="files_one_upload_per_client_id")
        ]

    def __str__(self) -> str:
        return self.name
