"""The limited children that read uploads, forked from one process of the run that has loaded what they load.

Hundreds of tests hand a file to a child, and most of what a child does is to import the same modules. Here it is still a
process of its own, with its own limits, folder and environment, running the script that stands in src; only its start is
spared. Files that test the start itself stand in `STARTED_ANEW` of conftest.py.

`DeskChild` does the same for whole programs of a desk that a test starts in order to kill them.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1] / "src"
CHILDREN = tuple(
    str(SOURCE / "soildesk" / name)
    for name in (
        "core/sandbox_child.py",
        "core/gis_child.py",
        "kit/letters/child.py",
        "monitoring/reading_child.py",
        "standards/judging_child.py",
    )
)
LOADED = (
    "pyarrow.compute", "pyarrow.parquet", "soildesk.kit.letters.blanks", "soildesk.kit.letters.rendering", "soildesk.standards.editiondata", "soildesk.standards.judgedschema",
    "soilrules.gisfiles.wire", "soilrules.labcheck", "soilrules.labquality", "soilrules.labtables.workbook",
    "soilrules.plantext.formats.wire", "soilrules.standards.provinces",
)  # fmt: skip
ENDED = struct.Struct("i")
MOST = 100_000
"""Bytes of one order."""


class ReadyChild(subprocess.Popen[bytes]):
    """`Popen` that has the scripts of `CHILDREN` run by a fork; every other command as always."""

    mother: Mother
    told: int | None = None

    @staticmethod
    def script_in(args: Any) -> list[str]:
        """The script and its words, where a fork is to run it."""
        return args[4:] if isinstance(args, list) and len(args) > 4 and args[4] in CHILDREN else []

    def _execute_child(self, args: Any, executable: Any, *given: Any) -> None:
        script = self.script_in(args)
        if not script:
            super()._execute_child(args, executable, *given)
            return
        (_preexec, _close, _pass, cwd, env, _info, _flags, _shell,
         p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, *_rest) = given  # fmt: skip
        nowhere = os.open(os.devnull, os.O_RDWR)
        ours = [nowhere if fd == -1 else fd for fd in (p2cread, c2pwrite, errwrite)]
        self.pid, self.told = self.mother.bear({"argv": script, "cwd": str(cwd or "."), "env": dict(env)}, ours)
        self._child_created = True
        os.close(nowhere)
        self._close_pipe_fds(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)

    def _internal_poll(self, *args: Any, **kwargs: Any) -> int | None:
        return super()._internal_poll(*args, **kwargs) if self.told is None else self._ended(0)

    def _wait(self, timeout: float | None) -> int | None:
        if self.told is None:
            return super()._wait(timeout)
        if self._ended(timeout) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def _ended(self, timeout: float | None) -> int | None:
        with self._waitpid_lock:
            if self.returncode is None and readable([self.told], timeout):
                (self.returncode,) = ENDED.unpack(os.read(self.told, ENDED.size))
                os.close(self.told)
        return self.returncode


class DeskChild(ReadyChild):
    """`Popen` of a script with its words: a fork of a mother who has started Django for one desk."""

    @staticmethod
    def script_in(args: Any) -> list[str]:
        """All that was given."""
        return list(args)


class Mother:
    """The process that children are forked from: of those who read, or of the desk of an environment."""

    def __init__(self, desk: dict[str, str] | None = None) -> None:
        self.desk = desk
        self.one_at_a_time = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def bear(self, order: dict[str, Any], streams: list[int]) -> tuple[int, int]:
        """The process id of a new child, and where its exit code will be told."""
        told, tells = os.pipe()
        with self.one_at_a_time:
            if self.process is None:
                self._start()
            socket.send_fds(self.channel, [json.dumps(order).encode()], [*streams, tells])
            (pid,) = ENDED.unpack(self.channel.recv(ENDED.size))
        os.close(tells)
        return pid, told

    def _start(self) -> None:
        from soildesk.core import gis_sandbox

        environment, loads = (self.desk, "desk") if self.desk else (gis_sandbox._environment(), "readers")
        self.channel, hers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-I", "-X", "utf8", __file__, str(SOURCE), str(hers.fileno()), loads]
        self.process = subprocess.Popen(command, env=environment, pass_fds=[hers.fileno()])
        hers.close()

    def end(self) -> None:
        """Nobody wants children any more."""
        if self.process is not None:
            self.channel.close()
            self.process.wait(timeout=20)


def readable(files: Sequence[int], timeout: float | None) -> list[int]:
    """Which of these can be read within some seconds; however many files the process has open."""
    with selectors.DefaultSelector() as waiting:
        for one in files:
            waiting.register(one, selectors.EVENT_READ)
        return [key.fd for key, _events in waiting.select(timeout)]


def main() -> None:
    """Load, then fork a child for each order until the tests are gone."""
    source, number, loads = sys.argv[1:]
    sys.path.insert(0, source)
    gc.disable()
    LOADS[loads]()
    gc.freeze()  # a child that looked through all this for garbage would first have to copy it
    gc.enable()
    channel = socket.socket(fileno=int(number))
    wake, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    living: dict[int, int] = {}
    while True:
        ready = readable([channel.fileno(), wake], None)
        if wake in ready:
            os.read(wake, 1000)
            tell_of_the_dead(living)
        if channel.fileno() not in ready:
            continue
        order, fds, _flags, _address = socket.recv_fds(channel, MOST, 4)
        if not order:
            return
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for fd in (channel.detach(), wake, wakes, fds[3], *living.values()):
                os.close(fd)
            live(json.loads(order), fds[:3])
        living[pid] = fds[3]
        for fd in fds[:3]:
            os.close(fd)
        channel.send(ENDED.pack(pid))


def load_readers() -> None:
    """What the children that read import; GDAL is told by the environment which drivers it has, as theirs is."""
    import_module("soildesk.core.sandbox_child").without_frames()  # as in gis_child.py
    for name in LOADED:
        import_module(name)
    from soilrules.evaluation import shipped

    shipped()


def load_desk() -> None:
    """All that a command of the desk finds loaded; what limits a reader is none of its own."""
    import django
    from django.db import connections

    django.setup()
    import_module("soildesk.cli")
    assert all(one.connection is None for one in connections.all(initialized_only=True)), "children would share it"
    globals()["limit_beyond_what_stands"] = lambda: None


LOADS = {"readers": load_readers, "desk": load_desk}


def tell_of_the_dead(living: dict[int, int]) -> None:
    """The exit code of each child that ended."""
    while living:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        fd = living.pop(pid)
        os.write(fd, ENDED.pack(os.waitstatus_to_exitcode(status)))
        os.close(fd)


def limit_beyond_what_stands() -> None:
    """The room for addresses that a child allows itself is counted from here: the mother's own is larger than a child's whole."""
    stands = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    honest = resource.setrlimit

    def setrlimit(kind: int, limits: tuple[int, int]) -> None:
        lowest, highest = (one + stands if kind == resource.RLIMIT_AS else one for one in limits)
        honest(kind, (lowest, highest))

    resource.setrlimit = setrlimit


def live(order: dict[str, Any], streams: list[int]) -> None:
    """Be the child: its streams, folder and environment, then its script."""
    code = 1
    limit_beyond_what_stands()
    try:
        os.setsid()
        for number, fd in enumerate(streams):
            os.dup2(fd, number)
            os.close(fd)
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["env"])
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.argv = order["argv"]
        runpy.run_path(sys.argv[0], run_name="__main__")
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 — as the interpreter would
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
