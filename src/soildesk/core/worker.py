"""The worker process: takes jobs from the queue and keeps house once an hour."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.core.management import call_command
from django.db import close_old_connections, connection

from soildesk.core import audit, clock, duties, jobs
from soildesk.core.permissions import system_actor

HOUR_S = 3600.0
_chores: list[Callable[[], object]] = []
log = logging.getLogger(__name__)


def at_housekeeping(chore: Callable[[], object]) -> None:
    """Let a room's chore be done when a worker starts and every hour."""
    _chores.append(chore)


def keep_house() -> None:
    """What is due daily: the audit chain's head to its file, provisional terms anew, dead jobs closed, rooms' chores."""
    audit.export_heads(day=clock.today())
    duties.recompute_provisional(by=system_actor("housekeeping"))
    jobs.fail_orphans()
    for chore in _chores:
        try:
            chore()
        except Exception:
            log.exception("the chore %r failed; the others go on, and it is tried again", chore)


class Housekeeper(threading.Thread):
    """Keeps house every hour beside the worker, on its own database connection."""

    def __init__(self, interval_s: float = HOUR_S) -> None:
        super().__init__(name="housekeeper", daemon=True)
        self._interval_s = interval_s
        self._stop_asked = threading.Event()

    def run(self) -> None:
        """Until asked to stop; what fails, like a busy database, is tried again next time."""
        while not self._stop_asked.wait(self._interval_s):
            close_old_connections()
            try:
                keep_house()
            except Exception:
                log.exception("housekeeping failed; it is tried again in %s s", self._interval_s)
        connection.close()

    def stop(self) -> None:
        """Ask it to end."""
        self._stop_asked.set()


def work(*, until_empty: bool = False, interval_s: float = 1.0) -> None:
    """Run jobs until stopped, or until none waits."""
    jobs.fail_orphans()
    keep_house()
    housekeeper = Housekeeper()
    housekeeper.start()
    try:
        call_command(
            "db_worker", batch=until_empty, interval=interval_s, reload=False, startup_delay=False, verbosity=0
        )
    finally:
        housekeeper.stop()
