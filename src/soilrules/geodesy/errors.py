"""What this room refuses with: a sentence in two languages that names value and expectation."""

from __future__ import annotations

from soilrules.messages import Message


class GeodesyError(ValueError):
    """Input that cannot be taken. `message` has the sentence in both languages; str() is the English one."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.sentence("en"))


class UnknownCrs(GeodesyError):
    """A coordinate system that is not one of those known here, or that is named incompletely."""

    def __init__(self, message_id: str, **params: object) -> None:
        super().__init__(Message("geodesy", "refused", message_id, {key: str(value) for key, value in params.items()}))
