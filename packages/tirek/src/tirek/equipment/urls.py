"""Addresses."""

from django.urls import path

from tirek.equipment import views

app_name = "equipment"
urlpatterns = [
    path("", views.items, name="items"),
    path("new/", views.new, name="new"),
    path("labels.pdf", views.labels, name="labels"),
    path("t/<str:tag>/", views.by_tag, name="tag"),
    path("<int:pk>/", views.item, name="item"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/move/", views.move, name="move"),
    path("<int:pk>/retire/", views.retire, name="retire"),
    path("<int:pk>/test/", views.test, name="test"),
    path("kinds/", views.kinds, name="kinds"),
    path("kinds/new/", views.kind_new, name="kind_new"),
    path("kinds/<int:pk>/", views.kind_edit, name="kind_edit"),
    path("stocktakes/", views.stocktakes, name="stocktakes"),
    path("stocktakes/new/", views.stocktake_new, name="stocktake_new"),
    path("stocktakes/<int:pk>/", views.stocktake, name="stocktake"),
    path("stocktakes/<int:pk>/list/", views.stocktake_list, name="stocktake_list"),
    path("stocktakes/<int:pk>/scan/", views.stocktake_scan, name="stocktake_scan"),
    path("stocktakes/<int:pk>/close/", views.stocktake_close, name="stocktake_close"),
    path("stocktakes/<int:pk>/apply/", views.stocktake_apply, name="stocktake_apply"),
]
