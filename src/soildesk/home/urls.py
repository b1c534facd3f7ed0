"""Addresses of the room `home`."""

from django.urls import URLPattern, URLResolver, path

from soildesk.home.pages import hindsight, search, today

app_name = "home"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.today, name="today"),
    path("search", search.search, name="search"),
    path("measures/then", hindsight.page, name="hindsight"),
]
