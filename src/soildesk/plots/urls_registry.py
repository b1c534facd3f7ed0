"""Addresses of plots, their life, their lists, candidates and written notices."""

from django.urls import URLPattern, path

from soildesk.plots.pages import events

urlpatterns: list[URLPattern] = [
    path("p/<uuid:uid>/events", events.overview, name="events"),
    path("p/<uuid:uid>/events/<slug:kind>", events.new, name="event_new"),
    path("p/<uuid:uid>/end", events.end, name="end"),
    path("events/<uuid:uid>/back", events.back, name="event_back"),
]
