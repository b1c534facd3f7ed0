"""Sentences of the rules in the reader's language."""

from __future__ import annotations

from soildesk.kit.languages import language
from soildesk.monitoring.markwords import worded
from soilrules.messages import Message


def spoken(message: Message) -> str:
    """A message of the rules for the person at the desk."""
    return worded(message.sentence(language()))
