"""Triggers that keep the table of entries append-only."""

from django.db import migrations

from tirek.audit import triggers


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(triggers.forwards, triggers.backwards)]
