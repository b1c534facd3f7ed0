"""Jobs of core."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit, clock
from soildesk.core.jobs import Progress, job
from soildesk.core.models import AuditEntry
from soildesk.core.permissions import Actor


@job("core.audit_verify", title=_("校验审计链"), permission="core.verify_audit")
def audit_verify(progress: Progress, actor: Actor) -> dict[str, Any]:
    """Walk the chain against the exported heads, then export today's head where the chain is whole."""
    progress.step(0, AuditEntry.objects.count())
    report = audit.verify(step=progress.step)
    if report.ok:
        audit.export_heads(day=clock.today())
    return report.as_json()
