"""Estimates of population uniqueness against their formulas, written out slowly, and against known models."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.findings import Refused
from tests.transforms.risk.tables import sizes_of
from transforms.risk.pitman import fit_pitman, rise
from transforms.risk.slide import slide_uniqueness
from transforms.risk.uniqueness import (
    Sample,
    pitman_uniqueness,
    population_uniqueness,
    sample_uniqueness,
    snb_uniqueness,
    zayatz_uniqueness,
)

sizes = st.lists(st.integers(1, 6), min_size=1, max_size=30)
fractions = st.sampled_from([Fraction(1, 20), Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(1)])


def zayatz_slowly(classes: list[int], fraction: Fraction) -> Fraction:
    """Binomial coefficients in fractions."""
    drawn = sum(classes)
    everybody = round(drawn / fraction)
    chance = [Fraction(size * math.comb(everybody - size, drawn - 1), math.comb(everybody, drawn)) for size in classes]
    uniques = [one for size, one in zip(classes, chance, strict=True) if size == 1]
    return Fraction(len(uniques), drawn) * sum(uniques) / sum(chance) if uniques else Fraction(0)


@given(sizes, fractions)
def test_zayatz_is_the_hypergeometric_share(classes, fraction):
    sample = Sample(sizes_of(*classes), float(fraction))
    assert zayatz_uniqueness(sample) == pytest.approx(float(zayatz_slowly(classes, fraction)), rel=1e-9)


def test_zayatz_by_hand():
    """Four people in classes 1, 1, 2 of eight: P(1 | 1) = 4/8; P(1 | 2) = 2 4 4 / (8 7); the share of ones follows."""
    one, two = 2 * Fraction(1, 2), Fraction(32, 56)
    expected = Fraction(2, 4) * one / (one + two)
    assert zayatz_uniqueness(Sample(sizes_of(1, 1, 2), 0.5)) == pytest.approx(float(expected))


def log_likelihood(theta: float, alpha: float, classes: list[int]) -> float:
    """Pitman's sampling formula, factor by factor."""
    total = sum(math.log(theta + i * alpha) for i in range(1, len(classes)))
    total -= sum(math.log(theta + i) for i in range(1, sum(classes)))
    return total + sum(math.log(i - alpha) for size in classes for i in range(1, size))


CLASSES = [1] * 60 + [2] * 20 + [3] * 9 + [5] * 4 + [12, 40]


def fitted(classes: list[int]) -> tuple[float, float] | None:
    occurring, counts = np.unique(np.array(classes, dtype=np.int64), return_counts=True)
    return fit_pitman(occurring, counts)


def test_nothing_near_the_fit_of_pitman_is_more_likely():
    theta, alpha = fitted(CLASSES)
    best = log_likelihood(theta, alpha, CLASSES)
    for step in (1e-3, 1e-2, 0.1):
        for along in ((step, 0), (-step, 0), (0, step / 10), (0, -step / 10), (step, step / 10), (-step, step / 10)):
            assert log_likelihood(theta + along[0], alpha + along[1], CLASSES) < best


def test_pitman_expects_what_hoshino_writes():
    theta, alpha = fitted(CLASSES)
    drawn = sum(CLASSES)
    expected = math.gamma(theta + 1) / math.gamma(theta + alpha) * (20 * drawn) ** alpha / (20 * drawn)
    assert pitman_uniqueness(Sample(sizes_of(*CLASSES), 0.05)) == pytest.approx(expected)


@pytest.mark.parametrize(
    "classes",
    [
        pytest.param([1, 1, 1], id="everybody_is_unique"),
        pytest.param([7], id="one_class"),
        pytest.param([1, 3, 3, 3, 3, 3, 3], id="as_alike_as_dice"),
    ],
)
def test_pitman_has_no_answer_at_the_edge_and_zayatz_takes_over(classes):
    sample = Sample(sizes_of(*classes), 0.1)
    assert fitted(classes) is None
    assert population_uniqueness(sample) == zayatz_uniqueness(sample)


@given(st.floats(0.01, 1e6), st.integers(0, 300))
def test_a_rise_of_digamma_is_a_sum_of_reciprocals(x, k):
    assert rise(x, k) == pytest.approx(math.fsum(1 / (x + i) for i in range(k)), rel=1e-10, abs=1e-15)


@given(st.floats(0.05, 3), st.floats(0.2, 30), st.sampled_from([0.2, 0.5, 0.9]))
def test_the_slide_model_is_found_again(a, h, fraction):
    """From the expected counts of a known model, a million classes: E z^F = z (1 + h - h z)^-a."""
    classes = 1e6
    none = (1 - fraction) * (1 + h * fraction) ** -a
    left = 1 - fraction
    slope = a * h * (1 + h * fraction) ** (-a - 1)
    one = fraction * (1 + h * fraction) ** -a + left * fraction * slope
    mean = 1 + a * h
    found = slide_uniqueness(classes * fraction * mean, classes * (1 - none), classes * one, fraction)
    assert found == pytest.approx((1 + h) ** -a / mean, rel=1e-4)


@given(sizes)
def test_a_sample_of_everybody_is_as_unique_as_it_is(classes):
    table = sizes_of(*classes)
    everybody = Sample(table, 1.0)
    assert sample_uniqueness(table) == classes.count(1) / sum(classes)
    assert population_uniqueness(everybody) == pytest.approx(sample_uniqueness(table))


@given(sizes, fractions)
def test_an_estimate_is_a_share(classes, fraction):
    sample = Sample(sizes_of(*classes), float(fraction))
    for estimate in (zayatz_uniqueness, pitman_uniqueness, snb_uniqueness, population_uniqueness):
        share = estimate(sample)
        assert share is None or 0 <= share <= 1 + 1e-12


@given(st.lists(st.integers(2, 6), min_size=1, max_size=9), fractions)
def test_without_sample_uniques_nobody_is_expected_to_be_unique(classes, fraction):
    assert population_uniqueness(Sample(sizes_of(*classes), float(fraction))) == 0


def test_the_rule_takes_the_smaller_of_two_for_large_fractions():
    sample = Sample(sizes_of(*CLASSES), 0.3)
    assert snb_uniqueness(sample) != zayatz_uniqueness(sample)
    assert population_uniqueness(sample) == min(snb_uniqueness(sample), zayatz_uniqueness(sample))


@pytest.mark.parametrize(
    ("fraction", "people", "rule"),
    [
        pytest.param(0.0, 3, "risk_fraction_outside_0_1", id="nobody_was_drawn"),
        pytest.param(1.1, 3, "risk_fraction_outside_0_1", id="more_than_everybody"),
        pytest.param(0.5, 0, "risk_nobody_measured", id="an_empty_sample"),
    ],
)
def test_nonsense_is_refused(fraction, people, rule):
    with pytest.raises(Refused, match=rule):
        Sample(sizes_of(people), fraction)
