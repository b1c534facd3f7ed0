"""The catalogue of the standards says everything in both languages, with the same params, and nothing that is not used."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from standards_cases import cases, judged

import soilrules
from soilrules.messages import LANGUAGES, catalogue
from soilrules.standards.rulings import Cause

ROOM = "standards"
CODE = "\n".join(
    path.read_text("utf-8")
    for folder in ("standards", "evaluation")
    for path in (Path(soilrules.__file__).parent / folder).glob("*.py")
)
CASES = cases()
VERDICTS = [judged(case["given"]) for _, case in CASES]


def params(text: str) -> set[str]:
    """The names of a sentence, without their language."""
    return {re.sub(r"_(zh|en)$", "", name) for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("group", sorted(catalogue(ROOM)))
def test_both_languages_with_the_same_params(group: str) -> None:
    for message_id, texts in catalogue(ROOM)[group].items():
        assert set(texts) == set(LANGUAGES), message_id
        assert params(texts["zh"]) == params(texts["en"]), message_id
        assert not re.search(r"[\u4e00-\u9fff]", texts["en"]), message_id


@pytest.mark.parametrize("group", sorted(catalogue(ROOM)))
def test_a_sentence_speaks_one_language(group: str) -> None:
    for message_id, texts in catalogue(ROOM)[group].items():
        for language, other in (LANGUAGES, LANGUAGES[::-1]):
            assert f"_{other}}}" not in texts[language], message_id


def test_every_cause_has_its_sentence_and_is_raised() -> None:
    assert set(catalogue(ROOM)["unknown"]) == set(map(str, Cause))
    assert {cause.name for cause in Cause} == set(re.findall(r"Cause\.([A-Z_]+)", CODE))


@pytest.mark.parametrize("group", ["verdicts", "notes"])
def test_every_sentence_is_used(group: str) -> None:
    unused = {one for one in catalogue(ROOM)[group] if f'"{one}"' not in CODE}

    assert unused <= {"one_meets", "one_exceeds", "class_meets", "class_exceeds", "class_meets_class_unknown", "class_exceeds_class_unknown"}  # fmt: skip
    assert unused <= {verdict.reason.id for verdict in VERDICTS}


def test_every_sentence_of_one_result_occurs_in_the_cases() -> None:
    said = {verdict.reason.id for verdict in VERDICTS}
    noted = {note.id for verdict in VERDICTS for note in verdict.notes}

    assert set(catalogue(ROOM)["verdicts"]) <= said
    assert set(catalogue(ROOM)["notes"]) - noted <= {
        "summed",
        "sum_against_total",
        "use_contradicted",
    }  # of sums, made from several results, and of whole tables with two fields for the use


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_filled(language: str) -> None:
    for (_, case), verdict in zip(CASES, VERDICTS, strict=True):
        for message in (verdict.reason, *verdict.notes):
            sentence = message.sentence(language)
            assert not re.search(r"[{}]|  | [。，；]|None|：。|\(\)|（）", sentence), (case["name"], sentence)
            empty = [name for name in filled(message.group, message.id, language) if not message.params[name].strip()]
            assert set(empty) <= {f"place_{language}", f"nearest_{language}"}, (case["name"], sentence)


def filled(group: str, message_id: str, language: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(catalogue(ROOM)[group][message_id][language]) if name]
