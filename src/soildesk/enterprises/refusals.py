"""Why an act on enterprises, their sites or lists was refused: stable codes, sentences for people."""

from __future__ import annotations

from soildesk.core.errors import Refusal


class EnterprisesRefused(Refusal):
    """An act was refused. `code` never changes; the sentence says value, place, expectation, next step."""

    code = "enterprises.refused"


class FirmRefused(EnterprisesRefused):
    """An enterprise cannot be written so.

    Codes: enterprises.firm.unknown_fact, .name_missing, .credit_code, .code_missing, .code_taken, .name_taken, .renamed,
    .industry, .choice, .place_missing, .outside, .future, .ended, .not_found.
    """

    code = "enterprises.firm.refused"


class SiteRefused(EnterprisesRefused):
    """A site cannot be written so.

    Codes: enterprises.site.unknown_fact, .name_missing, .kind, .no_firm, .no_parcel, .future, .ended, .not_found.
    """

    code = "enterprises.site.refused"


class SuccessionRefused(EnterprisesRefused):
    """That one enterprise follows another cannot be written so.

    Codes: enterprises.succession.itself, .kind, .twice, .circle, .document, .future, .elsewhere, .why_missing, .superseded.
    """

    code = "enterprises.succession.refused"


class RepresentativeRefused(EnterprisesRefused):
    """A person cannot speak for an enterprise so.

    Codes: enterprises.representative.role, .twice, .days, .ended.
    """

    code = "enterprises.representative.refused"


class ListRefused(EnterprisesRefused):
    """A notice or what it does to a list cannot be written so.

    Codes: enterprises.list.unknown, .not_kept, .number, .title, .authority, .address, .days, .future, .twice, .standing, .later,
    .not_standing, .too_early, .reason, .elsewhere, .not_whole, .why_missing, .used, .unknown_fact.
    """

    code = "enterprises.list.refused"


class ProposalRefused(EnterprisesRefused):
    """A proposal cannot be decided so.

    Codes: enterprises.proposal.decided, .why_missing, .state, .year.
    """

    code = "enterprises.proposal.refused"


class HappeningRefused(EnterprisesRefused):
    """A dated fact of a firm cannot be written so.

    Codes: enterprises.happening.future, .subject_missing, .twice, .stale, .of_filing, .why_missing, .no_firm.
    """

    code = "enterprises.happening.refused"


class FacilityRefused(EnterprisesRefused):
    """A facility, its record or its place on a plan cannot be written so.

    Codes: enterprises.facility.unknown_fact, .name_missing, .kind, .choice, .no_firm, .other_firm, .number, .twice, .future,
    .days, .ended, .not_found, .record, .plan, .place.
    """

    code = "enterprises.facility.refused"


class InspectionRefused(EnterprisesRefused):
    """An inspection cannot go on so.

    Codes: enterprises.inspection.cause, .edition, .days, .under_way, .finished, .nothing_kept, .not_inspected, .answer,
    .hazard_words, .photo, .missing, .stands.
    """

    code = "enterprises.inspection.refused"


class HazardRefused(EnterprisesRefused):
    """An act on a hazard cannot be done.

    Codes: enterprises.hazard.order, .content, .due, .future, .note_missing, .photo, .ended; of a ledger also .number,
    .facility, .other, .finished, .twice.
    """

    code = "enterprises.hazard.refused"


class FilingRefused(EnterprisesRefused):
    """A filing cannot be written, sent or decided so.

    Codes: enterprises.filing.kind, .period, .subject, .twice, .state, .stale, .not_own, .paper, .future, .incomplete,
    .file_missing, .why_missing, .department, .receipt_twice, .nothing_public, .released, .sheet, .too_many,
    .same_person.
    """

    code = "enterprises.filing.refused"


class InvestigationRefused(EnterprisesRefused):
    """An investigation cannot be opened or closed so.

    Codes: enterprises.investigation.twice, .stale, .no_conclusion, .days, .future.
    """

    code = "enterprises.investigation.refused"


class WasteRefused(EnterprisesRefused):
    """A result of the assessment of hazardous-waste management cannot be written so.

    Codes: enterprises.waste.choice, .body, .future, .days, .level, .score, .not_so, .twice, .stale, .why_missing, .no_firm.
    """

    code = "enterprises.waste.refused"
