"""Addresses of the room `supervision`; its lists and records are kit's."""

from django.urls import URLPattern, URLResolver, path

from soildesk.supervision.pages import acting, rules

app_name = "supervision"
urlpatterns: list[URLPattern | URLResolver] = [
    path("rules/", rules.rules, name="rules"),
    path("rules/set", rules.set_rules, name="set_rules"),
    path("offices/name", rules.name_office, name="name_office"),
    path("offices/<int:pk>/end", rules.end_office, name="end_office"),
    path("addresses/set", rules.set_address, name="set_address"),
    path("run/", rules.run, name="run"),
    path("matters/<uuid:uid>/<slug:name>", acting.matter_act, name="matter_act"),
    path("slips/<uuid:uid>/slip.docx", acting.slip_paper, name="paper"),
    path("slips/<uuid:uid>/<slug:name>", acting.slip_act, name="slip_act"),
    path("extensions/<uuid:uid>/<slug:name>", acting.extension_act, name="extension_act"),
    path("suspensions/<uuid:uid>/<slug:name>", acting.suspension_act, name="suspension_act"),
]
