"""Tokens: how a program (a GIS client, a script) acts as a person without logging in.

The secret is shown once and kept as its SHA-256: with 256 random bits nothing slower is needed. A token has the
rights its owner has on the day it is used, and of those only reading unless its scope is `write`.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.errors import Refusal
from soildesk.core.models import Person, Token
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.core.services.people import require_over

MARK = "soildesk_"
"""Every secret begins so: a scanner that looks for secrets in files knows it."""
SHOWN = 14
USED_EVERY = timedelta(minutes=1)
USUAL_DAYS, MOST_DAYS = 365, 1095


class TokenRefused(Refusal):
    """The token does not count or cannot be made. Codes: core.token.unknown, .expired, .revoked, .days, .scope."""

    code = "core.token.refused"


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token is made for."""

    scope: str = Token.Scope.READ
    days: int = USUAL_DAYS
    note: str = ""


def create(person: Person, new: NewToken, *, by: Actor, at: datetime) -> tuple[Token, str]:
    """A token and its secret, which nobody can be told again. Each person makes the own ones, and the desk's command."""
    if not by.system and by.person != person:
        raise NotAllowed(_("访问令牌只能由本人签发：它与本人有同样的权限。"))
    if new.scope not in Token.Scope.values:
        raise TokenRefused(
            _("令牌权限“%(scope)s”不存在：可选 read（只读）或 write（读写）。") % {"scope": new.scope},
            code="core.token.scope",
        )
    if not 1 <= new.days <= MOST_DAYS:
        raise TokenRefused(
            _("令牌有效期 %(days)d 天不可用：请填 1 至 %(most)d 天，到期后再签发新的。")
            % {"days": new.days, "most": MOST_DAYS},
            code="core.token.days",
        )
    secret = MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        row = Token.objects.create(
            person=person,
            prefix=secret[:SHOWN],
            digest=digest_of(secret),
            scope=new.scope,
            note=new.note.strip()[:120],
            created_at=at,
            expires_at=at + timedelta(days=new.days),
        )
        data = {"scope": row.scope, "days": new.days, "owner": str(person.uid)}
        audit.record("core.token.created", subject=row, by=by, at=at, data=data)
    return row, secret


def revoke(row: Token, *, by: Actor, at: datetime) -> None:
    """End a token at once: its owner may, and an administrator over the owner."""
    if not by.system and by.person != row.person:
        require_over(by, row.person)
    with transaction.atomic():
        held = Token.objects.select_for_update().get(pk=row.pk)
        if held.revoked_at is not None:
            raise TokenRefused(
                _("令牌 %(prefix)s… 已于 %(at)s 吊销。") % {"prefix": held.prefix, "at": f"{held.revoked_at:%Y-%m-%d}"},
                code="core.token.revoked",
            )
        held.revoked_at = at
        held.save(update_fields=["revoked_at"])
        data = {"owner": str(held.person.uid)}
        audit.record("core.token.revoked", subject=held, by=by, at=at, data=data)


def holder(secret: str, *, at: datetime) -> Token:
    """The token of a secret that counts now, its use noted; refused where it does not count."""
    row = Token.objects.filter(digest=digest_of(secret)).select_related("person").first()
    if row is None or not row.person.is_active:
        raise TokenRefused(_("访问令牌不存在，或其所有人已停用。请核对令牌是否完整。"), code="core.token.unknown")
    if row.revoked_at is not None:
        raise TokenRefused(_("访问令牌已被吊销。请在“我的账户”里签发新的令牌。"), code="core.token.revoked")
    if row.expires_at <= at:
        raise TokenRefused(
            _("访问令牌已于 %(at)s 到期。请在“我的账户”里签发新的令牌。") % {"at": f"{row.expires_at:%Y-%m-%d}"},
            code="core.token.expired",
        )
    if row.used_at is None or at - row.used_at >= USED_EVERY:
        Token.objects.filter(pk=row.pk).update(used_at=at)
    return row


def of_person(person: Person) -> QuerySet[Token]:
    """All tokens somebody ever had, the newest first."""
    return Token.objects.filter(person=person)


def listed() -> QuerySet[Token]:
    """Every token, for the command."""
    return Token.objects.select_related("person")


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
