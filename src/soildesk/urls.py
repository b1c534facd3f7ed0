"""Addresses of the desk; each room keeps its own in `pages/urls.py` or `urls.py`."""

from django.urls import include, path

urlpatterns = [
    path("", include("soildesk.home.urls")),
    path("plans/", include("soildesk.plans.urls")),
    path("system/", include("soildesk.core.urls")),
    path("kit/", include("soildesk.kit.urls")),
]
