"""What happened just now. Rows are short-lived: they serve open pages, the audit chain serves memory."""

from django.db import models


class Event(models.Model):
    """One change that open pages want to hear of. Says what changed, never its content."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    permission = models.CharField(max_length=80, help_text="who may hear of it")
    area_path = models.CharField(max_length=200, blank=True, help_text="empty: not bound to a place")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"
