"""Addresses."""

from django.urls import path

from tirek.upgrades import views

app_name = "upgrades"
urlpatterns = [
    path("", views.plans, name="plans"),
    path("new/", views.new, name="new"),
    path("compare/", views.compare, name="compare"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("plans/<int:pk>/edit/", views.edit, name="edit"),
    path("plans/<int:pk>/compute/", views.compute, name="compute"),
    path("plans/<int:pk>/adopt/", views.adopt, name="adopt"),
    path("plans/<int:pk>/remove/", views.remove, name="remove"),
    path("plans/<int:pk>/facilities/<int:facility>/", views.choose, name="choose"),
    path("plans/<int:pk>/map.json", views.map_json, name="map_json"),
    path("plans/<int:pk>/order.pdf", views.order_pdf, name="order_pdf"),
    path("measures/", views.measures, name="measures"),
    path("measures/new/", views.measure_new, name="measure_new"),
    path("measures/<int:pk>/", views.measure, name="measure"),
    path("scenarios/", views.scenarios, name="scenarios"),
    path("scenarios/new/", views.scenario_new, name="scenario_new"),
    path("scenarios/<int:pk>/", views.scenario, name="scenario"),
    path("facilities/<int:pk>/consequence/", views.consequence, name="consequence"),
    path("facilities/<int:pk>/what-if/", views.what_if, name="what_if"),
    path("facilities/<int:pk>/what-if/keep/", views.keep, name="keep"),
    path("what-ifs/<int:pk>/remove/", views.remove_kept, name="remove_kept"),
]
