"""Addresses."""

from django.urls import path

from tirek.sheets import views

app_name = "sheets"
urlpatterns = [
    path("imports/<int:pk>/", views.found, name="import"),
    path("imports/<int:pk>/read/", views.read_again, name="read_again"),
    path("imports/<int:pk>/write/", views.write, name="write"),
    path("imports/<int:pk>/errors.xlsx", views.errors, name="errors"),
    path("<slug:key>/", views.sheet, name="sheet"),
    path("<slug:key>/template.<str:form>", views.template, name="template"),
    path("<slug:key>/export.<str:form>", views.export, name="export"),
]
