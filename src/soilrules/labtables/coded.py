"""Columns as codes into a list of different words: what repeats is understood once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Codes = NDArray[np.int32]
INVISIBLE = "[\\x{00AD}\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2060}-\\x{2064}\\x{FEFF}\\x{0000}-\\x{0008}]"
"""Characters nobody sees, as RE2 has them: they come along with what is copied from web pages and chats."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08]")


@dataclass(frozen=True, slots=True)
class Coded:
    """One column: `words[code]` for each row, -1 where the cell is blank. No word is blank or stands twice."""

    codes: Codes
    words: Sequence[str]

    def kept(self, rows: NDArray[np.intp]) -> Coded:
        """Some of the rows."""
        return Coded(self.codes[rows], self.words)

    def repeated(self, times: int) -> Coded:
        """Each row several times in place."""
        return Coded(np.repeat(self.codes, times), self.words) if times > 1 else self

    def word(self, row: int) -> str | None:
        """The word of one row."""
        code = int(self.codes[row])
        return self.words[code] if code >= 0 else None

    def marked(self, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        """The rows whose word passes a test; each word is tested once."""
        return np.array([*map(test, self.words), False], np.bool_)[self.codes]

    def mapped(self, change: Callable[[str], str | None]) -> Coded:
        """The column with each word changed; None makes it blank."""
        vocabulary = Vocabulary()
        codes = np.array([*(vocabulary.code(change(word)) for word in self.words), -1], np.int32)
        return Coded(codes[self.codes], vocabulary.words)

    def arrow(self) -> Any:
        """The column as an Arrow dictionary array."""
        blank = self.codes < 0
        indices = pa.array(self.codes, mask=blank) if blank.any() else pa.array(self.codes)
        return pa.DictionaryArray.from_arrays(indices, pa.array(self.words, pa.string()))


class Vocabulary:
    """Words numbered as they come; None and the blank are -1."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def code(self, word: str | None) -> int:
        """The number of a word, a new one where it is new."""
        return self._codes.setdefault(word, len(self._codes)) if word else -1

    def codes(self, words: Iterable[str | None]) -> Codes:
        """The numbers of several words."""
        return np.fromiter(map(self.code, words), np.int32)

    @property
    def words(self) -> list[str]:
        """All words by number."""
        return list(self._codes)


def coded(column: Any) -> Coded:
    """An Arrow column of strings, plain or dictionary, without blanks around its words or characters nobody sees."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    words = ["" if word is None else word for word in column.dictionary.to_pylist()]
    trimmed = [_INVISIBLE.sub("", word).strip() for word in words]
    if trimmed == words and "" not in words:
        return Coded(codes, words)
    vocabulary = Vocabulary()
    changed = np.append(vocabulary.codes(trimmed), np.int32(-1))
    return Coded(changed[codes], vocabulary.words)


def matching(column: Any, pattern: str) -> NDArray[np.bool_]:
    """The rows of such a column whose cell holds a pattern (RE2), as printed; a word that repeats is looked at once."""
    words = column.dictionary if pa.types.is_dictionary(column.type) else column
    found = pc.match_substring_regex(pc.cast(words, pa.string()), pattern)
    if words is not column:
        found = found.take(column.indices)
    flags: NDArray[np.bool_] = found.fill_null(False).to_numpy(zero_copy_only=False)
    return flags


def blank(rows: int) -> Coded:
    """A column that says nothing."""
    return Coded(np.full(rows, -1, np.int32), ())
