"""Addresses of duty cards, dated facts, reminders and investigations."""

from django.urls import URLPattern, path

from soildesk.enterprises.pages import candidates, duties, happenings, investigations, reminders

urlpatterns: list[URLPattern] = [
    path("duties/", duties.matrix, name="duties"),
    path("duties/reminders", reminders.overview, name="duty_reminders"),
    path("duties/letters.docx", reminders.letters, name="duty_letters"),
    path("duties/<slug:key>/", duties.duty, name="duty"),
    path("firms/<uuid:uid>/duties", duties.card, name="duty_card"),
    path("firms/<uuid:uid>/happenings/add", happenings.add, name="happening_add"),
    path("firms/<uuid:uid>/monitoring", investigations.monitoring, name="firm_monitoring"),
    path("investigations/check", investigations.check, name="investigations_check"),
    path("investigations/<uuid:uid>/close", investigations.close, name="investigation_close"),
    path("candidates/", candidates.overview, name="plot_candidates"),
    path("happenings/<uuid:uid>/back", happenings.take_back, name="happening_back"),
]
