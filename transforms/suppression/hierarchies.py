"""The codes of a variable in trees: several hierarchies over the same finest codes, and which codes mean the same.

Two codes that stand for the same finest codes stand for the same people, whatever they are called: a region that is a
county of its own, the root of every hierarchy. What tables share they share by this meaning.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from terms.findings import Finding, Refused, refuse
from transforms.programs import Numbers


@dataclass(frozen=True, kw_only=True)
class Tree:
    """One hierarchy, as (code, parent) pairs; the root's parent is ``None``."""

    name: str
    links: tuple[tuple[str, str | None], ...]

    @classmethod
    def of_paths(cls, name: str, paths: Iterable[tuple[str, ...]]) -> Tree:
        """A tree from paths that lead from the root to the finest code.

        >>> Tree.of_paths("r", [("_T", "north", "a"), ("_T", "north", "b")]).links
        (('_T', None), ('north', '_T'), ('a', 'north'), ('b', 'north'))
        """
        links = dict.fromkeys(link for path in paths for link in zip(path, (None, *path), strict=False))
        return cls(name=name, links=tuple(links))

    @cached_property
    def parents(self) -> Mapping[str, str | None]:
        return dict(self.links)

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Parent -> its children, as declared."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, parent in self.links:
            if parent is not None:
                found[parent].append(code)
        return {parent: tuple(codes) for parent, codes in found.items()}

    @cached_property
    def leaves(self) -> frozenset[str]:
        return frozenset(self.parents) - frozenset(self.children)

    @cached_property
    def depth(self) -> Mapping[str, int]:
        """Code -> steps from the root. Of a checked tree only."""
        return {code: len(self.path(code)) - 1 for code in self.parents}

    def path(self, code: str) -> tuple[str, ...]:
        """The code and everything above it, upwards. Of a checked tree only."""
        found = [code]
        while (above := self.parents[found[-1]]) is not None:
            found.append(above)
        return tuple(found)

    def faults(self, variable: str) -> list[Finding]:
        """Everything that makes this no tree."""
        place = f"hierarchies.{variable}.{self.name}"
        repeated = [code for code, times in Counter(code for code, _ in self.links).items() if times > 1]
        orphans = [code for code, parent in self.links if parent is not None and parent not in self.parents]
        roots = [code for code, parent in self.links if parent is None]
        found = [Finding(place=place, rule="tree_repeats_code", facts={"code": code}) for code in repeated]
        found += [Finding(place=place, rule="tree_orphan", facts={"code": code}) for code in orphans]
        if len(roots) > 1:
            found.append(Finding(place=place, rule="tree_of_several_roots", facts={"roots": len(roots)}))
        if not found:
            found += [
                Finding(place=place, rule="tree_cycle", facts={"code": code})
                for code in self.parents
                if self._loops(code)
            ][:1]
        return found

    def _loops(self, code: str) -> bool:
        seen: set[str | None] = set()
        at: str | None = code
        while at is not None and at not in seen:
            seen.add(at)
            at = self.parents[at]
        return at is not None


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A variable and its hierarchies, which all have the same finest codes.

    Raises :class:`Refused`: ``tree_repeats_code``, ``tree_orphan``, ``tree_of_several_roots``, ``tree_cycle``,
    ``trees_of_different_codes``, ``tree_code_of_two_meanings``, ``variable_without_codes``.
    """

    name: str
    trees: tuple[Tree, ...]

    def __post_init__(self) -> None:
        place = f"hierarchies.{self.name}"
        if not self.trees or not all(tree.links for tree in self.trees):
            raise refuse(place, "variable_without_codes")
        found = [finding for tree in self.trees for finding in tree.faults(self.name)]
        if found:
            raise Refused(*found)
        for tree in self.trees[1:]:
            if tree.leaves != self.trees[0].leaves:
                raise refuse(f"{place}.{tree.name}", "trees_of_different_codes")
            for code in tree.parents:
                others = {_leaves_under(other, code) for other in self.trees if code in other.parents}
                if len(others) > 1:
                    raise refuse(f"{place}.{tree.name}", "tree_code_of_two_meanings", code=code)

    @classmethod
    def flat(cls, name: str, codes: Iterable[str], total: str = "_T") -> Variable:
        """A variable without levels: a total and its codes."""
        return cls(name=name, trees=(Tree.of_paths(name, [(total, code) for code in codes]),))

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The finest codes, as declared."""
        first = self.trees[0]
        return tuple(code for code in first.parents if code in first.leaves)

    @cached_property
    def meaning(self) -> Mapping[str, int]:
        """Code -> number of its meaning; 0 means everyone. Codes of the same finest codes have the same number."""
        numbers: dict[frozenset[str], int] = {frozenset(self.leaves): 0}
        found: dict[str, int] = {}
        for tree in self.trees:
            for code in tree.parents:
                if code not in found:
                    found[code] = numbers.setdefault(_leaves_under(tree, code), len(numbers))
        return found

    @cached_property
    def meanings(self) -> int:
        """How many meanings there are."""
        return max(self.meaning.values()) + 1

    def leaves_under(self, code: str) -> frozenset[str]:
        """The finest codes that a code stands for. Raises :class:`Refused` ``code_not_in_any_tree``."""
        for tree in self.trees:
            if code in tree.parents:
                return _leaves_under(tree, code)
        raise refuse(f"hierarchies.{self.name}", "code_not_in_any_tree", code=code)


def _leaves_under(tree: Tree, code: str) -> frozenset[str]:
    below, leaves = [code], set()
    while below:
        at = below.pop()
        below += tree.children.get(at, ())
        if at in tree.leaves:
            leaves.add(at)
    return frozenset(leaves)


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A variable as one table breaks it down: by some of its hierarchies, down to some depth."""

    variable: Variable
    trees: tuple[str, ...] = ()
    """Names of hierarchies; none: all of them."""
    depth: int | None = None
    """Steps from the root at most; ``None``: down to the finest codes."""

    def __post_init__(self) -> None:
        known = {tree.name for tree in self.variable.trees}
        for name in self.trees:
            if name not in known:
                raise refuse(f"hierarchies.{self.variable.name}", "tree_unknown", tree=name)

    @cached_property
    def _used(self) -> tuple[Tree, ...]:
        return tuple(tree for tree in self.variable.trees if not self.trees or tree.name in self.trees)

    def _kept(self, tree: Tree, code: str) -> bool:
        return self.depth is None or tree.depth[code] <= self.depth

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of the table's lines, as declared."""
        kept = (code for tree in self._used for code in tree.parents if self._kept(tree, code))
        return tuple(dict.fromkeys(kept))

    @cached_property
    def meanings(self) -> Numbers:
        """The meaning of every code."""
        return np.array([self.variable.meaning[code] for code in self.codes], dtype=np.int64)

    @cached_property
    def sums(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """(place of a code, places of the codes that add up to it) among ``codes``.

        A code of one child means what its child means, and needs no sum.
        """
        place = {code: number for number, code in enumerate(self.codes)}
        return tuple(
            (place[parent], tuple(place[code] for code in children))
            for tree in self._used
            for parent, children in tree.children.items()
            if len(children) > 1 and self._kept(tree, children[0])
        )

    @cached_property
    def partitions(self) -> tuple[Numbers, ...]:
        """Arrays over the variable's finest codes, of meanings (-1: none): together every meaning of the cut once."""
        place = {code: number for number, code in enumerate(self.variable.leaves)}
        seen: set[int] = set()
        found = []
        for tree in self._used:
            for depth in range(max(tree.depth.values()) + 1 if self.depth is None else self.depth + 1):
                layer = np.full(len(place), -1, dtype=np.int64)
                for leaf, number in place.items():
                    path = tree.path(leaf)[::-1]
                    meaning = self.variable.meaning[path[depth]] if depth < len(path) else -1
                    layer[number] = -1 if meaning in seen else meaning
                seen |= set(layer.tolist())
                if (layer >= 0).any():
                    found.append(layer)
        return tuple(found)
