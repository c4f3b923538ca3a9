"""One whole number for every set of conditions, so that the same cell has the same number in every table."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from terms.findings import refuse
from transforms.programs import Numbers


class Keys:
    """Keys of the cells over some sets of variables, each of so many meanings (0: everyone, and no condition)."""

    def __init__(self, meanings: Mapping[str, int], crossings: Iterable[frozenset[str]]) -> None:
        """Raises :class:`Refused` ``too_many_cells`` where there are more keys than whole numbers."""
        self._meanings = dict(meanings)
        facets = {
            facet
            for crossing in crossings
            for size in range(len(crossing) + 1)
            for facet in itertools.combinations(sorted(crossing), size)
        }
        sizes = [math.prod(self._meanings[name] for name in facet) for facet in sorted(facets)]
        if sum(sizes) > 2**62:
            raise refuse("tables", "too_many_cells", cells=sum(sizes), most=2**62)
        self._offsets = dict(zip(sorted(facets), itertools.accumulate(sizes, initial=0), strict=False))

    def of(self, names: Sequence[str], meanings: Sequence[Numbers], size: int) -> Numbers:
        """The key of each of ``size`` places, given the meaning of every variable there."""
        pattern = np.zeros(size, dtype=np.int64)
        for bit, each in enumerate(meanings):
            pattern |= (each > 0).astype(np.int64) << bit
        found = np.zeros(size, dtype=np.int64)
        for present in np.unique(pattern):
            at = pattern == present
            facet = sorted((name, bit) for bit, name in enumerate(names) if present >> bit & 1)
            key = np.zeros(int(at.sum()), dtype=np.int64)
            for name, bit in facet:
                key = key * self._meanings[name] + meanings[bit][at]
            found[at] = key + self._offsets[tuple(name for name, _ in facet)]
        return found
