"""From the words of a case to models and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microdata_cases.tables import Table
from transforms.risk import models, whole
from transforms.search.judge import Demand
from transforms.search.metrics.aggregates import Aggregate
from transforms.search.metrics.entropy import Entropy
from transforms.search.metrics.loss import Loss
from transforms.search.metrics.precision import Height, Precision
from transforms.search.metrics.scoring import Metric
from transforms.search.metrics.sizes import AverageClass, Discernability
from transforms.search.metrics.spread import Ambiguity, Divergence

Words = Mapping[str, Any]


class Unsupported(Exception):
    """A model or metric that the search does not know."""


def exempt(case: Words, subset: int | None) -> str | None:
    """Why a case is counted apart; ``subset``: rows of the research subset that is here, if any."""
    names = [each["model"] for each in case["models"]]
    if any(name.startswith("Profitability") for name in names):
        return "profitability model"
    if "PublisherPayout" in case["metric"]["class"] or "PublisherBenefit" in case["metric"]["class"]:
        return "publisher benefit"
    if "PopulationUniqueness" in names:
        return "population uniqueness"
    if any(each["model"] == "KMap" and not each.get("subset_size") for each in case["models"]):
        return "k-map by population size"
    if any(each.get("subset_size", subset) != subset for each in case["models"]):
        return "another research subset"
    return None


def metric_of(case: Words) -> Metric:
    """The utility metric of a case."""
    words = case["metric"]
    name = words["class"].removesuffix("PotentiallyPrecomputed").removesuffix("Precomputed")
    factor, weights = words.get("gs_factor", 0.5), case.get("attribute_weights")
    weighing = {"factor": factor, "weights": weights, "aggregate": Aggregate[words.get("aggregate") or "SUM"]}
    makers = {
        "MetricMDNMLoss": lambda: Loss(**weighing),
        "MetricMDNUEntropy": lambda: Entropy(suppressed_values=False, **weighing),
        "MetricMDNUNMEntropy": lambda: Entropy(**weighing),
        "MetricMDNUNMNormalizedEntropy": lambda: Entropy(normalised=True, **weighing),
        "MetricMDHeight": lambda: Height(**weighing),
        "MetricMDPrecision": lambda: Precision(**weighing),
        "MetricMDNMPrecision": lambda: Precision(suppressed_values=True, **weighing),
        "MetricSDAECS": lambda: AverageClass(factor=factor),
        "MetricSDDiscernability": lambda: Discernability(suppressed_values=False),
        "MetricSDNMDiscernability": Discernability,
        "MetricSDNMAmbiguity": Ambiguity,
        "MetricSDNMKLDivergence": Divergence,
    }
    if name not in makers:
        raise Unsupported(name)
    return makers[name]()


def demands_of(case: Words, table: Table) -> list[Demand]:
    """The models of a case, each with its sensitive attribute."""
    demands = [Demand(_model(words, table), words.get("attribute")) for words in case["models"]]
    # The reference implementation asks for l different values before it looks at their entropy.
    diverse = {(words["attribute"], int(words["minSize"])) for words in case["models"] if words.get("minSize", 0) > 1}
    return [*demands, *(Demand(models.DistinctDiversity(least), name) for name, least in sorted(diverse))]


def _model(words: Words, table: Table) -> models.Model | whole.Bound:
    name = words["model"]
    makers = {
        "KAnonymity": lambda: models.KAnonymity(words["k"]),
        "DistinctLDiversity": lambda: models.DistinctDiversity(int(words["l"])),
        "EntropyLDiversity": lambda: models.EntropyDiversity(words["l"], words.get("estimator", "Shannon").lower()),
        "RecursiveCLDiversity": lambda: models.RecursiveDiversity(words["c"], int(words["l"])),
        "EqualDistanceTCloseness": lambda: models.Closeness(words["t"]),
        "OrderedDistanceTCloseness": lambda: models.Closeness(words["t"], "ordered"),
        "HierarchicalDistanceTCloseness": lambda: models.Closeness(
            words["t"], "hierarchical", table.value_ladder(words["attribute"]).levels
        ),
        "BasicBLikeness": lambda: models.BasicBetaLikeness(words["b"]),
        "EnhancedBLikeness": lambda: models.EnhancedBetaLikeness(words["b"]),
        "DDisclosurePrivacy": lambda: models.DeltaDisclosure(words["d"]),
        "DPresence": lambda: models.DeltaPresence(words["dMin"], words["dMax"]),
        "Inclusion": models.Inclusion,
        "AverageReidentificationRisk": lambda: whole.AverageRisk(words["threshold"]),
        "HighestReidentificationRisk": lambda: whole.HighestRisk(words["threshold"]),
        "SampleUniqueness": lambda: whole.SampleUniqueness(words["threshold"]),
        "KMap": lambda: models.KMap(words["k"]),
    }
    if name not in makers:
        raise Unsupported(name)
    return makers[name]()
