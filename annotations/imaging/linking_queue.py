"""The queue of images that the rules did not link: a person links or refuses, with a reason, and can take it back."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Person
from annotations.cohorts.models import Hip
from annotations.imaging.identifier_map import with_map
from annotations.imaging.linking import Link, candidate_of, link_radiograph, rules_of
from annotations.imaging.models import LinkAct, LinkDecision, LinkingRules, Radiograph
from annotations.imaging.radiographs import radiograph_changed
from annotations.imaging.waiting_links import remembered
from common import audit
from common.errors import Conflict, Invalid, NotFound
from studies.models import Study


def link_by_rules(radiograph: Radiograph, link: Link) -> bool:
    """Give an image that waits the hip that the rules have found; False when somebody was faster."""
    waiting = Radiograph.objects.filter(pk=radiograph.pk, hip=None, is_link_refused=False)
    if link.hip is None:
        waiting.exclude(link_problem=link.problem).update(link_problem=link.problem)
        return False
    linked = waiting.update(hip=link.hip, days_from_index_procedure=link.days_from_index_procedure, link_problem="")
    if linked:
        _tell(radiograph)
    return bool(linked)


@transaction.atomic
def try_linking_again(*, study: Study, actor: Person | None) -> int:
    """Go by the rules once more, with the registry, cohort, map and rules of today; returns how many found a hip."""
    linked = 0
    for radiograph in Radiograph.objects.filter(study=study, hip=None, is_link_refused=False).order_by("pk"):
        linked += link_by_rules(radiograph, link_radiograph(study, with_map(study, remembered(radiograph))))
    audit.record(
        actor=actor, action="linking_tried_again", subject=f"study:{study.pk}", study_slug=study.slug,
        payload={"linked": linked},
    )  # fmt: skip
    return linked


@transaction.atomic
def link_by_hand(*, radiograph: Radiograph, hip: Hip, reason: str, actor: Person) -> Radiograph:
    """A person says whose hip it shows. The interval is worked out from the date that was kept for this."""
    reason = _reason(reason)
    if hip.patient.study_id != radiograph.study_id:
        raise NotFound("There is no such hip in this study.")
    facts = with_map(radiograph.study, remembered(radiograph))
    days = candidate_of(rules_of(radiograph.study), hip, facts.acquired_on).days_from_index_procedure
    waiting = Radiograph.objects.filter(pk=radiograph.pk, hip=None, is_link_refused=False)
    if not waiting.update(hip=hip, days_from_index_procedure=days, link_problem=""):
        raise _decided()
    return _record(radiograph, LinkAct.LINKED, reason, actor, hip=hip, days=days)


@transaction.atomic
def refuse_link(*, radiograph: Radiograph, reason: str, actor: Person) -> Radiograph:
    """A person says that it belongs to no hip of the study. The image stays; nothing uses it."""
    reason = _reason(reason)
    waiting = Radiograph.objects.filter(pk=radiograph.pk, hip=None, is_link_refused=False)
    if not waiting.update(is_link_refused=True):
        raise _decided()
    return _record(radiograph, LinkAct.REFUSED, reason, actor)


@transaction.atomic
def undo_link_decision(*, radiograph: Radiograph, actor: Person) -> Radiograph:
    """Back into the queue, as it waited there before the last decision."""
    Radiograph.objects.select_for_update().get(pk=radiograph.pk)
    last = LinkDecision.objects.filter(radiograph=radiograph).order_by("-pk").first()
    if last is None or last.act == LinkAct.UNDONE:
        raise Conflict("There is no decision about this image to take back.", code="nothing_to_undo")
    Radiograph.objects.filter(pk=radiograph.pk).update(
        hip=None, days_from_index_procedure=None, is_link_refused=False, link_problem=last.problem_before
    )
    return _record(radiograph, LinkAct.UNDONE, "", actor)


@transaction.atomic
def save_linking_rules(
    *, study: Study, identifier_tag: str, days_before_revision: int, days_after_primary_from: int,
    days_after_primary_to: int, views: list[str], links_unstated_view: bool, actor: Person,
) -> LinkingRules:  # fmt: skip
    """Change how images find their hips, and try again for those that wait; what is linked stays linked."""
    if days_after_primary_from > days_after_primary_to:
        message = "ends before it begins"
        raise Invalid(f"The window after the primary {message}.", details=[_wrong("days_after_primary_to", message)])
    if not views:
        raise Invalid("Choose at least one view.", details=[_wrong("views", "none chosen")])
    values = {
        "identifier_tag": identifier_tag, "days_before_revision": days_before_revision,
        "days_after_primary_from": days_after_primary_from, "days_after_primary_to": days_after_primary_to,
        "views": views, "links_unstated_view": links_unstated_view,
    }  # fmt: skip
    rules, _ = LinkingRules.objects.update_or_create(study=study, defaults=values)
    audit.record(
        actor=actor, action="linking_rules_changed", subject=f"study:{study.pk}", study_slug=study.slug, payload=values
    )
    try_linking_again(study=study, actor=actor)
    return rules


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid("Give a reason.", details=[_wrong("reason", "is empty")])
    return text.strip()[:500]


def _wrong(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}


def _decided() -> Conflict:
    return Conflict("Somebody has dealt with this image in the meantime.", code="already_decided")


def _record(
    radiograph: Radiograph, act: LinkAct, reason: str, actor: Person, *, hip: Hip | None = None, days: int | None = None
) -> Radiograph:
    LinkDecision.objects.create(
        radiograph=radiograph, act=act, hip=hip, days_from_index_procedure=days, reason=reason,
        problem_before=radiograph.link_problem, decided_by=actor,
    )  # fmt: skip
    audit.record(
        actor=actor, action=f"link_{act.value}", subject=f"radiograph:{radiograph.pk}",
        study_slug=radiograph.study.slug, payload={"hip": hip.pk if hip else None},
    )  # fmt: skip
    _tell(radiograph)
    return radiograph


def _tell(radiograph: Radiograph) -> None:
    """Whatever rests on the link, a frozen dataset version above all, hears of the change."""
    radiograph.refresh_from_db()
    radiograph_changed(radiograph)
