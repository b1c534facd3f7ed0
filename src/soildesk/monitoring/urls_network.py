"""Addresses of points, campaigns and field work."""

from django.urls import URLPattern, path

from soildesk.monitoring.pages import campaigns, designs, field, network, papers, points

urlpatterns: list[URLPattern] = [
    path("network/", network.network, name="network"),
    path("points/<uuid:uid>/end", points.end_point, name="end_point"),
    path("backgrounds/<uuid:uid>/end", points.end_background, name="end_background"),
    path("campaigns/new", campaigns.new, name="campaign_new"),
    path("campaigns/<uuid:uid>/", campaigns.show, name="campaign"),
    path("campaigns/<uuid:uid>/edit", campaigns.edit, name="campaign_edit"),
    path("campaigns/<uuid:uid>/design", designs.design, name="campaign_design"),
    path("campaigns/<uuid:uid>/parallels", campaigns.parallels, name="campaign_parallels"),
    path("campaigns/<uuid:uid>/start", campaigns.start, name="campaign_start"),
    path("campaigns/<uuid:uid>/close", campaigns.close, name="campaign_close"),
    path("campaigns/<uuid:uid>/share", campaigns.share, name="campaign_share"),
    path("campaigns/<uuid:uid>/labels.pdf", papers.labels, name="labels"),
    path("campaigns/<uuid:uid>/crew.pdf", papers.crew_list, name="crew_list"),
    path("campaigns/<uuid:uid>/custody", papers.hand_over, name="custody"),
    path("campaigns/<uuid:uid>/custody/<slug:number>.pdf", papers.slip, name="slip"),
    path("tasks/<uuid:uid>/drop", designs.drop, name="drop_task"),
    path("tasks/<uuid:uid>/point", points.make_point, name="task_point"),
    path("field/", field.choose, name="field"),
    path("field/<uuid:uid>", field.record, name="field_record"),
    path("field/<uuid:uid>/correct", field.correct, name="field_correct"),
]
