"""Reporting guidelines filled in: what the platform knows, overruled or completed by what people say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from common import audit
from common.errors import Invalid, NotFound
from mlworker.experiments.models import ReportingAnswer, ReportingStatus
from mlworker.experiments.report.guidelines import GUIDELINES, Guideline, Item
from mlworker.experiments.report.sections import SECTION_OF_FACT
from studies.models import Study

_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Row:
    """One item: `status` and `where` as they are printed; `platform` what the platform knows of it by itself.

    `where` is a person's answer and then the sections of the report, each with the facts that stand there.
    """

    item: Item
    status: str
    where: str
    platform_status: str
    platform: str
    answered_by: str | None
    version: int


def filled_in(guideline: Guideline, facts: Mapping[str, str], answers: Mapping[str, ReportingAnswer]) -> list[Row]:
    """A person's answer stands before the platform's, which is kept beside it."""
    return [_row(item, facts, answers.get(item.number)) for item in guideline.items]


def _row(item: Item, facts: Mapping[str, str], answer: ReportingAnswer | None) -> Row:
    known = [name for name in item.facts if name in facts]
    platform = " ".join(facts[name] for name in known)
    status = _platform_status(item, len(known))
    if answer is None:
        return Row(item, status, sections_of(known), status, platform, None, 0)
    where = " ".join(text for text in (answer.where, sections_of(known)) if text)
    name = answer.answered_by.name if answer.answered_by else None
    return Row(item, answer.status, where, status, platform, name, answer.version)


def sections_of(names: Sequence[str]) -> str:
    """Models: training, runs. Accuracy: metrics."""
    by_section: dict[str, list[str]] = {}
    for name in names:
        by_section.setdefault(SECTION_OF_FACT[name], []).append(name.replace("_", " "))
    return " ".join(f"“{section}”: {', '.join(found)}." for section, found in by_section.items())


def _platform_status(item: Item, told: int) -> str:
    if told == 0:
        return ReportingStatus.NOT_REPORTED
    whole = item.whole and told == len(item.facts)
    return ReportingStatus.REPORTED if whole else ReportingStatus.PARTLY


def current_answers(study: Study) -> dict[tuple[str, str], ReportingAnswer]:
    """The newest answer of each item, by guideline and number."""
    found = ReportingAnswer.objects.filter(study=study).select_related("answered_by").order_by("version")
    return {(answer.guideline, answer.item): answer for answer in found}


def answers_of(guideline: Guideline, answers: Mapping[tuple[str, str], ReportingAnswer]) -> dict[str, ReportingAnswer]:
    return {item: answer for (key, item), answer in answers.items() if key == guideline.key}


@transaction.atomic
def answer_item(
    *, study: Study, guideline: str, number: str, status: str, where: str, actor: Person | None
) -> ReportingAnswer:
    """A new version of what people say of an item; nothing before it is lost."""
    known = GUIDELINES.get(guideline)
    if known is None or known.item(number) is None:
        raise NotFound("There is no such item.")
    if len(where) > _LONGEST:
        raise Invalid("The answer is too long.", details=[{"field": "where", "message": f"over {_LONGEST} characters"}])
    Study.objects.select_for_update().get(pk=study.pk)
    earlier = ReportingAnswer.objects.filter(study=study, guideline=guideline, item=number)
    last = earlier.aggregate(last=Max("version"))["last"] or 0
    answer = ReportingAnswer.objects.create(
        study=study, guideline=guideline, item=number, version=last + 1, status=status, where=where.strip(),
        answered_by=actor,
    )  # fmt: skip
    audit.record(
        actor=actor,
        action="reporting_item_answered",
        subject=f"reporting_answer:{answer.pk}",
        study_slug=study.slug,
        payload={"guideline": guideline, "item": number, "version": answer.version, "status": status},
    )
    return answer
