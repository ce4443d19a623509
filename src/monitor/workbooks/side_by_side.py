"""Do the same to each of many things in several processes: writing a workbook is Python all the way, one core's work."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import TypeVar

# enough that nobody waits, few enough that what waits is small
_WAITING_EACH = 4
Given = TypeVar("Given")
Made = TypeVar("Made")


def each(do: Callable[[Given], Made], things: Iterable[Given], processes: int) -> Iterator[Made]:
    """What `do` makes of each thing, in the order of the things.

    Args:
        do: a function at the top of a module; with several processes, what it takes and gives is copied between them.
        things: taken one by one, only a few ahead of what is done.
        processes: 1 does it all in this one.
    """
    if processes == 1:
        yield from map(do, things)
        return
    # a copy of this process would share its threads' locks: start afresh
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_end_with_parent) as others:
        waiting: deque[Future[Made]] = deque()
        for thing in things:
            waiting.append(others.submit(do, thing))
            if len(waiting) > _WAITING_EACH * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _end_with_parent() -> None:
    """A night that is killed takes its processes with it: none goes on writing into a folder that the next night clears."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)
