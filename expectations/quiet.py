"""Great Expectations says nothing and reports nothing, from before it is imported."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# Read while it is imported: otherwise it tells its makers who uses what.
os.environ["GX_ANALYTICS_ENABLED"] = "false"


@contextmanager
def hushed() -> Iterator[None]:
    """No log and no warning of the library: both quote exceptions, and those quote values.

    Done for every suite, since whoever configures logging in between would open the log again.
    """
    log = logging.getLogger("great_expectations")
    # With no handler at all, Python would print warnings to stderr.
    log.handlers = [logging.NullHandler()]
    log.setLevel(logging.CRITICAL + 1)
    log.propagate = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
