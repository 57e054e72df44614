from __future__ import annotations

from django.urls import path

from annotations.reads.case_api import CaseImageView, CaseView, DraftView, OpenCaseView, SubmitView
from annotations.reads.consensus_api import (
    ConsensusCaseView,
    ConsensusImageView,
    DecideTogetherView,
    MyMeetingsView,
    MyMeetingView,
    PlanConsensusView,
    SignConsensusView,
)
from annotations.reads.display_api import ReportDisplayView
from annotations.reads.oversight_api import (
    CoverageView,
    DeviationsView,
    ExportProtocolView,
    ProtocolChoicesView,
    RemindView,
    ReportForReaderView,
    SessionAuditView,
    ShortenWashoutView,
    TimesCsvView,
    TimesView,
)
from annotations.reads.protocol_api import (
    AmendProtocolView,
    CopyProtocolView,
    FreezeProtocolView,
    PreviewProtocolView,
    ProtocolsView,
    ProtocolView,
    UnblindView,
)
from annotations.reads.session_api import (
    AcceptInstructionsView,
    BeginNextSessionView,
    CorrectReadView,
    MyNextSessionsView,
    MyReadsView,
    MySessionPdfView,
    MySessionsView,
    MySessionView,
    ReportUnblindingView,
    SignSessionView,
)

_PROTOCOL = "studies/<slug:slug>/protocols/<int:protocol_id>"

urlpatterns = [
    path("studies/<slug:slug>/reading", MySessionsView.as_view(), name="my-sessions"),
    path("studies/<slug:slug>/reading/next", MyNextSessionsView.as_view(), name="my-next-sessions"),
    path(
        "studies/<slug:slug>/reading/next/<int:protocol_id>", BeginNextSessionView.as_view(), name="begin-next-session"
    ),
    path("reading/sessions/<int:session_id>", MySessionView.as_view(), name="my-session"),
    path("reading/sessions/<int:session_id>/accept", AcceptInstructionsView.as_view(), name="accept-instructions"),
    path("reading/sessions/<int:session_id>/sign", SignSessionView.as_view(), name="sign-session"),
    path("reading/sessions/<int:session_id>/reads", MyReadsView.as_view(), name="my-reads"),
    path(
        "reading/sessions/<int:session_id>/reads/<int:position>/correct", CorrectReadView.as_view(), name="correct-read"
    ),
    path("reading/sessions/<int:session_id>/report", ReportUnblindingView.as_view(), name="report-unblinding"),
    path("reading/sessions/<int:session_id>/display", ReportDisplayView.as_view(), name="report-display"),
    path("reading/sessions/<int:session_id>/pdf", MySessionPdfView.as_view(), name="my-session-pdf"),
    path("reading/cases/<str:code>", CaseView.as_view(), name="reading-case"),
    path("reading/cases/<str:code>/open", OpenCaseView.as_view(), name="open-case"),
    path("reading/cases/<str:code>/draft", DraftView.as_view(), name="save-draft"),
    path("reading/cases/<str:code>/submit", SubmitView.as_view(), name="submit-read"),
    path("reading/cases/<str:code>/image/<str:kind>", CaseImageView.as_view(), name="case-image"),
    path("studies/<slug:slug>/reading/consensus", MyMeetingsView.as_view(), name="my-consensus-meetings"),
    path("reading/consensus/<int:meeting_id>", MyMeetingView.as_view(), name="my-consensus-meeting"),
    path("reading/consensus/<int:meeting_id>/sign", SignConsensusView.as_view(), name="sign-consensus"),
    path("reading/consensus/cases/<str:code>", ConsensusCaseView.as_view(), name="consensus-case"),
    path("reading/consensus/cases/<str:code>/decide", DecideTogetherView.as_view(), name="decide-together"),
    path("reading/consensus/cases/<str:code>/image/<str:kind>", ConsensusImageView.as_view(), name="consensus-image"),
    path(f"{_PROTOCOL}/consensus", PlanConsensusView.as_view(), name="plan-consensus"),
    path("studies/<slug:slug>/protocols", ProtocolsView.as_view(), name="read-protocols"),
    path("studies/<slug:slug>/protocols/preview", PreviewProtocolView.as_view(), name="preview-protocol"),
    path("studies/<slug:slug>/protocols/choices", ProtocolChoicesView.as_view(), name="protocol-choices"),
    path(_PROTOCOL, ProtocolView.as_view(), name="read-protocol"),
    path(f"{_PROTOCOL}/freeze", FreezeProtocolView.as_view(), name="freeze-protocol"),
    path(f"{_PROTOCOL}/amend", AmendProtocolView.as_view(), name="amend-protocol"),
    path(f"{_PROTOCOL}/copy", CopyProtocolView.as_view(), name="copy-protocol"),
    path(f"{_PROTOCOL}/unblind", UnblindView.as_view(), name="unblind"),
    path(f"{_PROTOCOL}/coverage", CoverageView.as_view(), name="protocol-coverage"),
    path(f"{_PROTOCOL}/times", TimesView.as_view(), name="protocol-times"),
    path(f"{_PROTOCOL}/times.csv", TimesCsvView.as_view(), name="protocol-times-csv"),
    path(f"{_PROTOCOL}/deviations", DeviationsView.as_view(), name="protocol-deviations"),
    path(f"{_PROTOCOL}/washout", ShortenWashoutView.as_view(), name="shorten-washout"),
    path(f"{_PROTOCOL}/reports", ReportForReaderView.as_view(), name="report-unblinding-of-reader"),
    path(f"{_PROTOCOL}/remind", RemindView.as_view(), name="remind-readers"),
    path(f"{_PROTOCOL}/export", ExportProtocolView.as_view(), name="export-protocol"),
    path(f"{_PROTOCOL}/sessions/<int:session_id>/audit", SessionAuditView.as_view(), name="session-audit"),
]
