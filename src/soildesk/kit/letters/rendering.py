"""A Word template with placeholders, filled with plain values. Runs in the limited process only.

The environment is sandboxed and immutable, knows no global function, few filters, and no other file; a placeholder of an
unknown name is an error, never a blank.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from soildesk.kit.letters.package import checked
from soildesk.kit.letters.refused import Refused

FILTERS = ("default", "first", "join", "last", "length", "replace", "round", "trim")
LONGEST_DETAIL = 160


class Environment(ImmutableSandboxedEnvironment):
    """Templates see values and the few filters alone."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in ("defined", "none", "string", "number")}

    def is_safe_callable(self, obj: Any) -> bool:
        """Values are text, numbers, lists and dicts: nothing of theirs needs to be called."""
        return False


def render(data: bytes, name: str, given: dict[str, Any]) -> bytes:
    """The template filled; raises Refused with what is wrong and where."""
    checked(data, name)
    template = DocxTemplate(BytesIO(data))
    try:
        template.render(given, Environment(), autoescape=True)
        out = BytesIO()
        template.save(out)
    except MemoryError:
        raise
    except TemplateSyntaxError as error:
        raise Refused("syntax", name=name, detail=_detail(error), near=_near(error)) from error
    except SecurityError as error:
        raise Refused("forbidden", name=name, detail=_detail(error)) from error
    except UndefinedError as error:
        raise Refused("unknown", name=name, detail=_detail(error)) from error
    except (TemplateError, TypeError, ValueError, KeyError, AttributeError, ArithmeticError) as error:
        raise Refused("broken", name=name, detail=_detail(error)) from error
    return out.getvalue()


def _detail(error: Exception) -> str:
    return str(error)[:LONGEST_DETAIL]


def _near(error: Exception) -> str:
    lines = [line.strip() for line in getattr(error, "docx_context", ()) if line.strip()]
    return next((line for line in lines if "{" in line), "")[:LONGEST_DETAIL]
