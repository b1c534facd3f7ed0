"""Why a file is not taken, in the language of whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from soildesk.core.errors import Refusal
from soildesk.kit.languages import language
from soilrules.geodesy.errors import GeodesyError
from soilrules.gisfiles import UnreadableGis
from soilrules.messages import Message


class GisRefused(Refusal):
    """The whole file or the whole act is refused; `data` is what a machine may use of it."""

    code = "gis.refused"

    def __init__(self, sentence: str, *, code: str = "", data: dict[str, Any] | None = None) -> None:
        super().__init__(sentence, code=code)
        self.details = data or {}


def said(message: Message) -> str:
    """A message of the rules as a sentence."""
    return message.sentence(language())


@contextmanager
def spoken() -> Iterator[None]:
    """What the rules refuse, as a refusal of the desk."""
    try:
        yield
    except UnreadableGis as error:
        raise GisRefused(said(error.message), code=f"gis.{error.code}") from error
    except GeodesyError as error:
        raise GisRefused(said(error.message), code=f"gis.crs_{error.message.id}") from error
