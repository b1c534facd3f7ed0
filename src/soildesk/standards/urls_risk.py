"""Addresses of health risk at sites."""

from django.urls import URLPattern, URLResolver, path

from soildesk.standards.pages import risk, riskcompare, riskentry, riskrun

urlpatterns: list[URLPattern | URLResolver] = [
    path("risk/", risk.site_list, name="risk_sites"),
    path("risk/new/", risk.new_site, name="risk_new"),
    path("risk/<uuid:uid>/", risk.show_site, name="risk_site"),
    path("risk/<uuid:uid>/edit/", risk.edit_site, name="risk_edit"),
    path("risk/<uuid:uid>/assess/", riskentry.assess, name="risk_assess"),
    path("risk/<uuid:uid>/draft/drop/", riskentry.drop_draft, name="risk_drop_draft"),
    path("risk/<uuid:uid>/compare/", riskcompare.compare, name="risk_compare"),
    path("risk/runs/<uuid:uid>/", riskrun.show_run, name="risk_run"),
    path("risk/runs/<uuid:uid>/report/", riskrun.report, name="risk_report"),
    path("risk/runs/<uuid:uid>/uncertainty/", riskrun.uncertainty, name="risk_draw"),
]
