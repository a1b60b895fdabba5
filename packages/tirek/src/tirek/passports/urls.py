"""Addresses of this app."""

from django.urls import path

from tirek.passports import views

app_name = "passports"
urlpatterns = [
    path("", views.passports, name="passports"),
    path("draw-up/<int:facility_pk>/", views.draw_up, name="draw_up"),
    path("<int:pk>/", views.passport, name="passport"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/agree/", views.agree, name="agree"),
    path("<int:pk>/refuse/", views.refuse, name="refuse"),
    path("<int:pk>/pdf/", views.paper, name="paper"),
]
