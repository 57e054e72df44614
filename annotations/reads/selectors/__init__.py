"""What may be seen of reads. A reader reaches only their own; nobody reaches answers before the unblinding."""

from __future__ import annotations

from annotations.reads.selectors.analysis import AnalysedAnswer, answers_for_analysis, comparable_sessions
from annotations.reads.selectors.blinding import has_open_reads, recused_cases
from annotations.reads.selectors.consensus import (
    SaidBefore,
    consensus_picture,
    items_of,
    my_consensus_read,
    my_meeting,
    my_meetings,
    said_before,
)
from annotations.reads.selectors.oversight import (
    CaseTime,
    Coverage,
    ListedDeviation,
    coverage_of,
    deviations_of,
    part_sizes,
    times_of,
)
from annotations.reads.selectors.preview import Preview, preview_protocol
from annotations.reads.selectors.protocols import (
    ReaderProgress,
    assignments_of,
    missing_sessions,
    protocol_for,
    protocols_of,
    reader_progress,
)
from annotations.reads.selectors.reading import (
    CASES_AHEAD,
    Picture,
    current_position,
    for_answering,
    my_picture,
    my_read,
    my_read_at,
    my_reads,
    my_session,
    my_sessions,
    next_code,
    plan_of,
    practice_truth,
)
from annotations.reads.selectors.washout import NextSession, earliest_next_session, my_next_sessions, my_protocol

__all__ = [
    "CASES_AHEAD",
    "AnalysedAnswer",
    "CaseTime",
    "Coverage",
    "ListedDeviation",
    "NextSession",
    "Picture",
    "Preview",
    "ReaderProgress",
    "SaidBefore",
    "answers_for_analysis",
    "assignments_of",
    "comparable_sessions",
    "consensus_picture",
    "coverage_of",
    "current_position",
    "deviations_of",
    "earliest_next_session",
    "for_answering",
    "has_open_reads",
    "items_of",
    "missing_sessions",
    "my_consensus_read",
    "my_meeting",
    "my_meetings",
    "my_next_sessions",
    "my_picture",
    "my_protocol",
    "my_read",
    "my_read_at",
    "my_reads",
    "my_session",
    "my_sessions",
    "next_code",
    "part_sizes",
    "plan_of",
    "practice_truth",
    "preview_protocol",
    "protocol_for",
    "protocols_of",
    "reader_progress",
    "recused_cases",
    "said_before",
    "times_of",
]
