"""Addresses."""

from django.urls import path

from tirek.places import views

app_name = "places"
urlpatterns = [
    path("", views.areas, name="areas"),
    path("<int:pk>/", views.area, name="area"),
    path("<int:pk>/edit/", views.area_edit, name="area_edit"),
    path("map.json", views.map_json, name="map_json"),
    path("import/", views.upload, name="import"),
    path("import/preview/", views.preview, name="preview"),
    path("import/confirm/", views.confirm, name="confirm"),
]
