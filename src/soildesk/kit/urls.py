"""Addresses of the room `kit`."""

from django.urls import URLPattern, URLResolver, path

from soildesk.kit import views

app_name = "kit"

urlpatterns: list[URLPattern | URLResolver] = [
    path("views/<str:register>/save", views.save_view, name="save_view"),
    path("views/<uuid:uid>/delete", views.delete_view, name="delete_view"),
]
