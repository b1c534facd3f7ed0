"""The headings of a table that comes in: which entry each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from soildesk.kit import headingunits, templatebook
from soildesk.kit.entries import Entries
from soildesk.kit.faces import Entry
from soildesk.kit.gis.understanding import plain
from soildesk.kit.templatebook import in_any_language

SINCE, REMARK = "_since", "_remark"


@dataclass(frozen=True)
class TableHeadings:
    """Every heading an entry may stand under, and the entries by key."""

    keys: Mapping[str, str]
    by_key: Mapping[str, Entry]

    @classmethod
    def of(cls, entries: Entries) -> TableHeadings:
        """Those of a collection; a list that was exported has the titles of its columns."""
        columns = {column.key: column.title for column in entries.seen.columns}
        found = {plain(name): SINCE for name in in_any_language(templatebook.since_title)}
        for entry in entries.all:
            titles = in_any_language(lambda entry=entry: entry.title)  # type: ignore[misc]
            for name in (entry.key, entry.title, *entry.names, columns.get(entry.key, ""), *sorted(titles)):
                found.setdefault(plain(str(name)), entry.key)
        found.pop("", None)
        return cls(found, entries.by_key)

    def meant(self, heading: str) -> Entry | None:
        """The entry a heading is called after."""
        return self.by_key.get(self._key(heading))

    def _key(self, heading: str) -> str:
        return self.keys.get(plain(self._spelled(heading)), "")

    def _spelled(self, heading: str) -> str:
        """面积_公顷 as 面积(公顷), where the whole is no heading of ours."""
        return heading if plain(heading) in self.keys else headingunits.in_brackets(heading) or heading

    def mapped(self, cells: Mapping[int, str], remembered: Mapping[str, str]) -> dict[int, str]:
        """What each column is taken for. Our own column of remarks is known by its full title: 备注 may be an entry."""
        found: dict[int, str] = {}
        remarks = in_any_language(templatebook.remark_title)
        for fits in (self._fits, self._turns):  # a column in the entry's own unit goes before one to be converted
            for at, text in cells.items():
                key = REMARK if text in remarks else remembered.get(text) or self._key(text)
                if text and key and at not in found and key not in found.values() and fits(text, key):
                    found[at] = key
        return found

    def turned(self, heading: str, key: str) -> headingunits.Turned | None:
        """How the numbers of a column are converted; None where they stand in the entry's own unit."""
        entry = self.by_key.get(key)
        return headingunits.turned(self._spelled(heading), entry) if entry else None

    def _fits(self, heading: str, key: str) -> bool:
        entry = self.by_key.get(key)
        return not (entry and headingunits.another(self._spelled(heading), entry))

    def _turns(self, heading: str, key: str) -> bool:
        return self.turned(heading, key) is not None
