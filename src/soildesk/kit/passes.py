"""One pass over the registers: many measures ask, and what one of them read is not read again for the next.

    @once_a_pass(lambda place, on: (place.pk, on))
    def rows(place: Place, on: date) -> Sequence[Row]: ...

Outside a pass the function is called each time. What it returns is shared: nobody may change it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Memory = dict[tuple[Any, ...], Any]
_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


@contextmanager
def remembering(memory: Memory) -> Iterator[None]:
    """Within this block readings are kept in `memory`. It belongs to one actor: what another sees is another pass."""
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)


def under_way() -> Memory:
    """What the pass under way keeps, for another one of the same actor within it; a new memory outside of any."""
    memory = _memory.get()
    return {} if memory is None else memory


@contextmanager
def many_rows() -> Iterator[None]:
    """Within this block rows are read that all live on: the collector of rings would look through every one, again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.freeze()  # what was read is counted among the old at once, without a look through it
            gc.unfreeze()
            gc.enable()


def once_a_pass(key: Callable[P, Hashable]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a reading be shared within a pass; `key` tells which calls ask for the same."""

    def decorate(reading: Callable[P, T]) -> Callable[P, T]:
        @wraps(reading)
        def read(*args: P.args, **kwargs: P.kwargs) -> T:
            memory = _memory.get()
            if memory is None:
                return reading(*args, **kwargs)
            asked = (reading, key(*args, **kwargs))
            if asked not in memory:
                memory[asked] = reading(*args, **kwargs)
            found: T = memory[asked]
            return found

        return read

    return decorate
