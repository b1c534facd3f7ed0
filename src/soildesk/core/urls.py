"""Addresses of 系统 and of one's own account."""

from django.urls import URLPattern, URLResolver, path

from soildesk.core.pages import account, people, places, tokens, work

app_name = "core"

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/second-factor/", account.second_factor_step, name="second_factor"),
    path("account/second-factor/setup/", account.second_factor_setup, name="second_factor_setup"),
    path("account/second-factor/qr.svg", account.second_factor_qr, name="second_factor_qr"),
    path("account/second-factor/off/", account.second_factor_off, name="second_factor_off"),
    path("account/tokens/", tokens.token_list, name="tokens"),
    path("account/tokens/<uuid:uid>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("messages/", account.messages_page, name="messages"),
    path("messages/<int:pk>/", account.message, name="message"),
    path("people/", people.people_list, name="people"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/first-passwords/", people.first_passwords, name="first_passwords"),
    path("people/<uuid:uid>/", people.person, name="person"),
    path("people/<uuid:uid>/act/", people.person_act, name="person_act"),
    path("people/<uuid:uid>/grants/<int:pk>/revoke/", people.grant_revoke, name="grant_revoke"),
    path("departments/", places.department_list, name="departments"),
    path("departments/<uuid:uid>/", places.department, name="department"),
    path("departments/<uuid:uid>/act/", places.department_act, name="department_act"),
    path("divisions/", places.division_list, name="divisions"),
    path("divisions/import/", places.division_import, name="division_import"),
    path("divisions/<str:code>/", places.division, name="division"),
    path("calendar/", places.calendar_page, name="calendar"),
    path("jobs/", work.job_list, name="jobs"),
    path("jobs/<uuid:uid>/", work.job, name="job"),
    path("jobs/<uuid:uid>/cancel/", work.job_cancel, name="job_cancel"),
    path("audit/", work.audit_page, name="audit"),
    path("audit/verify/", work.audit_verify, name="audit_verify"),
    path("files/<uuid:uid>/", work.file, name="file"),
]
