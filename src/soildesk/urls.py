"""Addresses of the desk; each room keeps its own in `pages/urls.py` or `urls.py`."""

from django.urls import include, path

urlpatterns = [
    path("", include("soildesk.home.urls")),
    path("plans/", include("soildesk.plans.urls")),
    path("system/", include("soildesk.core.urls")),
    path("kit/", include("soildesk.kit.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]

handler400 = "soildesk.kit.errors.bad_request"
handler403 = "soildesk.kit.errors.refused"
handler404 = "soildesk.kit.errors.not_found"
handler500 = "soildesk.kit.errors.broken"
