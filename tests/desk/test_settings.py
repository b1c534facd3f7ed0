"""What the settings promise before anybody has changed them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from soildesk.core import uploads

SOURCE = Path(__file__).parents[2] / "src"


def told(home: Path, expression: str, **environment: str) -> subprocess.Popen[str]:
    """A process of its own that says one expression over the settings."""
    return subprocess.Popen(
        [sys.executable, "-c", f"from soildesk import settings as s; print(({expression}))"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "SOILDESK_HOME": str(home), **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def said(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip()


def test_processes_that_start_at_once_share_one_key_that_only_the_owner_reads(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    keys = {said(process) for process in [told(home, "s.SECRET_KEY") for _n in range(6)]}
    assert len(keys) == 1 and len(keys.pop()) > 50
    assert (home / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in home.iterdir()] == ["secret_key"], "no draft of a key is left"


def test_defaults_are_closed_and_tls_closes_more(tmp_path: Path) -> None:
    facts = "s.DEBUG, s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.X_FRAME_OPTIONS"
    assert said(told(tmp_path / "a", facts)) == "(False, ['127.0.0.1', 'localhost'], False, False, 'DENY')"
    behind = said(told(tmp_path / "b", facts, SOILDESK_BEHIND_TLS="1", SOILDESK_ALLOWED_HOSTS="desk.example"))
    assert behind == "(False, ['desk.example'], True, True, 'DENY')"
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0, "a home is its owner's"


@pytest.mark.django_db
def test_an_endless_upload_is_refused_before_it_is_read(world, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_REQUEST", 1000)
    client.force_login(world.people["officer"])
    body = b"x" * 5000
    answer = client.post(reverse("plans:intake"), {"file": SimpleUploadedFile("a.txt", body), "division": "1"})
    assert answer.status_code in {400, 413}


@pytest.mark.django_db
def test_a_lock_does_not_say_which_names_exist(world, client: Client) -> None:
    def pages(username: str) -> list[tuple[int, str]]:
        found = []
        for _n in range(6):
            answer = client.post(reverse("login"), {"username": username, "password": "Wrong-2026 word"})
            found.append((answer.status_code, answer.content.decode().replace(username, "NAME")))
        return found

    def plain(rows: list[tuple[int, str]]) -> list[tuple[int, str]]:
        return [(status, re.sub(r"\b\w{64}\b", "", text)) for status, text in rows]  # security marks

    assert plain(pages("officer")) == plain(pages("nobody1"))
