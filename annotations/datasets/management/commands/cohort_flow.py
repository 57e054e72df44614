"""Prints the flow of a study's cohort, or what another version of its rules would make of the registry."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from annotations.cohorts.models import Cohort, CohortRules
from annotations.cohorts.preview import preview_flow
from annotations.datasets.flow import cohort_flow
from common.errors import DomainError
from studies.models import Study


class Command(BaseCommand):
    help = "Prints the cohort's flow: patients, hips and radiographs at every step, reasons, expected counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument(
            "--version", dest="rules_version", type=int,
            help="a version of the rules: its latest cohort, or, if none was built, a preview that saves nothing",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", dest="as_json")

    def create_parser(self, *args: Any, **options: Any) -> Any:
        """Django's own --version gives way to that of the rules."""
        return super().create_parser(*args, conflict_handler="resolve", **options)

    def handle(self, *, study: str, rules_version: int | None, as_json: bool, **options: object) -> None:
        chosen = Study.objects.filter(slug=study).first()
        if chosen is None:
            raise CommandError(f"There is no study “{study}”.")
        try:
            flow = _flow(chosen, rules_version)
        except DomainError as error:
            raise CommandError(error.message) from error
        if as_json:
            self.stdout.write(json.dumps(flow, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
            return
        for line in _lines(flow):
            self.stdout.write(line)


def _flow(study: Study, version: int | None) -> dict[str, Any]:
    if version is None:
        flow = cohort_flow(study)
        if flow is None:
            raise CommandError("No cohort has been built yet; --version previews one.")
        return flow
    rules = CohortRules.objects.filter(study=study, version=version).first()
    if rules is None:
        raise CommandError(f"There is no version {version} of the rules.")
    cohort = Cohort.objects.filter(study=study, rules=rules).select_related("rules", "built_by").order_by("-pk").first()
    if cohort is not None:
        return cohort_flow(study, cohort) or {}
    steps = preview_flow(study, rules.rules)
    return {"rules_version": version, "is_preview": True, "steps": [asdict(step) for step in steps]}


def _lines(flow: dict[str, Any]) -> list[str]:
    what = "preview, nothing was built" if flow.get("is_preview") else f"built at {flow['built_at']:%Y-%m-%d %H:%M} UTC"
    lines = [f"Rules version {flow['rules_version']}, {what}"]
    for step in flow["steps"]:
        lines.append(_step_line(step))
        lines += [f"    − {_left(row)}" for row in step["excluded"]]
    comparison = flow.get("comparison")
    if comparison:
        lines.append(f"never operated on again: {comparison['pool']:,} patients")
        lines += [f"    − {_left(row)}" for row in comparison["excluded"]]
        lines.append(f"eligible as well fixed: {comparison['eligible']:,}{_met(comparison['eligible_expectation'])}")
        draw = comparison["draw"]
        lines.append(f"drawn: {draw['drawn']:,}, seed {draw['seed']}{_met(draw)}" if draw else "drawn: none")
    return lines


def _step_line(step: dict[str, Any]) -> str:
    counted = f"{step['key']}: {step['patients_in']:,} → {step['patients_out']:,} patients"
    if "hips_out" in step:
        counted += f", {step['hips_out']:,} hips, {step['radiographs_out']:,} radiographs"
    expectation = step if "is_met" in step else step | {"is_met": step["expected"] == step["patients_out"]}
    return counted + _met(expectation)


def _left(row: dict[str, Any]) -> str:
    if row["patients"] == 0 and row.get("hips"):
        return f"{row['hips']:,} hips: {row['reason']}"
    return f"{row['patients']:,} {row['reason']}"


def _met(expectation: dict[str, Any]) -> str:
    if expectation["expected"] is None:
        return ""
    return " (as expected)" if expectation["is_met"] else f" (differs: {expectation['expected']:,} expected)"
