"""Clear away old events; the audit chain keeps what must be kept."""

from datetime import timedelta

from django.utils import timezone

from tirek.live.models import Event

KEEP = timedelta(hours=24)


def prune(keep: timedelta = KEEP) -> int:
    """Delete events older than `keep`, but never the newest one, so that ids go on. Returns how many went."""
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return 0
    return Event.objects.filter(at__lt=timezone.now() - keep, pk__lt=newest).delete()[0]
