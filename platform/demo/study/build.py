"""The whole demo study, from an empty database to a comparison. Stopped anywhere, it goes on from there."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from annotations.cohorts.models import Cohort, ComparisonDraw
from common import audit
from common.errors import Conflict
from common.models import AuditEvent
from demo.registry import RegistryTables, generate_registry
from demo.study import model, radiographs, reading, registry
from demo.study.abstraction import abstract_notes
from demo.study.people import Cast, cast_of, passwords_work, write_passwords
from demo.study.progress import StepReporter
from demo.study.radiographs import PlannedRadiograph
from studies.models import Study
from studies.services import create_study

SLUG = "demo"
DEFAULT_SEED = 20260118
PEOPLE_FILE = "demo-people.json"
_BEGUN = "demo_begun"
_LOADED = "demo_loaded"
_DESCRIPTION = (
    "A synthetic study of implant loosening after total hip replacement: invented patients, written notes, calculated "
    "radiographs. Nobody in it exists."
)


def people_file() -> Path:
    return Path(settings.VAR_FOLDER) / PEOPLE_FILE


def is_loaded() -> bool:
    return AuditEvent.objects.filter(action=_LOADED, study_slug=SLUG).exists()


def refuse_in_production() -> None:
    if not settings.LUCENCY_DEMO_ALLOWED:
        raise Conflict("This is a production server: the demo study is not for it.", code="production")


def load_demo(report: StepReporter, *, seed: int = DEFAULT_SEED) -> bool:
    """Build what is missing; False if nothing was."""
    refuse_in_production()
    study = Study.objects.filter(slug=SLUG).first() or create_study(
        slug=SLUG, title="Implant loosening after total hip replacement (demo)", description=_DESCRIPTION, is_demo=True
    )
    if not study.is_demo:
        raise Conflict(f"The study “{SLUG}” is not a demo study; it is left alone.", code="not_a_demo")
    cast = cast_of(study)
    if not passwords_work(cast, people_file()):
        write_passwords(cast, people_file())
    if is_loaded():
        return False
    _build(study, cast, report, seed)
    audit.record(actor=None, action=_LOADED, subject=f"study:{study.pk}", study_slug=SLUG, payload={"seed": seed})
    return True


def _build(study: Study, cast: Cast, report: StepReporter, seed: int) -> None:
    with report.step("inventing 15,277 patients and their operative notes"):
        tables = generate_registry(seed)
    _begin(study, tables, seed)
    with report.step("importing the registry") as tell:
        registry.import_demo_registry(study, tables, cast, tell)
    with report.step("selecting the cohort and drawing the comparison group"):
        cohort, draw = registry.select_cohort(study, cast, seed=seed)
    with report.step("reading the operative notes (simulated abstractors)") as tell:
        abstract_notes(cohort, tables.note_truth, cast, seed=seed, tell=tell)
    planned, teaching = _take_in_radiographs(study, cast, cohort, draw, tables, report, seed)
    with report.step("freezing the dataset version and the practice set"):
        versions = reading.frozen_versions(study, cast, seed=seed)
    with report.step("reading the test part (simulated surgeons)") as tell:
        cases = {plan.hip_id: plan.case for plan in (*planned, *teaching)}
        reading.finish_protocol(study, cast, versions, cases, seed=seed, tell=tell)
        reading.open_protocol_for_visitor(study, cast, versions, seed=seed)
    with report.step("training the compact CNN") as tell:
        run = model.train_first_model(versions[0], cast, tell)
    with report.step("scoring the test part, drawing maps, comparing") as tell:
        model.score_and_compare(run, cast, tell)


def _begin(study: Study, tables: RegistryTables, seed: int) -> None:
    """Going on needs the registry that was begun with; another seed or generator would mix two of them."""
    facts = {"seed": seed, "registry_sha256": tables.sha256()}
    begun = AuditEvent.objects.filter(action=_BEGUN, study_slug=SLUG).order_by("sequence").first()
    if begun is None:
        audit.record(actor=None, action=_BEGUN, subject=f"study:{study.pk}", study_slug=SLUG, payload=facts)
    elif begun.payload != facts:
        raise Conflict(
            "The demo study in this database was begun with another seed or an older version of its generator and "
            f"cannot be finished with this one. Remove {settings.VAR_FOLDER}, or name another folder in LUCENCY_VAR.",
            code="other_demo",
        )


def _take_in_radiographs(
    study: Study, cast: Cast, cohort: Cohort, draw: ComparisonDraw, tables: RegistryTables, report: StepReporter,
    seed: int,
) -> tuple[list[PlannedRadiograph], list[PlannedRadiograph]]:  # fmt: skip
    planned = radiographs.plan_radiographs(study, draw, tables.truth, seed=seed)
    teaching = radiographs.plan_teaching_cases(study, cast, seed=seed)
    everything = [*planned, *teaching]
    with_text = radiographs.plan_files_with_text(planned, seed=seed)
    folder = Path(settings.PHANTOM_CACHE)
    with report.step("calculating the radiographs") as tell:
        files = radiographs.render_files([*everything, *with_text], folder, tell)
    with report.step("taking the radiographs in: de-identifying, rendering") as tell:
        radiographs.take_in(study, cast, everything, files[: len(everything)], tell)
        radiographs.take_in_with_text(study, cast, files[len(everything) :])
    return planned, teaching
