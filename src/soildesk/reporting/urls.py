"""Addresses of the room `reporting`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver, path

from soildesk.reporting.pages import blanks, calendar, copies, figures, kinds

app_name = "reporting"

urlpatterns: list[URLPattern | URLResolver] = [
    path("mayor", figures.mayor, name="mayor"),
    path("figure", figures.figure, name="figure"),
    path("kinds/", kinds.every, name="kinds"),
    path("kinds/<slug:name>/", kinds.one, name="kind"),
    path("kinds/<slug:name>/retire", kinds.retire, name="retire_template"),
    path("calendar/open", calendar.open_year, name="open_year"),
    path("calendar/add", calendar.add, name="add_due"),
    path("calendar/<uuid:uid>/drop", calendar.drop, name="drop_due"),
    path("calendar/<uuid:uid>/restore", calendar.restore, name="restore_due"),
    path("calendar/<uuid:uid>/bring", copies.bring, name="bring"),
    path("make", copies.make, name="make"),
    path("copies/<uuid:uid>/report.docx", copies.word, name="copy_word"),
    path("copies/<uuid:uid>/report.xlsx", copies.excel, name="copy_excel"),
    path("copies/<uuid:uid>/filled", copies.filled_form, name="copy_form"),
    path("copies/<uuid:uid>/figure", copies.figure, name="copy_figure"),
    path("copies/<uuid:uid>/<slug:name>", copies.act, name="copy_act"),
    path("blanks/new", blanks.new, name="new_blank"),
    path("blanks/<uuid:uid>/map", blanks.map_cells, name="map_blank"),
    path("blanks/<uuid:uid>/fill", blanks.fill, name="fill_blank"),
    path("blanks/<uuid:uid>/retire", blanks.retire, name="retire_blank"),
]
