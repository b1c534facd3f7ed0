"""Second factor: time-based codes (RFC 6238) and single-use recovery codes, optional per person."""

from __future__ import annotations

import base64
import hashlib
import io
import secrets
import time
from datetime import datetime, timedelta

import pyotp
import qrcode
import qrcode.image.svg
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.errors import Refusal
from soildesk.core.models import Person, RecoveryCode
from soildesk.core.permissions import Actor
from soildesk.core.services.people import require_over

STEP_S = 30
RECOVERY_CODES = 10
WRONG_CODES = 10
REST = timedelta(minutes=15)
"""After so many wrong codes in a row none is taken for so long."""
ISSUER = "SoilDesk"


class CodeRefused(Refusal):
    """The code is wrong, old or used."""

    code = "core.second_factor.code"


def is_on(person: Person) -> bool:
    """Whether the person has confirmed a second factor."""
    return person.otp_confirmed_at is not None


def is_owed(person: Person, roles: set[str]) -> bool:
    """Whether the desk's settings make this person set one up (SOILDESK_SECOND_FACTOR names the roles)."""
    return not is_on(person) and bool(roles & set(settings.SECOND_FACTOR_ROLES))


def begin(person: Person) -> str:
    """A secret for set-up, kept until a code confirms it; a begun set-up keeps its secret."""
    if is_on(person):
        raise Refusal(_("第二因素已经启用；更换前请先停用。"), code="core.second_factor.on")
    if not person.otp_secret:
        person.otp_secret = pyotp.random_base32()
        person.save(update_fields=["otp_secret"])
    return person.otp_secret


def address(person: Person) -> str:
    """What the QR code says to the authenticator app."""
    return pyotp.TOTP(person.otp_secret).provisioning_uri(name=person.username, issuer_name=ISSUER)


def qr_svg(person: Person) -> bytes:
    """The address as an SVG picture."""
    picture = qrcode.make(address(person), image_factory=qrcode.image.svg.SvgPathFillImage, box_size=8, border=2)
    buffer = io.BytesIO()
    picture.save(buffer)
    return buffer.getvalue()


def confirm(person: Person, code: str, *, by: Actor, at: datetime) -> list[str]:
    """Switch the second factor on by a first right code; returns the recovery codes, shown once."""
    if by.person != person:
        raise Refusal(_("第二因素只能由本人启用。"), code="core.second_factor.not_own")
    with transaction.atomic():
        _take(person, code)
        person.otp_confirmed_at = at
        person.save(update_fields=["otp_confirmed_at"])
        codes = _new_recovery_codes(person, at)
        audit.record("core.second_factor.on", subject=person, by=by, at=at)
    return codes


def passes(person: Person, code: str, *, at: datetime) -> bool:
    """Whether a code (or a recovery code, which is then used up) lets the person in. A code counts once.

    After `WRONG_CODES` wrong ones no code counts for `REST`, whichever session they came from.
    """
    person.refresh_from_db(fields=["otp_wrong", "otp_wrong_at"])
    if person.otp_wrong >= WRONG_CODES and person.otp_wrong_at and at - person.otp_wrong_at < REST:
        return False
    code = code.strip().replace(" ", "")
    try:
        _take(person, code)
    except CodeRefused:
        if not _use_recovery_code(person, code, at):
            Person.objects.filter(pk=person.pk).update(otp_wrong=F("otp_wrong") + 1, otp_wrong_at=at)
            return False
    Person.objects.filter(pk=person.pk).update(otp_wrong=0, otp_wrong_at=None)
    return True


def _take(person: Person, code: str) -> None:
    """Accept the code of this half minute or a neighbour, if later than the last one used."""
    now_step = int(time.time()) // STEP_S
    totp = pyotp.TOTP(person.otp_secret)
    for step in (now_step, now_step - 1, now_step + 1):
        if secrets.compare_digest(totp.at(step * STEP_S), code.strip()):
            # The condition in the UPDATE lets one of two simultaneous logins with one code through.
            taken = Person.objects.filter(pk=person.pk, otp_last_step__lt=step).update(otp_last_step=step)
            person.otp_last_step = step
            if taken:
                return
    raise CodeRefused(_("验证码不正确或已用过：请等待应用显示新的 6 位验证码后再输入。"))


def _use_recovery_code(person: Person, code: str, at: datetime) -> bool:
    rows = RecoveryCode.objects.filter(person=person, used_at=None, encoded=_encoded(code))
    return bool(rows.update(used_at=at))


def _encoded(code: str) -> str:
    """80 random bits cannot be guessed from their hash, so a fast one does."""
    return hashlib.sha256(code.upper().replace("-", "").encode()).hexdigest()


def _new_recovery_codes(person: Person, at: datetime) -> list[str]:
    raw = [base64.b32encode(secrets.token_bytes(10)).decode() for _n in range(RECOVERY_CODES)]
    codes = ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in raw]
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(person=person, encoded=_encoded(code), made_at=at) for code in codes)
    return codes


def switch_off(person: Person, *, by: Actor, at: datetime) -> None:
    """Switch it off: by the person, or by an administrator where the device is lost."""
    if by.person != person:
        require_over(by, person)
    if not is_on(person):
        raise Refusal(_("第二因素没有启用。"), code="core.second_factor.off")
    with transaction.atomic():
        person.otp_secret, person.otp_confirmed_at = "", None
        person.save(update_fields=["otp_secret", "otp_confirmed_at"])
        RecoveryCode.objects.filter(person=person).delete()
        audit.record("core.second_factor.off", subject=person, by=by, at=at)
