from __future__ import annotations

from django.urls import path

from annotations.reads.case_api import CaseImageView, CaseView, DraftView, OpenCaseView, SubmitView
from annotations.reads.protocol_api import ProtocolsView, UnblindView
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
    path("reading/sessions/<int:session_id>/pdf", MySessionPdfView.as_view(), name="my-session-pdf"),
    path("reading/cases/<str:code>", CaseView.as_view(), name="reading-case"),
    path("reading/cases/<str:code>/open", OpenCaseView.as_view(), name="open-case"),
    path("reading/cases/<str:code>/draft", DraftView.as_view(), name="save-draft"),
    path("reading/cases/<str:code>/submit", SubmitView.as_view(), name="submit-read"),
    path("reading/cases/<str:code>/image/<str:kind>", CaseImageView.as_view(), name="case-image"),
    path("studies/<slug:slug>/protocols", ProtocolsView.as_view(), name="read-protocols"),
    path("studies/<slug:slug>/protocols/<int:protocol_id>/unblind", UnblindView.as_view(), name="unblind"),
]
