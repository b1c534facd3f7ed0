"""Addresses of the room `home`."""

from django.urls import URLPattern, URLResolver, path

from soildesk.home.pages import begin, director, hindsight, places, search, today

app_name = "home"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.today, name="today"),
    path("waiting/<slug:key>", today.waiting, name="waiting"),
    path("safe-use", today.safe_use, name="safe_use"),
    path("begin/", begin.page, name="begin"),
    path("director/", director.page, name="director"),
    path("director/records", director.records, name="director_records"),
    path("search", search.search, name="search"),
    path("measures/then", hindsight.page, name="hindsight"),
    path("measures/places", places.page, name="places"),
]
