"""Names that rules give to acts and rows stand in a sentence in the sentence's own language."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from soildesk.decisions import actwords
from soildesk.kit.languages import called
from soildesk.supervision import words
from soilrules.assessment import life
from soilrules.gate.acts import acts
from soilrules.supervision import authorities, handling

HAN = re.compile(r"[\u4e00-\u9fff]")
ROWS = [
    *acts().values(),
    *life.table().values(),
    *handling.table().values(),
    *authorities.authorities().values(),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.en)
def test_a_row_of_the_rules_is_called_in_the_language_of_the_page(row) -> None:
    with translation.override("en"):
        assert called(row) == row.en
        assert not HAN.search(row.en)
    with translation.override("zh-hans"):
        assert called(row) == row.zh
        assert HAN.search(row.zh)


def test_acts_of_the_gate_and_of_supervision_are_named_for_the_reader() -> None:
    with translation.override("en"):
        assert (actwords.word("供地"), words.act_name("talk")) == (
            "supply of land",
            called(authorities.authorities()[authorities.Act.TALK]),
        )
        assert not HAN.search(words.act_name("talk"))
        assert actwords.word("卖地") == "卖地"  # what nobody knows is quoted as it was written
    with translation.override("zh-hans"):
        assert actwords.word("供地") == "供地"
