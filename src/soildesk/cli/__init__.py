"""The command `soildesk`: everything the desk does, for scripts and for those who prefer a terminal.

Exit codes: 0 done, 1 refused with a sentence on stderr, 2 usage. With `--json`, JSON goes to stdout also on exit 1.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from soildesk.cli import (
    assess_parser,
    duties_parser,
    enterprises_parser,
    farmland_parser,
    gate_parser,
    gis_parser,
    measures_parser,
    plan_parser,
    plots_parser,
    report_parser,
    results_parser,
    risk_parser,
    standards_parser,
    surface_parser,
    system_parser,
    token_parser,
)
from soildesk.cli.usage import Parser


class Refused(Exception):
    """The command will not do it; the sentence says why. `data` goes to stdout where JSON was asked for."""

    def __init__(self, sentence: str, *, code: str = "refused", data: dict[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.data = data


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    root = Parser(prog="soildesk", description="净土台 SoilDesk")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    assess_parser.add_to(commands)
    duties_parser.add_to(commands)
    enterprises_parser.add_to(commands)
    farmland_parser.add_to(commands)
    gate_parser.add_to(commands)
    gis_parser.add_to(commands)
    measures_parser.add_to(commands)
    plan_parser.add_to(commands)
    plots_parser.add_to(commands)
    report_parser.add_to(commands)
    results_parser.add_to(commands)
    risk_parser.add_to(commands)
    standards_parser.add_to(commands)
    surface_parser.add_to(commands)
    system_parser.add_to(commands)
    token_parser.add_to(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    module, name = options.handler.split(":")
    try:
        if options.needs_django:
            _start_django()
        import_module(module).__dict__[name](options)
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 — every refusal of every room ends here as one sentence
        return _refuse(error, options)
    return 0


def _start_django() -> None:
    import gc
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soildesk.settings")
    gc.disable()  # what is loaded here stays to the end: looking through it for garbage took nearly a third of the start
    django.setup()
    gc.freeze()
    gc.enable()
    from django.utils import translation

    translation.activate(os.environ.get("SOILDESK_LANGUAGE", "zh-hans"))


def _refuse(error: Exception, options: argparse.Namespace) -> int:
    sentence = _sentence_of(error)
    if sentence is None:
        raise error
    if getattr(options, "json", False):
        data = getattr(error, "data", None)
        code = getattr(error, "code", "refused")
        show_json(data if data is not None else {"error": {"code": code, "sentence": sentence}})
    sys.stderr.write(sentence + "\n")
    return 1


def _sentence_of(error: Exception) -> str | None:
    """The sentence of a refusal, None where the error is a fault of the program."""
    if isinstance(error, Refused | FileNotFoundError | IsADirectoryError | PermissionError):
        return str(error)
    if sentence := getattr(error, "sentence", None):
        return str(sentence() if callable(sentence) else sentence)
    if type(error).__module__ == "django.db.utils" and re.search("no such (table|column)|does not exist", str(error)):
        return "数据库还没有建立，或早于本程序。请先运行 soildesk setup。"
    return None


def show(text: str = "") -> None:
    """One line on stdout."""
    sys.stdout.write(text + "\n")


def show_json(value: object) -> None:
    """A value as JSON on stdout."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=str)
    sys.stdout.write("\n")


def usage_error(message: str) -> NoReturn:
    """End with exit code 2."""
    sys.stderr.write(message + "\n")
    raise SystemExit(2)
