"""Addresses."""

from django.urls import path

from tirek.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read, name="read"),
    path("new/<int:inspection_pk>/", views.draft, name="draft"),
    path("<int:pk>/", views.notice, name="notice"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/paper/", views.paper, name="paper"),
    path("<int:pk>/issue/", views.issue, name="issue"),
    path("<int:pk>/discard/", views.discard, name="discard"),
    path("<int:pk>/serve/", views.serve, name="serve"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/time/", views.ask, name="ask"),
    path("<int:pk>/time/<int:extension_pk>/", views.decide, name="decide"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
