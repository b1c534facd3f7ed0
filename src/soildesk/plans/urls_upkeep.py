"""Addresses of what a plan needs beside its daily work: exports, sheets, taking up, measures, closing."""

from django.urls import URLPattern, URLResolver, path

from soildesk.plans.pages import binding, closing, exporting, sheets, taking_up

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:uid>/export/", exporting.export, name="export"),
    path("<uuid:uid>/sheets/", sheets.sheet_list, name="sheets"),
    path("<uuid:uid>/sheets/<uuid:department>/", sheets.issue, name="issue_sheet"),
    path("<uuid:uid>/taking-up/", taking_up.taking_up_page, name="taking_up"),
    path("<uuid:uid>/taking-up/link/", taking_up.link, name="link_task"),
    path("<uuid:uid>/taking-up/target/", taking_up.link_target, name="link_target"),
    path("taking-up/<int:pk>/remove/", taking_up.unlink, name="unlink_task"),
    path("<uuid:uid>/measures/", binding.measure_page, name="measures"),
    path("tasks/<uuid:uid>/bind/", binding.bind, name="bind"),
    path("indicators/<int:pk>/bind/", binding.bind_indicator, name="bind_indicator"),
    path("bindings/<int:pk>/remove/", binding.unbind, name="unbind"),
    path("<uuid:uid>/close/", closing.close_page, name="close"),
    path("<uuid:uid>/abolish/", closing.abolish, name="abolish"),
]
