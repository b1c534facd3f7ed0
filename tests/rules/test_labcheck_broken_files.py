"""Forty ways laboratories break a file: of each exactly the finding that names its place; of clean ones no error."""

from __future__ import annotations

import pytest
from labfiles import File, clean, forty

from soilrules.labcheck import Severity, check, rules


def found(file: File) -> set[tuple[str, int, str]]:
    checked = check(file.data, file.asked, name=file.name)
    return {(one.rule, one.row, one.column) for one in checked.findings if one.severity > Severity.INFO}


def test_there_are_at_least_forty_and_each_breaks_a_file_of_its_own() -> None:
    assert len(forty()) >= 40
    assert len({file.data for file in forty()}) >= 39  # two are broken only against history
    assert all(file.expect for file in forty())


@pytest.mark.parametrize("file", forty(), ids=lambda file: file.name)
def test_a_broken_file_gives_exactly_its_findings(file: File) -> None:
    assert found(file) == file.expect


@pytest.mark.parametrize("file", clean(), ids=lambda file: file.name)
def test_a_clean_file_gives_no_error(file: File) -> None:
    checked = check(file.data, file.asked, name=file.name)

    assert [one for one in checked.findings if one.severity is Severity.ERROR] == []
    assert checked.summary()["results"] > 0


@pytest.mark.parametrize("file", forty(), ids=lambda file: file.name)
def test_every_sentence_stands_in_both_languages(file: File) -> None:
    for one in check(file.data, file.asked, name=file.name).findings:
        for language in ("zh", "en"):
            sentence = one.message.sentence(language)
            assert sentence
            assert "{" not in sentence


def test_every_rule_in_use_is_broken_by_a_file() -> None:
    broken = {rule for file in (*forty(), *clean()) for rule in check(file.data, file.asked, name=file.name).counts}

    assert {name for name, one in rules().items() if one.in_use} - broken == set()
