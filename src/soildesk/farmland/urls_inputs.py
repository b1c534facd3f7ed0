"""Addresses of inputs and wastes."""

from django.urls import path

from soildesk.farmland.pages import holdingtests, inputacts, inputs

urlpatterns = [
    path("inputs", inputs.inputs_page, name="inputs"),
    path("inputs/figures/<uuid:uid>/explain", inputs.explain, name="figure_explain"),
    path("inputs/figures/<uuid:uid>/file", inputs.paper, name="figure_file"),
    path("inputs/figures/<uuid:uid>/take-back", inputs.take_back, name="figure_back"),
    path("waters", inputacts.waters_page, name="waters"),
    path("inputs/told/<slug:kind>/<uuid:uid>/take-back", inputacts.told_back, name="told_back"),
    path("inputs/holdings/<uuid:uid>/test", holdingtests.holding_test, name="holding_test"),
    path("inputs/holdings/<uuid:uid>/end", inputacts.holding_end, name="holding_end"),
]
