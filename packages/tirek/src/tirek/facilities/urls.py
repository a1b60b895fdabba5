"""Addresses."""

from django.urls import path

from tirek.facilities import views

app_name = "facilities"
urlpatterns = [
    path("", views.register, name="register"),
    path("map.json", views.map_json, name="map_json"),
    path("new/", views.new, name="new"),
    path("bulk/", views.bulk, name="bulk"),
    path("bulk/<int:pk>/", views.bulk_done, name="bulk_done"),
    path("<int:pk>/", views.facility, name="facility"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/contacts/new/", views.contact_new, name="contact_new"),
    path("contacts/<int:pk>/", views.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/remove/", views.contact_remove, name="contact_remove"),
    path("<int:pk>/buildings/new/", views.building_new, name="building_new"),
    path("buildings/<int:pk>/", views.building_edit, name="building_edit"),
    path("buildings/<int:pk>/remove/", views.building_remove, name="building_remove"),
    path("<int:pk>/entrances/new/", views.entrance_new, name="entrance_new"),
    path("entrances/<int:pk>/", views.entrance_edit, name="entrance_edit"),
    path("entrances/<int:pk>/remove/", views.entrance_remove, name="entrance_remove"),
    path("<int:pk>/documents/new/", views.document_new, name="document_new"),
    path("documents/<int:pk>/replace/", views.document_replace, name="document_replace"),
    path("documents/<int:pk>/remove/", views.document_remove, name="document_remove"),
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/new/", views.propose, name="propose"),
    path("<int:pk>/propose/", views.propose_change, name="propose_change"),
    path("proposals/<int:pk>/", views.proposal, name="proposal"),
    path("proposals/<int:pk>/review/", views.review, name="review"),
    path("decisions/new/", views.decide, name="decide"),
    path("decisions/<int:pk>/", views.decision, name="decision"),
]
