"""A model card for each compared model, as JSON: what it is, what it was made from, what it did, what it is not for."""

from __future__ import annotations

from typing import Any

from mlworker.experiments.report.facts import Known
from mlworker.experiments.report.model_facts import compared_scorings


def model_cards(known: Known, facts: dict[str, str]) -> list[dict[str, Any]]:
    """After Mitchell et al. 2019 (Model cards for model reporting); absent facts are null."""
    raters = {rater["key"]: rater for rater in known.result["raters"]}
    cards = []
    for scoring in compared_scorings(known):
        run, rater = scoring.run, raters[f"model-{scoring.pk}"]
        cards.append(
            {
                "model": {
                    "name": run.name,
                    "backbone": run.backbone,
                    "parameters": run.parameter_count,
                    "sha256": run.model_sha256 or None,
                    "configuration": run.configuration,
                    "configuration_sha256": run.configuration_sha256,
                    "environment": run.environment,
                },
                "intended_use": (
                    "Research: comparison with readers on anteroposterior hip radiographs. Not a medical device; not "
                    "for decisions about a patient."
                ),
                "data": {name: facts.get(name) for name in ("dataset", "partitions", "reference", "sites")},
                "threshold": {
                    "value": run.threshold,
                    "rule": run.threshold_rule,
                    "fixed_at": run.threshold_fixed_at.isoformat() if run.threshold_fixed_at else None,
                },
                "evaluation": {name: rater[name] for name in ("sensitivity", "specificity", "auc", "calibration")},
                "subgroups": [
                    {name: group[name] for name in ("variable", "value", "n", "suppressed")}
                    | {"figures": [own for own in group["raters"] if own["key"] == rater["key"]]}
                    for group in known.result["subgroups"]
                ],
                "caveats": [note["message"] for note in known.result["notes"]],
            }
        )
    return cards
