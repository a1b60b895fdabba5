"""Addresses."""

from django.urls import path

from tirek.live.stream import stream

app_name = "live"
urlpatterns = [path("stream", stream, name="stream")]
