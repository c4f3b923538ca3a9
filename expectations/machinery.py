"""Great Expectations, kept to what we need of it: in memory, silent, yes or no.

Importing this module imports Great Expectations and pandas, which takes seconds: only a suite that is judged does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import great_expectations as gx
import pandas as pd
import pyarrow as pa
from great_expectations.core.expectation_validation_result import (
    ExpectationValidationResult,
)
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation, Expectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import (
    TableMetricProvider,
)

from expectations import anonymised, clean, raw, released
from expectations.promises import Breaches, Promise
from terms.findings import Verdict, fault

METRIC = "shoji.breaches"
BREACHES: dict[str, Breaches] = {**raw.BREACHES, **clean.BREACHES, **anonymised.BREACHES, **released.BREACHES}

NO_EXCEPTION = {"raised_exception": False, "exception_traceback": None, "exception_message": None}


class Errored(Exception):
    """A suite came to no verdict. Carries nothing: what Great Expectations says of it may quote a value."""


class BreachesOfAPromise(TableMetricProvider):
    """How many times a promise is broken in a class table."""

    metric_name = METRIC
    value_keys = ("rule", "terms")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # the decorator hands over the class
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[Any, Any],
        runtime_configuration: dict[str, Any],
    ) -> int:
        table, _, _ = execution_engine.get_compute_domain(
            domain_kwargs=metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE
        )
        return len(BREACHES[metric_value_kwargs["rule"]](table, **metric_value_kwargs["terms"]))


class ExpectPromiseToHold(BatchExpectation):
    """No line of a class table breaks ``rule`` under ``terms``."""

    rule: str
    terms: dict[str, Any]

    metric_dependencies = (METRIC,)
    success_keys = ("rule", "terms")

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        return {"success": metrics[METRIC] == 0, "result": {}}


def class_table(frame: Any, columns: Sequence[str], place: str) -> pd.DataFrame:
    """The columns that are judged, as plain Python values (``None`` for null); no other column comes in.

    ``frame`` is anything Arrow understands: Polars, Arrow, pandas, columns by name. Raises Fault where a column is
    missing.
    """
    table = pa.table(frame)
    for column in columns:
        if column not in table.column_names:
            raise fault(place, "expectation_column_missing", column=column)
    return pd.DataFrame({name: pd.Series(table[name].to_pylist(), dtype=object) for name in columns})


def verdicts(suite: str, table: pd.DataFrame, promises: Sequence[Promise]) -> dict[str, Verdict]:
    """Promise -> verdict, for promises about one class table.

    Whatever is not exactly a success is ``FAIL``, and so is every promise when the results are not one to one with
    what was promised. Raises Errored where an expectation raised instead of judging.
    """
    expected = [_something_was_measured(suite), *(_expectation(promise) for promise in promises)]
    names = [expectation.meta["promise"] for expectation in expected]
    results = _run(suite, table, expected)
    if any(result.exception_info != NO_EXCEPTION for result in results):
        raise Errored
    answers = [(result.expectation_config.meta["promise"], result.success is True) for result in results]
    # Nothing promised is nothing proven; Great Expectations calls that a success.
    complete = bool(promises) and len({*names}) == len(names) and sorted(names) == sorted(dict(answers))
    held = dict(answers) if complete and len(answers) == len(names) else {}
    return {name: Verdict.PASS if held.get(name) else Verdict.FAIL for name in names}


def breaches(promise: Promise, table: pd.DataFrame) -> list[str]:
    """The address of every breach of a promise, found again outside Great Expectations, which does not tell."""
    return BREACHES[promise.rule](table, **promise.terms)


def _something_was_measured(suite: str) -> Expectation:
    # No line would break anything in an empty table.
    name = f"something_was_measured.{suite.partition('.')[2]}"
    return gx.expectations.ExpectTableRowCountToBeBetween(min_value=1, meta={"promise": name})


def _expectation(promise: Promise) -> Expectation:
    return ExpectPromiseToHold(rule=promise.rule, terms=dict(promise.terms), meta={"promise": promise.name})


def _run(suite: str, table: pd.DataFrame, expected: list[Expectation]) -> list[ExpectationValidationResult]:
    """Validate in memory. ``BOOLEAN_ONLY`` is the one result format in which no value of the table comes back."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    asset = context.data_sources.add_pandas("class_tables").add_dataframe_asset(suite)
    definition = gx.ValidationDefinition(
        name=suite,
        data=asset.add_batch_definition_whole_dataframe("all"),
        suite=context.suites.add(gx.ExpectationSuite(name=suite, expectations=expected)),
    )
    definition = context.validation_definitions.add(definition)
    return definition.run(batch_parameters={"dataframe": table}, result_format="BOOLEAN_ONLY").results
