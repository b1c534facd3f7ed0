"""Addresses of judgement: trials and kept evaluations."""

from django.urls import URLPattern, URLResolver, path

from soildesk.standards.pages import evaluations, judgement

urlpatterns: list[URLPattern | URLResolver] = [
    path("judge/", judgement.new, name="judge"),
    path("judge/<uuid:uid>", judgement.trial, name="trial"),
    path("judge/<uuid:uid>/again", judgement.again, name="again"),
    path("judge/<uuid:uid>/keep", judgement.keep, name="keep"),
    path("evaluations/", evaluations.evaluation_list, name="evaluations"),
    path("evaluations/<uuid:uid>", evaluations.evaluation, name="evaluation"),
    path("evaluations/<uuid:uid>/rejudge", evaluations.rejudge, name="rejudge"),
    path("evaluations/<uuid:uid>/compare", evaluations.compare, name="compare"),
    path("evaluations/<uuid:uid>/report.xlsx", evaluations.report, name="report"),
]
