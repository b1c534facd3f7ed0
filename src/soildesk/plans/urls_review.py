"""Addresses of taking in, reviewing and publishing plans."""

from django.urls import URLPattern, URLResolver, path

from soildesk.plans.pages import changes, intake, publishing, review, settling, units

urlpatterns: list[URLPattern | URLResolver] = [
    path("new/", intake.intake, name="intake"),
    path("<uuid:uid>/review/", review.screen, name="review"),
    path("<uuid:uid>/review/head/", review.head, name="head"),
    path("<uuid:uid>/review/accept/", review.accept_many, name="accept_many"),
    path("<uuid:uid>/review/words/", review.term_words, name="term_words"),
    path("<uuid:uid>/review/clauses/leave/", review.leave_clauses, name="leave_clauses"),
    path("<uuid:uid>/review/conflicts/", settling.conflicts, name="conflicts"),
    path("<uuid:uid>/review/conflicts/alike/", settling.settle_alike, name="settle_alike"),
    path("<uuid:uid>/review/units/", units.unit_questions, name="units"),
    path("<uuid:uid>/review/units/match/", units.match_again, name="match_units"),
    path("<uuid:uid>/review/units/answer/", units.answer, name="answer_unit"),
    path("<uuid:uid>/review/changes/", changes.changes, name="changes"),
    path("<uuid:uid>/review/changes/same/", changes.all_same, name="all_same"),
    path("review/tasks/<uuid:uid>/is/same/", changes.same, name="same_task"),
    path("<uuid:uid>/review/publish/", publishing.publish, name="publish"),
    path("<uuid:uid>/review/discard/", publishing.discard, name="discard"),
    path("review/tasks/<uuid:uid>/<slug:act>/", review.task_act, name="task_act"),
    path("review/clauses/<int:pk>/<slug:act>/", review.clause_act, name="clause_act"),
    path("review/terms/<int:pk>/date/", review.review_date, name="review_date"),
    path("review/indicators/<int:pk>/reject/", review.reject_indicator, name="reject_indicator"),
    path("review/conflicts/<int:pk>/settle/", settling.settle, name="settle"),
    path("review/conflicts/<int:pk>/merge/", settling.merge_sides, name="merge_sides"),
]
