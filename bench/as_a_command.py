"""The garbage collector as the command line sets it, for what is measured of its commands inside a process
that has done other things before."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from local.cli.entry import RARELY


@contextmanager
def as_a_command() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()  # a command's process begins without what was there before
    gc.set_threshold(RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
