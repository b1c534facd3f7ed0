"""Addresses of plans and visits; their lists and records are kit's."""

from django.urls import URLPattern, path

from soildesk.oversight.pages import plans, visits

urlpatterns: list[URLPattern] = [
    path("plans/draw", plans.draw, name="draw"),
    path("plans/<uuid:uid>/close", plans.close, name="plan_close"),
    path("visits/", visits.choose, name="visit_choose"),
    path("visits/of/<uuid:uid>", visits.visit_firm, name="visit_firm"),
    path("visits/<uuid:uid>/correct", visits.correct, name="visit_correct"),
]
