from __future__ import annotations

from django.urls import path

from annotations.labels.folder_api import LabelledPicturesView
from annotations.labels.label_api import CorrectLabelView, LabelsView, LabelView
from annotations.labels.note_api import AdjudicateNoteView, AssessNoteView, NotesView, NoteView
from annotations.labels.quote_api import ReleaseQuoteView, WithdrawQuoteView
from annotations.labels.work_api import AssignNotesView, ClaimNoteView, NoteAgreementView, WithdrawNotesView

urlpatterns = [
    path("studies/<slug:slug>/labelled-pictures", LabelledPicturesView.as_view(), name="labelled-pictures"),
    path("studies/<slug:slug>/notes", NotesView.as_view(), name="notes"),
    path("studies/<slug:slug>/notes/claim", ClaimNoteView.as_view(), name="claim-note"),
    path("studies/<slug:slug>/notes/assign", AssignNotesView.as_view(), name="assign-notes"),
    path("studies/<slug:slug>/notes/withdraw", WithdrawNotesView.as_view(), name="withdraw-notes"),
    path("studies/<slug:slug>/notes/agreement", NoteAgreementView.as_view(), name="note-agreement"),
    path("studies/<slug:slug>/notes/<int:note_id>/release", ReleaseQuoteView.as_view(), name="release-quote"),
    path(
        "studies/<slug:slug>/notes/<int:note_id>/releases/<int:release_id>/withdraw",
        WithdrawQuoteView.as_view(),
        name="withdraw-quote",
    ),
    path("studies/<slug:slug>/notes/<int:note_id>", NoteView.as_view(), name="note"),
    path("studies/<slug:slug>/notes/<int:note_id>/assess", AssessNoteView.as_view(), name="assess-note"),
    path("studies/<slug:slug>/notes/<int:note_id>/adjudicate", AdjudicateNoteView.as_view(), name="adjudicate-note"),
    path("studies/<slug:slug>/labels", LabelsView.as_view(), name="labels"),
    path("studies/<slug:slug>/labels/<int:label_id>", LabelView.as_view(), name="label"),
    path("studies/<slug:slug>/labels/<int:label_id>/correct", CorrectLabelView.as_view(), name="correct-label"),
]
