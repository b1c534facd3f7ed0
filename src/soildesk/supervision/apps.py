"""The room `supervision`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """Slips, extensions and suspensions of duties; dispatch rounds, letters, meetings."""

    name = "soildesk.supervision"
    label = "supervision"
    verbose_name = _("督办")

    def ready(self) -> None:
        """Registers make themselves known, the daily task is a chore of the worker, a task's page tells its slips."""
        from soildesk.core import worker
        from soildesk.plans.pages import task
        from soildesk.plans.services import handing_over
        from soildesk.supervision import letterpapers, measures, meetingpapers, roundpapers, talkpapers  # noqa: F401
        from soildesk.supervision.pages import strip
        from soildesk.supervision.register import letters, matters, meetings, requests, rounds, sheets, slips, talks  # noqa: F401  # noqa: F401
        from soildesk.supervision.services import following, issuing, rounds_renewing

        worker.at_housekeeping(issuing.keep_up)
        task.also_told_by(strip.of_task)
        handing_over.also_handed_by(following.follow)
        handing_over.also_renewed_by(rounds_renewing.renew)
