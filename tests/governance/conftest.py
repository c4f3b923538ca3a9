"""A town, and the command line in this process: as the flows' tests have them."""

from tests.flows.conftest import shoji, town

__all__ = ["shoji", "town"]
