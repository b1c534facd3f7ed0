"""Why a field is less than sure: ids of sentences in the room's messages.yaml."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Reasons a field carries beside a confidence below 1."""

    UNIT_BY_POSITION = "unit_by_position"
    ROLE_NOT_STATED = "role_not_stated"
    UNIT_INHERITED = "unit_inherited"
    TITLE_OF_NOTICE = "title_of_notice"
    NAME_COMPOSED = "name_composed"
