"""Addresses. One line per app; an app's own addresses stand in its `urls.py`."""

from django.urls import include, path

from tirek.config.status import status_page

urlpatterns = [
    path("services/", status_page, name="services"),
    path("", include("tirek.ui.urls")),
    path("live/", include("tirek.live.urls")),
    path("places/", include("tirek.places.urls")),
    path("people/", include("tirek.accounts.urls")),
    path("audit/", include("tirek.audit.urls")),
    path("files/", include("tirek.files.urls")),
    path("sheets/", include("tirek.sheets.urls")),
    path("jobs/", include("tirek.jobs.urls")),
    path("facilities/", include("tirek.facilities.urls")),
    path("requirements/", include("tirek.requirements.urls")),
    path("inspections/", include("tirek.inspections.urls")),
    path("notices/", include("tirek.notices.urls")),
    path("reports/", include("tirek.reports.urls")),
    path("equipment/", include("tirek.equipment.urls")),
    path("passports/", include("tirek.passports.urls")),
    path("upgrades/", include("tirek.upgrades.urls")),
    path("incidents/", include("tirek.incidents.urls")),
    path("desk/", include("tirek.alarms.urls")),
    path("warning/", include("tirek.warning.urls")),
    path("flashpoints/", include("tirek.flashpoints.urls")),
    path("account/", include("tirek.accounts.account_urls")),
    path("api/agent/", include("tirek.warning.agent_urls")),
]
handler400 = "tirek.ui.errors.bad_request"
handler403 = "tirek.ui.errors.forbidden"
handler404 = "tirek.ui.errors.not_found"
handler500 = "tirek.ui.errors.server_error"
