"""Addresses of the desk; each room keeps its own in `urls.py`."""

from django.urls import include, path

from soildesk.core.pages import account

urlpatterns = [
    path("login/", account.Login.as_view(), name="login"),
    path("logout/", account.Logout.as_view(), name="logout"),
    path("language/", account.set_language, name="set_language"),
    path("", include("soildesk.home.urls")),
    path("plans/", include("soildesk.plans.urls")),
    path("system/", include("soildesk.core.urls")),
    path("kit/", include("soildesk.kit.urls")),
]
