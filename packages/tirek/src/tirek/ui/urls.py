"""Addresses of the frame itself."""

from django.urls import path

from tirek.ui import views
from tirek.ui.basemap import base_map

app_name = "ui"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("language", views.language, name="language"),
    path("ui/base-map", base_map, name="base_map"),
    path("ui/gallery/", views.gallery, name="gallery"),
]
