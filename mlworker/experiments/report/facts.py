"""What the platform knows and a report needs, as sentences under short names. An unknown fact is absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from annotations.datasets.flow import cohort_flow
from annotations.datasets.models import DatasetCase
from mlworker.experiments.models import Comparison
from mlworker.experiments.report.data_facts import DATA_FACTS
from mlworker.experiments.report.model_facts import MODEL_FACTS
from mlworker.experiments.report.reader_facts import READER_FACTS
from mlworker.experiments.report.result_facts import RESULT_FACTS
from mlworker.experiments.tidy_table import TidyRow


@dataclass(frozen=True, slots=True)
class Known:
    """What facts and tables are made from."""

    comparison: Comparison
    result: Mapping[str, Any]
    rows: list[TidyRow]
    cases: list[DatasetCase]
    flow: dict[str, Any] | None


Fact = Callable[[Known], str | None]
_FACTS: Mapping[str, Fact] = {**DATA_FACTS, **MODEL_FACTS, **READER_FACTS, **RESULT_FACTS}


def known_of(comparison: Comparison, result: Mapping[str, Any], rows: list[TidyRow]) -> Known:
    cases = DatasetCase.objects.filter(version=comparison.dataset_version_id)
    listed = list(cases.select_related("patient__site", "hip", "label", "radiograph").order_by("number"))
    return Known(comparison, result, rows, listed, cohort_flow(comparison.study))


def facts_of(known: Known) -> dict[str, str]:
    told = {name: fact(known) for name, fact in _FACTS.items()}
    return {name: sentence for name, sentence in told.items() if sentence}


FACT_NAMES = frozenset(_FACTS)
