"""The committed OpenAPI is what the registers declare; SOILDESK_WRITE_OPENAPI=1 writes it anew."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from soildesk.core.permissions import system_actor
from soildesk.exchange.rest import definition, gatedefinition, laboratory
from soildesk.kit import seen as kit_seen

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"
DAY = date(2026, 11, 20)


@pytest.mark.django_db
def test_the_committed_definition_is_that_of_the_registers() -> None:
    """Layers of an office stand in its database; the file has the registers of the program."""
    actor = system_actor("test", DAY)
    found = definition.document(
        kit_seen.all_seen(actor, DAY), more=laboratory.paths(actor) | gatedefinition.paths(actor)
    )
    text = json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"
    if os.environ.get("SOILDESK_WRITE_OPENAPI"):
        COMMITTED.write_text(text, encoding="utf-8")
    assert COMMITTED.read_text(encoding="utf-8") == text, (
        "run this test with SOILDESK_WRITE_OPENAPI=1 and commit the file"
    )
    assert "/parcels/{key}/history" in found["paths"]


@pytest.mark.django_db
def test_the_public_sees_the_definition_of_what_is_public() -> None:
    told = Client().get("/api/v1/openapi.json").json()
    assert "/collections" in told["paths"]
    assert not [path for path in told["paths"] if path.startswith(("/parcels", "/unused_land", "/patrols"))]
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    assert "<script" not in page.content.decode()
