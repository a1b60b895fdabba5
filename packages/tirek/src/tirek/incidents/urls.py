"""Addresses."""

from django.urls import path

from tirek.incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.register, name="incidents"),
    path("map.json", views.map_json, name="map_json"),
    path("where.json", views.where_json, name="where_json"),
    path("new/", views.new, name="new"),
    path("bulk/", views.bulk, name="bulk"),
    path("<int:pk>/", views.incident, name="incident"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/verify/", views.verify, name="verify"),
    path("<int:pk>/refute/", views.refute, name="refute"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/merge/", views.merge, name="merge"),
    path("<int:pk>/part/", views.part, name="part"),
    path("duplicates/", views.pairs, name="pairs"),
    path("duplicates/<int:pk>/", views.decide, name="decide"),
    path("silences/", views.silences, name="silences"),
    path("silences/<int:pk>/withdraw/", views.silence_withdraw, name="silence_withdraw"),
    path("signals/", views.signals, name="signals"),
    path("kinds/", views.kinds, name="kinds"),
    path("kinds/new/", views.kind_new, name="kind_new"),
    path("kinds/<int:pk>/", views.kind_edit, name="kind_edit"),
]
