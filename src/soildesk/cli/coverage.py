"""`soildesk coverage`."""

from __future__ import annotations

import argparse
import sys

from soildesk import coverage as covered
from soildesk.cli import Refused, show_json


def coverage(options: argparse.Namespace) -> None:
    """How much of what the plans name is served."""
    try:
        figures = covered.current()
    except covered.CoverageUnreadable as error:
        raise Refused(str(error), code="coverage.unreadable") from error
    if options.json:
        show_json(figures)
    else:
        sys.stdout.write(covered.as_text(figures))
