"""Addresses."""

from django.urls import path

from tirek.reports import views

app_name = "reports"
urlpatterns = [path("", views.done, name="done")]
