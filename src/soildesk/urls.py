"""Addresses of the desk; each room keeps its own in `urls.py`."""

from django.urls import include, path

from soildesk.core.pages import account

urlpatterns = [
    path("login/", account.Login.as_view(), name="login"),
    path("logout/", account.Logout.as_view(), name="logout"),
    path("language/", account.set_language, name="set_language"),
    path("", include("soildesk.home.urls")),
    path("plans/", include("soildesk.plans.urls")),
    path("standards/", include("soildesk.standards.urls")),
    path("land/", include("soildesk.land.urls")),
    path("monitoring/", include("soildesk.monitoring.urls")),
    path("enterprises/", include("soildesk.enterprises.urls")),
    path("plots/", include("soildesk.plots.urls")),
    path("farmland/", include("soildesk.farmland.urls")),
    path("decisions/", include("soildesk.decisions.urls")),
    path("oversight/", include("soildesk.oversight.urls")),
    path("supervision/", include("soildesk.supervision.urls")),
    path("reports/", include("soildesk.reporting.urls")),
    path("assessment/", include("soildesk.assessment.urls")),
    path("map/", include("soildesk.maps.urls")),
    path("", include("soildesk.maps.tile_urls")),
    path("", include("soildesk.exchange.urls")),
    path("system/", include("soildesk.core.urls")),
    path("kit/", include("soildesk.kit.urls")),
]

handler400 = "soildesk.kit.errors.bad_request"
handler403 = "soildesk.kit.errors.refused"
handler404 = "soildesk.kit.errors.not_found"
handler500 = "soildesk.kit.errors.broken"
