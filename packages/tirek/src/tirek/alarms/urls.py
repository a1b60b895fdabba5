"""Addresses."""

from django.urls import path

from tirek.alarms import views

app_name = "alarms"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("list/", views.desk_list, name="desk_list"),
    path("shown/", views.shown, name="shown"),
    path("map.json", views.map_json, name="map_json"),
    path("alarms/<int:pk>/", views.alarm, name="alarm"),
    path("alarms/<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("alarms/<int:pk>/take/", views.take, name="take"),
    path("alarms/<int:pk>/close/", views.close, name="close"),
    path("alarms/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("alarms/<int:pk>/note/", views.note, name="note"),
    path("alarms/<int:pk>/steps/<int:step>/", views.step, name="step"),
    path("history/", views.history, name="history"),
    path("panels/", views.panels, name="panels"),
    path("panels/new/", views.panel_new, name="panel_new"),
    path("panels/<int:pk>/", views.panel, name="panel"),
    path("panels/<int:pk>/edit/", views.panel_edit, name="panel_edit"),
    path("panels/<int:pk>/clock/", views.panel_clock, name="panel_clock"),
    path("panels/<int:pk>/test/", views.panel_test, name="panel_test"),
    path("unknown/", views.unknown, name="unknown"),
    path("unknown/<int:pk>/adopt/", views.adopt, name="adopt"),
    path("press/", views.press_button, name="press"),
]
