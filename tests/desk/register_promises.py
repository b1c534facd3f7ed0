"""What every register promises, whatever it is about: one base class, inherited by the test of each register.

    class TestPlots(RegisterPromises):
        collection = "plots"
        personal = "secret name"          # a value of a hidden column, held by one row
        changes = {"name": "新名称"}       # entries to change, by key

        def fill(self, world): ...        # rows of 青禾区, made by services; the keys of them
        def more(self, world, count): ... # as many rows more

A stranger is turned away; an officer of another region sees none of its rows on any face; hidden columns change no
observable answer; a change leaves exactly one audit event; the list keeps its query budget; a file holds what is shown.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import mapbox_vector_tile
import pytest
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from desk.conftest import World
from soildesk.core import clock
from soildesk.core.models import AuditEntry
from soildesk.core.permissions import Actor
from soildesk.kit import tableimport, templatebook
from soildesk.kit.imports import Purpose
from soildesk.kit.register import Register, collections
from soildesk.kit.rows import Selection
from soildesk.kit.seen import Seen

BUDGETS = json.loads((Path(__file__).parents[1] / "query_budgets.json").read_text(encoding="utf-8"))
WRONG = "没有人叫这个"
"""A value no row holds: whoever may not see a column cannot tell it from one that is held."""


def body(response: HttpResponse) -> str:
    """What an answer says, without what differs between any two answers."""
    parts = response.streaming_content if response.streaming else [response.content]  # type: ignore[attr-defined]
    text = b"".join(parts).decode("utf-8", "replace")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken":"[^"]*"', "", text)
    return re.sub(r'"timeStamp": ?"[^"]*"|"time": ?[\d.]+', "", text)


class RegisterPromises:
    """Inherit, name the register, fill it."""

    collection: ClassVar[str]
    personal: ClassVar[str] = ""
    changes: ClassVar[dict[str, str]] = {}
    writer: ClassVar[str] = "officer"
    half_blind: ClassVar[str] = "reader"
    """Who sees the rows and not the hidden columns."""

    folder: Path
    """Where `fill` may lay files down."""
    shared: World
    keys_of_rows: Sequence[str]

    def fill(self, world: Any) -> Sequence[str]:
        """Make rows of 青禾区 by services, once for all promises; returns their keys. What it sets on `self` is kept."""
        raise NotImplementedError

    def more(self, world: Any, count: int) -> None:
        """Make more rows."""
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")

    @pytest.fixture(autouse=True)
    def home(self, filled: RegisterPromises) -> Path:
        """The files of the rows stay where they are."""
        return filled.folder

    @pytest.fixture
    def world(self, filled: RegisterPromises, db: None) -> World:
        """Who is there, as `fill` left them."""
        vars(self).update(deepcopy(vars(filled)))
        return self.shared

    @pytest.fixture
    def keys(self, world: Any) -> Sequence[str]:
        """The rows of 青禾区."""
        return self.keys_of_rows

    @property
    def register(self) -> Register:
        """The register as declared."""
        return collections()[self.collection]

    def browser(self, world: Any, who: str) -> Client:
        """Somebody logged in."""
        client = Client()
        if who:
            client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        """Every face of the register, of the whole and of each row."""
        name = self.collection
        yield from (f"/kit/r/{name}/", f"/api/v1/{name}")
        yield from (f"/kit/r/{name}/?export={kind}" for kind in self.kinds())
        if self.register.ground:
            yield f"/ogc/collections/{name}/items"
            yield from self.tiles(keys)
        for key in keys:
            yield from (f"/kit/r/{name}/{key}", f"/api/v1/{name}/{key}", f"/api/v1/{name}/{key}/history")
            if self.register.writing:
                yield f"/kit/r/{name}/{key}/edit"
            if self.register.ground:
                yield from (
                    f"/ogc/collections/{name}/items/{key}",
                    f"/map/card/{name}/{key}",
                    f"/map/shape/{name}/{key}",
                )

    def kinds(self) -> list[str]:
        """The kinds of file."""
        return ["xlsx", "csv", "gpkg", "geojson", "shp"] if self.register.ground else ["xlsx", "csv"]

    def tiles(self, keys: Sequence[str]) -> list[str]:
        """The tile that the first row lies in, where the desk draws tiles."""
        try:
            start = reverse("tiles:tile", args=[self.collection, 0, 0, 0]).removesuffix("0/0/0.mvt")
        except NoReverseMatch:
            return []
        return [f"{start}{'/'.join(map(str, self.tile_of(keys[0])))}.mvt"]

    def tile_of(self, key: str) -> tuple[int, int, int]:
        """Zoom 14, column and row over a row's middle."""
        import math

        ground = self.register.ground
        assert ground is not None
        shape = self.register.queryset(_everything(), _day()).filter(**{self.register.key: key})
        west, south, east, north = shape.values_list(ground.field, flat=True)[0].bounds
        lon, lat = (west + east) / 2, math.radians((south + north) / 2)
        side = 2**14
        y = (1 - math.log(math.tan(lat) + 1 / math.cos(lat)) / math.pi) / 2
        return 14, int((lon + 180) / 360 * side), int(y * side)

    # The promises.

    def test_a_stranger_is_turned_away(self, world: Any, keys: Sequence[str]) -> None:
        if self.register.public:
            pytest.skip("parts of it are public: their own tests say which")
        told = self.names(world, keys)
        for url in self.addresses(keys):
            answer = self.browser(world, "").get(url)
            assert answer.status_code in {204, 302, 401, 403, 404}, f"{url}: {answer.status_code}"
            assert not [name for name in told if name in body(answer)], url

    def test_an_officer_of_another_region_sees_none_of_its_rows(self, world: Any, keys: Sequence[str]) -> None:
        client, told = self.browser(world, "stranger"), self.names(world, keys)
        for url in self.addresses(keys):
            answer = client.get(url)
            assert answer.status_code in {200, 204, 404, 409}, f"{url}: {answer.status_code}"
            if url.endswith(".mvt"):
                layers = mapbox_vector_tile.decode(answer.content) if answer.content else {}
                assert not [feature for layer in layers.values() for feature in layer["features"]], url
            said = body(answer)
            assert not [name for name in told if name in said], url
        for key in keys:
            assert client.get(f"/kit/r/{self.collection}/{key}").status_code == 404
            assert client.get(f"/api/v1/{self.collection}/{key}").status_code == 404

    def test_those_who_may_see_it_on_every_face(self, world: Any, keys: Sequence[str]) -> None:
        """The promises above would hold of a desk that shows nothing to anybody."""
        client = self.browser(world, self.writer)
        for url in self.addresses(keys):
            assert client.get(url).status_code == 200, url

    def test_hidden_columns_change_no_observable_answer(self, world: Any, keys: Sequence[str]) -> None:
        if not self.register.personal:
            pytest.skip("it hides no column")
        client = self.browser(world, self.half_blind)
        told = self.names(world, keys)
        assert told[0] in body(client.get(f"/kit/r/{self.collection}/")), f"{self.half_blind} sees the rows"
        for url in self.addresses(keys):
            assert self.personal not in body(client.get(url)), url
        for held, wrong in self.questions():
            told, as_wrong = self.asked(client, held, self.personal), self.asked(client, wrong, WRONG)
            assert told == as_wrong, f"{held}: {_first_difference(told[1], as_wrong[1])}"

    def questions(self) -> Iterator[tuple[str, str]]:
        """The same question about a value that is held and about one that is not."""
        name, given = self.collection, [*self.register.personal, *(each.key for each in self.register.filters), "q"]
        for key in given:
            for url in (f"/kit/r/{name}/?{key}=%s", f"/kit/r/{name}/?{key}=%s&export=csv",
                        f"/kit/r/{name}/?{key}=%s&part=totals", f"/api/v1/{name}?{key}=%s"):  # fmt: skip
                yield url.replace("%s", self.personal), url.replace("%s", WRONG)
        for key in self.register.personal:
            yield f"/kit/r/{name}/?sort={key}", f"/kit/r/{name}/?sort=nothing-of-the-kind"
            yield f"/kit/r/{name}/?cols={key}", f"/kit/r/{name}/?cols=nothing-of-the-kind"
            yield f"/api/v1/{name}?sort={key}", f"/api/v1/{name}?sort=nothing-of-the-kind"
            if self.register.ground:
                asked = f"/ogc/collections/{name}/items?filter={key}%3D'%s'"
                yield asked.replace("%s", self.personal), asked.replace("%s", WRONG)

    def asked(self, client: Client, url: str, value: str) -> tuple[int, str]:
        """The answer, with the question taken out of it."""
        answer = client.get(quote(url, safe="/?&=%'"))
        said = body(answer)
        for word in (value, *self.register.personal, "nothing-of-the-kind"):
            for form in (word, quote(word), json.dumps(word)[1:-1]):
                said = said.replace(form, "")
        return answer.status_code, said

    def test_the_template_is_understood_as_it_was_given(self, world: Any) -> None:
        if not self.register.writing:
            pytest.skip("nobody enters its rows")
        purpose = Purpose(Actor.of(world.people[self.writer], clock.today()), clock.now())
        entries = tableimport.entries_of(self.register, purpose)
        read = tableimport.read(self.register, templatebook.workbook(entries), "模板.xlsx", purpose)
        assert [line.as_name for line in read.mapping][: len(entries.all)] == [str(one.title) for one in entries.all]
        assert all(line.as_name for line in read.mapping)
        assert list(read.rows) == [], "the example in the second row is no record"

    def test_a_change_leaves_exactly_one_audit_event(self, world: Any, keys: Sequence[str]) -> None:
        if not self.changes:
            pytest.skip("nobody changes its rows by a form")
        client, url = self.browser(world, self.writer), f"/kit/r/{self.collection}/{keys[0]}/edit"
        page = client.get(url).context
        form = page["form"]
        data = {name: str(form[name].value() or "") for name in form.fields if name != "_correction"}
        data |= {"_stamp": page["stamp"], "_why": "合同测试", "step": "save", **self.changes}
        before = AuditEntry.objects.count()
        answer = client.post(url, data)
        assert answer.status_code == 302, (answer.context["form"].errors, answer.context.get("stopped"))
        assert AuditEntry.objects.count() == before + 1
        assert "合同测试" in body(client.get(f"/kit/r/{self.collection}/{keys[0]}"))

    def test_the_list_keeps_its_query_budget(self, world: Any, keys: Sequence[str]) -> None:
        client = self.browser(world, self.writer)
        counts = [self.count_queries(client)]
        self.more(world, 12)
        counts.append(self.count_queries(client))
        assert counts[0] == counts[1], f"queries grow with the rows: {counts}"
        assert counts[0] <= BUDGETS[self.register.name], counts

    def count_queries(self, client: Client) -> int:
        """Queries of one look at the list."""
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/kit/r/{self.collection}/").status_code == 200
        return len(queries)

    def test_a_file_holds_exactly_what_the_list_shows(self, world: Any, keys: Sequence[str]) -> None:
        client, actor = self.browser(world, self.writer), world.actor(self.writer)
        for query in ("", f"sort=-{self.register.default_sort.removeprefix('-')}", "q=不会有的词"):
            selection = Selection(self.register, actor, world.day, QueryDict(query))
            shown = [[str(row[self.register.key]) for row in selection.page_rows], len(selection.columns)]
            text = body(client.get(f"/kit/r/{self.collection}/?{query}&export=csv"))
            lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
            named = [line[0] for line in lines[1:]]
            column = selection.columns[0]
            assert named == [str(column.of(row)) for row in selection.page_rows], query
            assert len(lines[0]) == shown[1], query
            assert len(named) == len(shown[0]), query

    def names(self, world: Any, keys: Sequence[str]) -> list[str]:
        """What gives the rows away: their keys and what their frozen columns say."""
        seen = Seen(self.register, world.actor(self.writer), world.day)
        found = [str(column.of(row)) for key in keys for column in seen.columns if column.frozen
                 if (row := seen.row(key)) is not None]  # fmt: skip
        assert found, "fill() made no row that its writer sees"
        return [name for name in found if name]


def _first_difference(one: str, other: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"…{one[max(0, at - 60) : at + 60]}… / …{other[max(0, at - 60) : at + 60]}…"


def _everything() -> Any:
    from soildesk.core.permissions import system_actor

    return system_actor("tests", _day())


def _day() -> Any:
    return date(2026, 11, 20)
