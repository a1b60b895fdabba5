"""Addresses that devices call; docs/architecture.md, "Devices"."""

from django.urls import path

from tirek.warning.views import agent

app_name = "agent"
urlpatterns = [
    path("enrol", agent.enrol, name="enrol"),
    path("clips", agent.clips, name="clips"),
    path("clips/<str:sha256>", agent.clip, name="clip"),
]
