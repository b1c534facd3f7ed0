"""Why an act on points, campaigns, samples or their custody was refused: stable codes, sentences for people."""

from __future__ import annotations

from soildesk.core.errors import Refusal


class MonitoringRefused(Refusal):
    """An act was refused. `code` never changes; the sentence says value, place, expectation, next step."""

    code = "monitoring.refused"


class PointRefused(MonitoringRefused):
    """A monitoring point cannot be written so.

    Codes: monitoring.point.unknown_fact, .name_missing, .choice, .depth, .layer, .frequency, .place_missing, .outside,
    .future, .code_taken, .duplicate, .keeper, .ended, .not_found, .running.
    """

    code = "monitoring.point.refused"


class BackgroundRefused(MonitoringRefused):
    """A geological background cannot be written so.

    Codes: monitoring.background.unknown_fact, .name_missing, .analyte, .upper, .unit, .document, .future, .ended, .not_found.
    """

    code = "monitoring.background.refused"


class CampaignRefused(MonitoringRefused):
    """A campaign cannot be made, changed, started or closed so.

    Codes: monitoring.campaign.unknown_fact, .title_missing, .choice, .media, .analyte, .days, .organiser, .share, .not_draft,
    .not_running, .no_tasks, .no_parallels, .codes_fixed, .unfinished, .not_closed, .shared, .future, .receipt, .not_found.
    """

    code = "monitoring.campaign.refused"


class SamplingRefused(MonitoringRefused):
    """A sampling task or a field record cannot be written so.

    Codes: monitoring.task.closed, .medium, .depth, .place, .unit, .due, .twice, .too_many, .parallel, .sampled, .dropped,
    .why_missing, .not_running, .not_found; monitoring.record.future, .before, .place, .far, .no_place, .depth,
    .reading, .sampler, .not_photo, .none, .twice, .unknown_fact, .same.
    """

    code = "monitoring.task.refused"


class CustodyRefused(MonitoringRefused):
    """A hand-over cannot be written down so.

    Codes: monitoring.custody.empty, .not_sampled, .order, .names, .future, .early, .finished, .condition, .step.
    """

    code = "monitoring.custody.refused"


class AlertRefused(MonitoringRefused):
    """An act on a warning is not possible now.

    Codes: monitoring.alert.ended, .state, .not_owner, .no_owner, .note_missing, .no_evidence, .same_person, .itself,
    .other_place, .highest, .due, .same_due.
    """

    code = "monitoring.alert.refused"
