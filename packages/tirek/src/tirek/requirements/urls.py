"""Addresses."""

from django.urls import path

from tirek.requirements import views

app_name = "requirements"
urlpatterns = [
    path("", views.standards, name="standards"),
    path("import/", views.import_file, name="import"),
    path("import/confirm/", views.import_confirm, name="import_confirm"),
    path("compare/", views.compare, name="compare"),
    path("standards/<int:pk>/", views.standard, name="standard"),
    path("editions/<int:pk>/", views.edition, name="edition"),
    path("editions/<int:pk>/file/", views.edition_file, name="edition_file"),
    path("editions/<int:pk>/enforce/", views.enforce, name="enforce"),
    path("editions/<int:pk>/remove/", views.remove, name="remove"),
    path("<int:pk>/", views.requirement, name="requirement"),
    path("<int:pk>/facilities/", views.facilities, name="facilities"),
    path("<int:pk>/facilities/<int:facility>/", views.standing, name="standing"),
    path("<int:pk>/facilities/<int:facility>/declare/", views.declare, name="declare"),
]
