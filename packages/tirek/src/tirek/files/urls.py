"""Addresses."""

from django.urls import path

from tirek.files import views

app_name = "files"
urlpatterns = [
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/<int:pk>/", views.upload, name="upload"),
    path("thumbnails/<int:pk>.jpg", views.thumbnail, name="thumbnail"),
    path("<int:pk>/<str:name>", views.file, name="file"),
]
