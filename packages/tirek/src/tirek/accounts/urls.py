"""Addresses."""

from django.urls import path

from tirek.accounts import agency_views, own_views, sample_bar, saved_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.people, name="people"),
    path("add/", views.add_person, name="add_person"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/edit/", views.change_person, name="change_person"),
    path("<int:pk>/close/", views.close_person, name="close_person"),
    path("<int:pk>/reopen/", views.reopen_person, name="reopen_person"),
    path("<int:pk>/unlock/", views.unlock_person, name="unlock_person"),
    path("<int:pk>/password/", views.reset_password, name="reset_password"),
    path("<int:pk>/second-factor/", views.reset_second_factor, name="reset_second_factor"),
    path("<int:pk>/roles/add/", views.assign_role, name="assign_role"),
    path("<int:pk>/roles/<int:assignment>/withdraw/", views.withdraw_role, name="withdraw_role"),
    path("agencies/", agency_views.agencies, name="agencies"),
    path("agencies/add/", agency_views.add_agency, name="add_agency"),
    path("agencies/<int:pk>/", agency_views.agency, name="agency"),
    path("agencies/<int:pk>/edit/", agency_views.change_agency, name="change_agency"),
    path("me/", own_views.me, name="me"),
    path("me/sessions/end/", own_views.end_sessions, name="end_own_sessions"),
    path("saved-views/", saved_views.save, name="save_view"),
    path("saved-views/<int:pk>/remove/", saved_views.remove, name="remove_view"),
    path("become/", sample_bar.become, name="become"),
    path("become/<str:username>", sample_bar.become, name="become_person"),
]
