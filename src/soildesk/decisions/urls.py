"""Addresses of the room `decisions`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver, path

from soildesk.decisions.pages import batches, gate, ground_acts, opinions, papers, profiles, watches

app_name = "decisions"

urlpatterns: list[URLPattern | URLResolver] = [
    path("ask", gate.ask, name="ask"),
    path("q/<uuid:uid>/again", gate.again, name="again"),
    path("q/<uuid:uid>/province", gate.province, name="province"),
    path("q/<uuid:uid>/ground", gate.ground, name="ground"),
    path("q/<uuid:uid>/paper.pdf", papers.paper, name="paper"),
    path("q/<uuid:uid>/reply.docx", papers.letter, name="letter"),
    path("q/<uuid:uid>/opinion", opinions.new, name="opinion_new"),
    path("opinions/<uuid:uid>/answer", opinions.answer, name="opinion_answer"),
    path("opinions/<uuid:uid>/back", opinions.give_back, name="opinion_back"),
    path("profiles", profiles.overview, name="profiles"),
    path("profiles/template.xlsx", profiles.template, name="rules_template"),
    path("batches/new", batches.new, name="batch_new"),
    path("batches/<uuid:uid>/rows", batches.rows, name="batch_rows"),
    path("watches", watches.overview, name="watches"),
    path("watches/take", watches.take, name="watch_take"),
    path("watches/dismiss", watches.dismiss, name="watch_dismiss"),
    path("verify/<str:token>", papers.verify, name="verify"),
    path("ground-acts/<uuid:uid>/back", ground_acts.back, name="ground_act_back"),
    path("ground-acts/<uuid:uid>/proof", ground_acts.proof, name="ground_act_proof"),
]
