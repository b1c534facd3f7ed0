"""Tables of the room `supervision`."""

from soildesk.supervision.models.leaders import UnitLeader
from soildesk.supervision.models.letters import Letter, LetterUnit
from soildesk.supervision.models.mail import Mail, MailAddress
from soildesk.supervision.models.matters import Extension, Importance, OfMatter, Suspension
from soildesk.supervision.models.meetings import AgendaItem, Meeting, MeetingUnit
from soildesk.supervision.models.offices import Office, Run, SlipRules
from soildesk.supervision.models.rounds import DispatchRound, DispatchSheet, Signing
from soildesk.supervision.models.slips import Slip
from soildesk.supervision.models.talks import Talk, TalkPromise

__all__ = [
    "AgendaItem",
    "DispatchRound",
    "DispatchSheet",
    "Extension",
    "Importance",
    "Letter",
    "LetterUnit",
    "Mail",
    "MailAddress",
    "Meeting",
    "MeetingUnit",
    "OfMatter",
    "Office",
    "Run",
    "Signing",
    "Slip",
    "SlipRules",
    "Suspension",
    "Talk",
    "TalkPromise",
    "UnitLeader",
]
