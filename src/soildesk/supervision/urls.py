"""Addresses of the room `supervision`; its lists and records are kit's."""

from django.urls import URLPattern, URLResolver, path

from soildesk.supervision.pages import acting, leaders, letters, meetings, rules, talks, templates
from soildesk.supervision.urls_rounds import urlpatterns as of_rounds

app_name = "supervision"
urlpatterns: list[URLPattern | URLResolver] = [
    path("rules/", rules.rules, name="rules"),
    path("rules/set", rules.set_rules, name="set_rules"),
    path("offices/name", rules.name_office, name="name_office"),
    path("offices/<int:pk>/end", rules.end_office, name="end_office"),
    path("addresses/set", rules.set_address, name="set_address"),
    path("leaders/name", leaders.name, name="name_leader"),
    path("leaders/<int:pk>/remove", leaders.remove, name="remove_leader"),
    path("run/", rules.run, name="run"),
    path("matters/<uuid:uid>/<slug:name>", acting.matter_act, name="matter_act"),
    path("slips/<uuid:uid>/slip.docx", acting.slip_paper, name="paper"),
    path("slips/<uuid:uid>/<slug:name>", acting.slip_act, name="slip_act"),
    path("extensions/<uuid:uid>/<slug:name>", acting.extension_act, name="extension_act"),
    path("suspensions/<uuid:uid>/<slug:name>", acting.suspension_act, name="suspension_act"),
    path("letters/new", letters.new, name="new_letter"),
    path("letters/<uuid:uid>/edit", letters.edit, name="edit_letter"),
    path("letters/<uuid:uid>/letter.docx", letters.paper, name="letter_paper"),
    path("letters/<uuid:uid>/do/<slug:name>", letters.button, name="letter_button"),
    path("letters/<uuid:uid>/talk", talks.arrange, name="arrange_talk"),
    path("letters/<uuid:uid>/<slug:name>", letters.act, name="letter_act"),
    path("talks/<uuid:uid>/hold", talks.hold, name="hold_talk"),
    path("talks/<uuid:uid>/close", talks.close, name="close_talk"),
    path("talks/<uuid:uid>/<slug:name>.docx", talks.paper, name="talk_paper"),
    path("promises/<uuid:uid>/", talks.promise, name="promise"),
    path("promises/<uuid:uid>/<slug:name>", talks.promise_act, name="promise_act"),
    path("meetings/new", meetings.new, name="new_meeting"),
    path("meetings/<uuid:uid>/edit", meetings.edit, name="edit_meeting"),
    path("meetings/<uuid:uid>/agenda", meetings.edit_agenda, name="agenda"),
    path("meetings/<uuid:uid>/call", meetings.call, name="call_meeting"),
    path("meetings/<uuid:uid>/minutes", meetings.record, name="minutes"),
    path("meetings/<uuid:uid>/<slug:name>.docx", meetings.paper, name="meeting_paper"),
    path("templates/", templates.every, name="templates"),
    path("templates/<str:name>/", templates.one, name="template"),
    path("templates/<str:name>/retire", templates.retire, name="retire_template"),
    *of_rounds,
]
