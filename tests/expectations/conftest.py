"""What the tests of this room share."""

from __future__ import annotations

from types import ModuleType

import pytest


@pytest.fixture
def machinery() -> ModuleType:
    """Imported by the tests that need it and not while tests are collected: it takes seconds."""
    from expectations import machinery

    return machinery
