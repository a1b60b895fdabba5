"""Addresses."""

from django.urls import path

from tirek.flashpoints import views

app_name = "flashpoints"
urlpatterns = [
    path("", views.board, name="board"),
    path("map.json", views.map_json, name="map_json"),
    path("brief.pdf", views.brief, name="brief"),
    path("areas/<int:pk>/", views.area, name="area"),
    path("areas/<int:pk>/sign/", views.sign, name="sign"),
    path("areas/<int:pk>/measures/new/", views.measure_new, name="measure_new"),
    path("signed/", views.flashpoints, name="flashpoints"),
    path("signed/<int:pk>/", views.flashpoint, name="flashpoint"),
    path("signed/<int:pk>/renew/", views.renew, name="renew"),
    path("signed/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("signed/<int:pk>/object/", views.object_to, name="object"),
    path("objections/<int:pk>/answer/", views.answer, name="answer"),
    path("measures/", views.measures, name="measures"),
    path("measures/<int:pk>/", views.measure, name="measure"),
    path("measures/<int:pk>/edit/", views.measure_edit, name="measure_edit"),
    path("measures/<int:pk>/close/", views.measure_close, name="measure_close"),
    path("outcomes/", views.outcomes, name="outcomes"),
    path("burden/", views.burden, name="burden"),
    path("runs/", views.runs, name="runs"),
    path("runs/compute/", views.compute, name="compute"),
    path("runs/<int:pk>/", views.run, name="run"),
]
