"""Addresses of the room `plans`: taking in, reviewing and publishing; the ledger at work."""

from django.urls import URLPattern, URLResolver

from soildesk.plans import urls_activities, urls_ledger, urls_review, urls_upkeep

app_name = "plans"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_review.urlpatterns,
    *urls_ledger.urlpatterns,
    *urls_activities.urlpatterns,
    *urls_upkeep.urlpatterns,
]
