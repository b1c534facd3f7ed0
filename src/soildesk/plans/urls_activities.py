"""Addresses of what is done to activities of publicity and training."""

from django.urls import URLPattern, URLResolver, path

from soildesk.plans.pages import activities

urlpatterns: list[URLPattern | URLResolver] = [
    path("activities/<uuid:uid>/hold/", activities.hold, name="activity_hold"),
    path("activities/<uuid:uid>/count/", activities.count, name="activity_count"),
    path("activities/<uuid:uid>/cancel/", activities.cancel, name="activity_cancel"),
]
