"""Tables of the room `supervision`."""

from soildesk.supervision.models.mail import Mail, MailAddress
from soildesk.supervision.models.matters import Extension, Importance, OfMatter, Suspension
from soildesk.supervision.models.offices import Office, Run, SlipRules
from soildesk.supervision.models.rounds import DispatchRound, DispatchSheet, Signing
from soildesk.supervision.models.slips import Slip

__all__ = [
    "DispatchRound",
    "DispatchSheet",
    "Extension",
    "Importance",
    "Mail",
    "MailAddress",
    "OfMatter",
    "Office",
    "Run",
    "Signing",
    "Slip",
    "SlipRules",
    "Suspension",
]
