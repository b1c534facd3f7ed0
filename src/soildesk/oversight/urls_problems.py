"""Addresses of problems; their list and records are kit's."""

from django.urls import URLPattern, path

from soildesk.oversight.pages import assigning, compared, problems

urlpatterns: list[URLPattern] = [
    path("compare/", compared.compare, name="compare"),
    path("compare/take", compared.take, name="compare_take"),
    path("compare/dismiss", compared.dismiss, name="compare_dismiss"),
    path("problems/assign", assigning.assign_many, name="assign_many"),
    path("problems/<uuid:uid>/cite", problems.cite, name="cite"),
    path("problems/<uuid:uid>/punish", problems.punish, name="punish"),
    path("problems/<uuid:uid>/order.docx", problems.order, name="order"),
    path("problems/<uuid:uid>/<slug:name>", problems.problem_act, name="problem_act"),
]
