"""Addresses of produce and grain: the plan of tests, locks, lots, notices."""

from django.urls import URLPattern, path

from soildesk.farmland.pages import lots, produce

urlpatterns: list[URLPattern] = [
    path("tests/plan", produce.plan, name="test_plan"),
    path("tests/pairs", produce.pairs, name="produce_pairs"),
    path("tests/<uuid:uid>/result", produce.result, name="test_result"),
    path("tests/<uuid:uid>/back", produce.test_back, name="test_back"),
    path("seasons/<uuid:uid>/back", produce.season_back, name="season_back"),
    path("grain/buyers", produce.buyer_list, name="grain_buyers"),
    path("grain/locks/<uuid:uid>/confirm", lots.confirm, name="lock_confirm"),
    path("grain/locks/<uuid:uid>/dismiss", lots.dismiss, name="lock_dismiss"),
    path("grain/follow", lots.follow, name="lot_follow"),
    path("grain/lots/<uuid:uid>/harvest", lots.harvest, name="lot_harvest"),
    path("grain/lots/<uuid:uid>/unlock", lots.unlock, name="lot_unlock"),
    path("grain/lots/<uuid:uid>/dispose", lots.dispose, name="lot_dispose"),
    path("grain/lots/<uuid:uid>/pay", lots.pay, name="lot_pay"),
    path("grain/lots/<uuid:uid>/paper.pdf", lots.paper, name="lot_paper"),
    path("grain/households/<uuid:uid>/keep", lots.keep, name="lot_keep"),
    path("grain/<slug:kind>/<uuid:uid>/back", lots.back, name="grain_back"),
    path("grain/<slug:kind>/<uuid:uid>/file", lots.attach, name="grain_attach"),
    path("grain/notices/send", produce.notice_send, name="notice_send"),
    path("grain/notices/<uuid:uid>/answer", produce.notice_answer, name="notice_answer"),
    path("grain/notices/<uuid:uid>/paper.pdf", produce.notice_paper, name="notice_paper"),
]
