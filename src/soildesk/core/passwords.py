"""Password rules beyond Django's own."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from soildesk.core.models import Person

CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z\d]")


class LengthValidator(MinimumLengthValidator):
    """Django's rule with a sentence its own Chinese catalogue lacks."""

    def get_error_message(self) -> str:
        """What the user is told."""
        return _("密码太短：至少 %(count)d 位。") % {"count": self.min_length}


class CharacterClassesValidator:
    """A password mixes at least `min_classes` of: lower case, upper case, digits, others."""

    def __init__(self, min_classes: int = 3) -> None:
        self.min_classes = min_classes

    def validate(self, password: str, user: Person | None = None) -> None:
        """Refuse a password of too few kinds of character."""
        found = sum(bool(re.search(pattern, password)) for pattern in CLASSES)
        if found < self.min_classes:
            raise ValidationError(self.get_help_text(), code="password_too_few_classes")

    def get_help_text(self) -> str:
        """What the user is told."""
        return _("密码须包含大写字母、小写字母、数字、符号中的至少 %(count)d 类。") % {"count": self.min_classes}


class HistoryValidator:
    """A password is not one of the person's last `remembered` ones."""

    def __init__(self, remembered: int = 5) -> None:
        self.remembered = remembered

    def validate(self, password: str, user: Person | None = None) -> None:
        """Refuse a password used before."""
        if user is None or user.pk is None:
            return
        used = list(user.old_passwords.order_by("-id").values_list("encoded", flat=True)[: self.remembered])
        if any(check_password(password, encoded) for encoded in [user.password, *used] if encoded):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        """What the user is told."""
        return _("不能使用最近 %(count)d 次用过的密码。") % {"count": self.remembered}
