"""What this room refuses, each with a stable code and a sentence that names the next step."""

from __future__ import annotations

from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soildesk.kit.languages import language
from soilrules.risk import CaseError
from soilrules.risk.words import said


class CaseRefused(Refusal):
    """The rules do not take a case. `place` is where it stands in the case, such as overrides.fom."""

    code = "standards.risk.case"

    def __init__(self, error: CaseError) -> None:
        super().__init__(said(error.message, language(), keys=False), code=f"risk.{error.message.id}")
        self.place = str(error.message.params.get("place", ""))


class NothingChanged(Refusal):
    """The same input was computed before."""

    code = "standards.risk.nothing_changed"

    def __init__(self, number: int) -> None:
        super().__init__(_("内容与第 %(n)d 次评估相同，没有重新计算。改动浓度或参数后再计算。") % {"n": number})
