"""Answers for the analysis: of signed sessions, after the unblinding only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotations.reads.answers import answer_in, roc_score
from annotations.reads.models import AnalysedVersion, Call, ProtocolStatus, Read, ReadSession, ReadState, SessionState
from annotations.reads.models.read import Answered
from common.errors import Conflict
from studies.models import Study


def comparable_sessions(study: Study) -> list[ReadSession]:
    """Signed sessions of unblinded protocols: those whose answers may be looked at."""
    return list(
        ReadSession.objects.filter(
            protocol__study=study, protocol__status=ProtocolStatus.UNBLINDED, state=SessionState.SIGNED
        )
        .select_related("protocol__dataset_version", "reader", "signature")
        .order_by("pk")
    )


@dataclass(frozen=True, slots=True)
class AnalysedAnswer:
    """A read as the analysis takes it: the call as 1 for loose, and the score on the reader's own scale.

    `roc_score` is the confidence of the quick form, or the step of the full form's six-point scale, negative for well
    fixed. `version` is 1 for the answer as it was locked, more where the protocol takes the last correction.
    """

    case_id: int
    call: str
    call_is_loose: int | None
    confidence: int | None
    roc_score: int | None
    conclusion: str = ""
    version: int = 1


def answers_for_analysis(session: ReadSession, *, repeats: bool = False) -> list[AnalysedAnswer]:
    """Answers of a signed session, after the unblinding only; with `repeats` those of the second readings within it.

    A case that could not be assessed has no call here: `call_is_loose` is None, and the protocol's rule
    (`cannot_assess_counts_wrong`) is applied by whoever knows the truth. Of a corrected read the first answer counts,
    or the last where the frozen protocol says so (`analysed_version`).
    """
    if session.protocol.status != ProtocolStatus.UNBLINDED or session.state != SessionState.SIGNED:
        raise Conflict("The answers of this session are still blinded.", code="still_blinded")
    reads = Read.objects.filter(session=session, is_practice=False, is_repeat=repeats, state=ReadState.SIGNED)
    ordered = reads.order_by("case__number").prefetch_related("corrections")
    return [_analysed(read, session.protocol.analysed_version) for read in ordered]


def _analysed(read: Read, wanted: str) -> AnalysedAnswer:
    corrections = sorted(read.corrections.all(), key=lambda correction: correction.version)
    versions: Sequence[Answered] = [read, *corrections]
    version = len(versions) if wanted == AnalysedVersion.LAST else 1
    answer = answer_in(versions[version - 1])
    return AnalysedAnswer(
        case_id=read.case_id,
        call=answer.call,
        call_is_loose=None if answer.call == Call.CANNOT_ASSESS else int(answer.call == Call.LOOSE),
        confidence=answer.confidence,
        roc_score=roc_score(answer.call, answer.confidence, answer.conclusion),
        conclusion=answer.conclusion,
        version=version,
    )
