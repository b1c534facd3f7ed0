"""Addresses of classifications, threads of adjustment and the yearly check of priority farmland."""

from django.urls import URLPattern, path

from soildesk.farmland.pages import classifying, classlooks, conversions, trials, triggers

urlpatterns: list[URLPattern] = [
    path("classify/new", classifying.new, name="classify_new"),
    path("classify/<uuid:uid>/compute", classifying.compute, name="classify_compute"),
    path("classify/<uuid:uid>/field", classifying.to_field, name="classify_to_field"),
    path("classify/<uuid:uid>/check", classifying.check, name="classify_check"),
    path("classify/<uuid:uid>/review", classifying.to_review, name="classify_to_review"),
    path("classify/<uuid:uid>/opinion", classifying.opinion, name="classify_opinion"),
    path("classify/<uuid:uid>/back", classifying.back, name="classify_back"),
    path("classify/<uuid:uid>/send", classifying.send, name="classify_send"),
    path("classify/<uuid:uid>/approve", classifying.approve, name="classify_approve"),
    path("classify/<uuid:uid>/give-up", classifying.give_up, name="classify_give_up"),
    path("classify/<uuid:uid>/what-if", trials.whatif, name="classify_whatif"),
    path("classify/what-if/<uuid:uid>", trials.trial, name="trial"),
    path("classify/what-if/<uuid:uid>/list.xlsx", trials.trial_list, name="trial_list"),
    path("classify/<uuid:uid>/map.png", classlooks.paper, {"what": "map"}, name="classify_map"),
    path("classify/<uuid:uid>/list.xlsx", classlooks.paper, {"what": "list"}, name="classify_list"),
    path("classify/<uuid:uid>/report.docx", classlooks.paper, {"what": "report"}, name="classify_report"),
    path("classify/checks/new", classifying.check_new, name="check_new"),
    path("classify/checks/<uuid:uid>/back", classifying.check_back, name="check_back"),
    path("classify/proposals/<uuid:uid>/settle", classifying.settle, name="proposal_settle"),
    path("classify/priority", classlooks.priority, name="priority"),
    path("units/<uuid:uid>/to-construction", conversions.convert, name="heavy_convert"),
    path("units/<uuid:uid>/point", conversions.stands_for, name="stands_for"),
    path("units/points/<uuid:uid>/back", conversions.stands_for_back, name="stands_for_back"),
    path("units/new-ground", conversions.new_ground, name="new_ground"),
    path("classify/triggers/look", triggers.look, name="triggers_look"),
    path("classify/triggers/take", triggers.take_many, name="triggers_take"),
    path("classify/triggers/start", triggers.start, name="triggers_start"),
    path("classify/triggers/<uuid:uid>/dismiss", triggers.dismiss, name="trigger_dismiss"),
]
