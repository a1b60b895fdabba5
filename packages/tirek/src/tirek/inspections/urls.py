"""Addresses."""

from django.urls import path

from tirek.inspections.views import device, findings, rounds, visits

app_name = "inspections"
urlpatterns = [
    path("", visits.visits, name="visits"),
    path("points.json", visits.points_json, name="points_json"),
    path("<int:pk>/", visits.inspection, name="inspection"),
    path("<int:pk>/fill-in/", visits.fill_in, name="fill_in"),
    path("<int:pk>/hand-in/", visits.hand_in, name="hand_in"),
    path("<int:pk>/conflicts/<int:conflict>/", visits.choose, name="choose"),
    path("<int:pk>/assign/", visits.assign, name="assign"),
    path("<int:pk>/move/", rounds.move, name="move"),
    path("<int:pk>/cancel/", visits.cancel, name="cancel"),
    path("<int:pk>/reopen/", visits.reopen, name="reopen"),
    path("plan/<int:facility>/", visits.plan, name="plan"),
    path("plan/<int:facility>/again/", visits.recheck, name="recheck"),
    path("findings/", findings.findings, name="findings"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/withdraw/", findings.withdraw, name="withdraw"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.new, name="round_new"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/edit/", rounds.edit, name="round_edit"),
    path("rounds/<int:pk>/start/", rounds.start, name="round_start"),
    path("rounds/<int:pk>/close/", rounds.close, name="round_close"),
    path("rounds/<int:pk>/assign/", rounds.assign, name="round_assign"),
    path("rounds/<int:pk>/routes/", rounds.routes, name="round_routes"),
    path("day/", rounds.day, name="day"),
    path("device/", device.app, name="device"),
    path("device/manifest.webmanifest", device.manifest, name="device_manifest"),
    path("device/sw.js", device.worker, name="device_worker"),
    path("device/<str:name>.png", device.icon, name="device_icon"),
    path("device/visits.json", device.visits, name="device_visits"),
    path("device/<uuid:uid>/start/", device.start, name="device_start"),
    path("device/<uuid:uid>/sync/", device.sync, name="device_sync"),
    path("device/<uuid:uid>/photos/", device.photo, name="device_photo"),
    path("device/<uuid:uid>/photos/<str:client_id>/remove/", device.unphoto, name="device_unphoto"),
    path("device/<uuid:uid>/conflicts/<int:conflict>/", device.choose, name="device_choose"),
    path("device/<uuid:uid>/submit/", device.submit, name="device_submit"),
]
