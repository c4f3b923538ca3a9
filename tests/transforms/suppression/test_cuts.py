"""No cut may exclude a safe pattern; some cut excludes an unsafe one."""

from __future__ import annotations

import numpy as np
import pytest

from tests.transforms.suppression.small_tables import drawn, problem, safe
from transforms.suppression.audit import Audit
from transforms.suppression.cuts import Cuts
from transforms.suppression.solver import Work


def _patterns(case, generator, count):
    free = np.flatnonzero(case.candidate & ~case.primary)
    for share in generator.uniform(0.3, 1.0, size=count):
        hidden = case.primary.copy()
        hidden[free[generator.random(len(free)) < share]] = True
        yield hidden


def _cuts(case, generator):
    cuts = Cuts(case, Work(0))
    found = list(cuts.of_lines())
    for hidden in _patterns(case, generator, 8):
        x = hidden * generator.choice([1.0, 0.5])
        x[case.primary] = 1.0
        cuts.towards(x, int(case.up.max()))
        for cell in np.flatnonzero(case.primary):
            found += [cut for sign in (1, -1) if (cut := cuts.against(int(cell), sign)) is not None]
    return found


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("level", [1, 3])
def test_no_cut_excludes_a_safe_pattern(seed, level):
    values, equations, primary = drawn(((3, 3), (2, 2, 3))[seed % 2], seed, 2)
    case = problem(values, equations, primary, up=level * primary, down=np.minimum(primary * level, values))
    generator = np.random.default_rng(seed)
    cuts = _cuts(case, generator)
    safe_ones = [hidden for hidden in _patterns(case, generator, 12) if safe(case, hidden)]
    for hidden in safe_ones:
        assert all(cut.slack(hidden.astype(float)) >= -1e-9 for cut in cuts)


@pytest.mark.parametrize("seed", range(8))
def test_a_width_cut_excludes_no_safe_pattern(seed):
    values, equations, primary = drawn((3, 3), seed, 1)
    case = problem(values, equations, primary, width=np.where(values > 0, 2, 0))
    generator, cuts = np.random.default_rng(seed), Cuts(case, Work(0))
    found = []
    for hidden in _patterns(case, generator, 6):
        cuts.towards(hidden.astype(float), 2)
        found += [cut for cell in np.flatnonzero(hidden & ~primary) if (cut := cuts.against(int(cell), 0))]
    for hidden in _patterns(case, generator, 12):
        if safe(case, hidden):
            assert all(cut.slack(hidden.astype(float)) >= -1e-9 for cut in found)


@pytest.mark.parametrize("seed", range(8))
def test_a_pattern_that_fails_in_fractions_is_cut_off(seed):
    values, equations, primary = drawn((3, 3), seed, 2)
    case = problem(values, equations, primary)
    unsafe = [
        hidden for hidden in _patterns(case, np.random.default_rng(seed), 12) if not safe(case, hidden, whole=False)
    ]
    unsafe.append(primary)
    for hidden in unsafe:
        audit, cuts, x = Audit(case, Work(0)), Cuts(case, Work(0)), hidden.astype(float)
        cuts.towards(x, 1)
        slacks = [
            cut.slack(x)
            for cell in audit.unmet(hidden)
            for sign in audit.missing(cell, hidden)
            if (cut := cuts.against(cell, sign)) is not None
        ]
        assert not safe(case, hidden)
        assert not slacks or min(slacks) < 0
