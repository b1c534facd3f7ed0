"""Plan documents read into drafts."""

from soilrules.plantext.document import Document
from soilrules.plantext.draft import PlanDraft
from soilrules.plantext.ledger import as_json
from soilrules.plantext.reader import read
from soilrules.plantext.verification import Stale, verify

__all__ = ["Document", "PlanDraft", "Stale", "as_json", "read", "verify"]
