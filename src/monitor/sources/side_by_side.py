"""Several files of a night at once, each by one thread with a database of its own.

One thread keeps the rows of a file in order without sorting them, costs less than two that wait for each other, and reads on
while another one sorts numbers outside of the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from queue import SimpleQueue
from typing import TypeVar

import duckdb

from monitor.run import Night
from monitor.store import connect

_WORKER_MB = 512  # memory that one file at a time should have at least
Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(
    night: Night, work: Callable[[duckdb.DuckDBPyConnection, Item], Result], items: Sequence[Item]
) -> Iterator[tuple[Item, Result]]:
    """Do `work` for every item; give each with its result as soon as it is done, so in any order.

    Args:
        night: gives threads, memory (a share for each at a time) and the folder to spill into.
        work: told a database in memory, which knows the key of the home and nothing of the night, and an item.
        items: what takes longest should come first.
    """
    workers = max(1, min(night.settings.threads, night.settings.memory_limit_mb // _WORKER_MB, len(items)))
    share = {"threads": 1, "memory_limit_mb": night.settings.memory_limit_mb // workers}
    settings = night.settings.model_copy(update=share)
    idle: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()

    def one(item: Item) -> Result:
        connection = idle.get()
        try:
            return work(connection, item)
        finally:
            idle.put(connection)

    with ExitStack() as stack:
        for number in range(workers):
            idle.put(stack.enter_context(connect(None, settings, spill=night.work / "spill" / str(number))))
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        stack.callback(pool.shutdown, cancel_futures=True)
        doing = {pool.submit(one, item): item for item in items}
        for done in as_completed(doing):
            yield doing[done], done.result()
