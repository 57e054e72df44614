"""p-values of several models beside each other, adjusted within their family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworker.statistics.multiplicity import adjust

_MODELS = "between models"


def adjust_for_models(pairs: Sequence[dict[str, Any]], kinds: dict[str, str]) -> list[dict[str, Any]]:
    """Write `p_holm` into each pair and return the families.

    A family is one figure over all models beside the same reader, over all pairs of models, or over all pairs of
    readers. Holm 1979. An undefined p is in no family.
    """
    families: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for pair in pairs:
        for quantity in ("sensitivity", "specificity", "auc"):
            found = pair[quantity]
            if found is None:
                continue
            found["p_holm"] = None
            if _p(found) is not None:
                families.setdefault((quantity, _family(pair, kinds)), []).append(found)
    told = []
    for (quantity, name), members in families.items():
        adjusted = adjust([_p(member) for member in members])  # type: ignore[misc]
        for member, p in zip(members, adjusted.adjusted, strict=True):
            member["p_holm"] = p
        told.append({"quantity": quantity, "family": name, "tests": len(members), "method": "holm"})
    return told


def _p(found: dict[str, Any]) -> float | None:
    if "p_value" in found:
        return found["p_value"]  # type: ignore[no-any-return]
    p: float | None = found["p_exact"] if found["p_clustered"] is None else found["p_clustered"]
    return p


def _family(pair: dict[str, Any], kinds: dict[str, str]) -> str:
    first, second = kinds[pair["first"]], kinds[pair["second"]]
    if first == second:
        return _MODELS if first == "model" else "between readers"
    return f"models beside {pair['second_name']}"
