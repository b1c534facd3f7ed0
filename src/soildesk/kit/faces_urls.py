"""Where the faces of a collection are: its list, its records, its forms and files, and the map of the same selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from soildesk.kit.register import Register


def of(register: Register, face: str, *args: str) -> str:
    """The address of one face: list, add, edit, bulk, template."""
    if face == "import":
        return reverse("kit:import_new", args=[register.collection])
    name = "kit:collection" if face == "list" else f"kit:collection_{face}"
    return reverse(name, args=[register.collection, *args])


def record_of(register: Register, key: str) -> str:
    """The page of a row: the register's own where it has one."""
    address = register.address
    return address({register.key: key, "uid": key}) if address else ""


def job(uid: object) -> str:
    """The page of a job."""
    return reverse("core:job", args=[uid])


def map_of(register: Register, query: str = "") -> str:
    """The map with the same selection on it; empty where the register has no ground or the desk no map."""
    if not register.ground or not register.collection:
        return ""
    try:
        start = reverse("maps:map")
    except NoReverseMatch:  # a desk without the map
        return ""
    return f"{start}?layer={register.collection}" + (f"&{query}" if query else "")
