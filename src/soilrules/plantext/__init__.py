"""Plan documents read into drafts."""

from soilrules.plantext.document import Document
from soilrules.plantext.draft import PlanDraft
from soilrules.plantext.reader import read

__all__ = ["Document", "PlanDraft", "read"]
