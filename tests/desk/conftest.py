"""A small made-up world: 云泽市 with two districts, departments, towns and people of each role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.db import connections, transaction
from django.test import Client, override_settings
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from django.utils import translation

from soildesk.core.models import Department, Division, DivisionAttribute, Person, RoleGrant
from soildesk.core.permissions import Actor

if TYPE_CHECKING:
    from exchange_world import Service
    from register_promises import RegisterPromises

DAY = date(2026, 11, 20)  # a Friday
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PASSWORD = "Qing-he 2026 soil"

DEPARTMENTS = {
    "ecology": ("青禾区生态环境局", "区生态环境局"),
    "agriculture": ("青禾区农业农村局", "区农业农村局"),
    "natural_resources": ("青禾区自然资源和规划局", "区自然资源局"),
    "housing": ("青禾区住房和城乡建设局", "区住建局"),
    "development": ("青禾区发展和改革委员会", "区发改委"),
    "industry": ("青禾区科技和工业信息化局", "区科工信局"),
    "finance": ("青禾区财政局", "区财政局"),
    "emergency": ("青禾区应急管理局", "区应急局"),
    "health": ("青禾区卫生健康委员会", "区卫健委"),
    "market": ("青禾区市场监督管理局", "区市场监管局"),
    "police": ("云泽市公安局青禾分局", "区公安分局"),
    "water": ("青禾区水利局", "区水利局"),
}
TOWNS = {
    "990101001": ("城关街道", False),
    "990101100": ("柏庄镇", True),
    "990101101": ("军庄镇", True),
    "990101200": ("清水乡", False),
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """Files of the desk stand in a folder of the test's own."""
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "attachments"
    settings.EXPORT_ROOT = tmp_path / "exports"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    return tmp_path


@dataclass
class World:
    """Everything by its short name."""

    city: Division
    district: Division
    other: Division
    departments: dict[str, Department]
    towns: dict[str, Department]
    people: dict[str, Person] = field(default_factory=dict)
    day: date = DAY
    at: datetime = AT

    def actor(self, name: str, on: date = DAY) -> Actor:
        """The actor behind one of `people`."""
        return Actor.of(self.people[name], on)

    def browser(self, name: str) -> Client:
        """A browser in which one of `people` is logged in."""
        client = Client()
        client.force_login(self.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client


def _division(code: str, name: str, level: Division.Level, parent: Division | None) -> Division:
    path = (parent.path if parent else "") + code + "/"
    return Division.objects.create(code=code, name=name, level=level, parent=parent, path=path)


def _people(places: dict[str, tuple[RoleGrant.Role, Division, Department | None]]) -> dict[str, Person]:
    """People with one role each, at a stroke: thousands of tests begin with them."""
    secret = make_password(PASSWORD)
    made = {
        name: Person(username=name, name=name, department=department, password=secret)
        for name, (_role, _division, department) in places.items()
    }
    Person.objects.bulk_create(made.values())
    RoleGrant.objects.bulk_create(
        RoleGrant(
            person=made[name], role=role, division=division,
            department=department if role in {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN} else None,
        )
        for name, (role, division, department) in places.items()
    )  # fmt: skip
    return made


def _person(username: str, role: RoleGrant.Role, division: Division, department: Department | None = None) -> Person:
    return _people({username: (role, division, department)})[username]


@pytest.fixture
def world(db: None) -> World:
    """Two districts of one city; people: admin, officer, issuer, reader, auditor, agriculture, town, stranger."""
    return made_world()


def made_world() -> World:
    """The same, for tests that share one."""
    province = _division("99", "示例省", Division.Level.PROVINCE, None)
    city = _division("9901", "云泽市", Division.Level.CITY, province)
    district = _division("990101", "青禾区", Division.Level.COUNTY, city)
    other = _division("990102", "赤岩区", Division.Level.COUNTY, city)
    departments = {
        function: Department(name=name, short_name=short, function=function, division=district)
        for function, (name, short) in DEPARTMENTS.items()
    }
    departments["government"] = Department(name="青禾区人民政府", kind=Department.Kind.GOVERNMENT, division=district)
    departments["other_government"] = Department(name="赤岩区人民政府", kind=Department.Kind.GOVERNMENT, division=other)
    departments["city_ecology"] = Department(
        name="云泽市生态环境局", short_name="市生态环境局", function="ecology", division=city
    )
    departments["other_ecology"] = Department(
        name="赤岩区生态环境局", short_name="区生态环境局", function="ecology", division=other
    )
    made = World(city, district, other, departments, towns={})
    places = {name: _division(code, name, Division.Level.TOWN, district) for code, (name, _farming) in TOWNS.items()}
    for name, place in places.items():
        seat = name + ("办事处" if name.endswith("街道") else "人民政府")
        made.towns[name] = Department(name=seat, kind=Department.Kind.TOWN, division=place)
    Department.objects.bulk_create([*departments.values(), *made.towns.values()])
    DivisionAttribute.objects.bulk_create(
        DivisionAttribute(division=places[name], name="涉农", since=date(2020, 1, 1))
        for name, farming in TOWNS.values()
        if farming
    )
    role, town = RoleGrant.Role, made.towns["柏庄镇"]
    made.people = _people(
        {
            "admin": (role.ADMIN, district, departments["ecology"]),
            "officer": (role.OFFICER, district, departments["ecology"]),
            "issuer": (role.ISSUER, district, departments["ecology"]),
            "reader": (role.READER, district, departments["ecology"]),
            "auditor": (role.AUDITOR, district, departments["ecology"]),
            "agriculture": (role.DEPARTMENT, district, departments["agriculture"]),
            "town": (role.TOWN, town.division, town),
            "stranger": (role.OFFICER, other, departments["other_ecology"]),
        }
    )
    return made


@pytest.fixture
def one_asker(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Thousands of requests of one person: who that is and what was granted is read from the store at the first."""
    get_user = cache(ModelBackend().get_user)  # every request has a backend of its own
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    monkeypatch.setattr(Actor, "of", cache(Actor.of))
    monkeypatch.setattr(ModelBackend, "get_user", lambda _backend, key: get_user(key))


@contextmanager
def kept(home: Path) -> Iterator[None]:
    """What several tests share: files in one folder, rows in one transaction, undone at the end."""
    own = {
        "HOME": home, "MEDIA_ROOT": home / "attachments", "EXPORT_ROOT": home / "exports",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }  # fmt: skip
    with override_settings(**own), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def filled(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RegisterPromises]:
    """A register of the class's kind with its rows, once for all promises; what a test changes is undone after it."""
    folder = tmp_path_factory.mktemp("register")
    with (
        django_db_blocker.unblock(),
        kept(folder),
        translation.override("zh-hans"),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("SOILDESK_TODAY", DAY.isoformat())
        made = request.cls()
        made.folder, made.shared = folder, made_world()
        made.keys_of_rows = made.fill(made.shared)
        yield made


@pytest.fixture(scope="module")
def service(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """One county behind its data services for all tests of a file; nothing of it outlives the file."""
    from exchange_world import served

    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("exchange")):
        yield served()


@pytest.fixture(scope="module")
def address(service: Service) -> Iterator[str]:
    """A server of our own process that sees the county: it shares the connection of the tests."""
    connection = connections["default"]
    connection.inc_thread_sharing()
    shared = pytest.MonkeyPatch()
    shared.setattr(connection, "close", lambda: None)  # a server closes what it asked by after each answer
    thread = LiveServerThread("127.0.0.1", _StaticFilesHandler, connections_override={"default": connection})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait(20)
    assert thread.error is None, thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    shared.undo()
    connection.dec_thread_sharing()
