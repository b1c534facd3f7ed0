"""Addresses of inputs and wastes."""

from django.urls import path

from soildesk.farmland.pages import inputs

urlpatterns = [
    path("inputs", inputs.inputs_page, name="inputs"),
    path("inputs/figures/<uuid:uid>/explain", inputs.explain, name="figure_explain"),
    path("inputs/figures/<uuid:uid>/file", inputs.paper, name="figure_file"),
    path("inputs/figures/<uuid:uid>/take-back", inputs.take_back, name="figure_back"),
]
