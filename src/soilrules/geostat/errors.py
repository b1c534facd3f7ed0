"""What this room refuses with: a sentence in two languages that names value, expectation and next step."""

from __future__ import annotations

from soilrules.messages import Message

ROOM = "geostat"


def message(group: str, message_id: str, **params: object) -> Message:
    """A sentence of this room."""
    return Message(ROOM, group, message_id, {key: str(value) for key, value in params.items()})


class CannotInterpolate(ValueError):
    """Data from which no honest surface, variogram or loading follows: the answer is unknown, and `message` says why."""

    def __init__(self, message_id: str, **params: object) -> None:
        self.message = message("refused", message_id, **params)
        super().__init__(self.message)

    def sentence(self, language: str = "zh") -> str:
        """The reason in `language` (zh or en)."""
        return self.message.sentence(language)

    def __str__(self) -> str:
        return self.sentence("en")
