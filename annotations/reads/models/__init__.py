"""Blinded reads: the protocol, the stored plan, the answers, the signatures, the unblinding."""

from __future__ import annotations

from annotations.reads.models.consensus import ConsensusMeeting, ConsensusParticipant, ConsensusRead, ConsensusState
from annotations.reads.models.events import (
    Consequence,
    Deviation,
    DeviationKind,
    InadvertentUnblinding,
    Learnt,
    PracticeTruth,
    Recusal,
    RecusalReason,
    Unblinding,
)
from annotations.reads.models.firewall import BlindedAssessment, BlindedLabel, BlindedMembership
from annotations.reads.models.protocol import (
    AnalysedVersion,
    Feedback,
    Form,
    Navigation,
    ProtocolAmendment,
    ProtocolReader,
    ProtocolStatus,
    ReadProtocol,
)
from annotations.reads.models.read import Call, Conclusion, Read, ReadCorrection, ReadState
from annotations.reads.models.session import ReadSession, SessionState, Signature

__all__ = [
    "AnalysedVersion",
    "BlindedAssessment",
    "BlindedLabel",
    "BlindedMembership",
    "Call",
    "Conclusion",
    "ConsensusMeeting",
    "ConsensusParticipant",
    "ConsensusRead",
    "ConsensusState",
    "Consequence",
    "Deviation",
    "DeviationKind",
    "Feedback",
    "Form",
    "InadvertentUnblinding",
    "Learnt",
    "Navigation",
    "PracticeTruth",
    "ProtocolAmendment",
    "ProtocolReader",
    "ProtocolStatus",
    "Read",
    "ReadCorrection",
    "ReadProtocol",
    "ReadSession",
    "ReadState",
    "Recusal",
    "RecusalReason",
    "SessionState",
    "Signature",
    "Unblinding",
]
