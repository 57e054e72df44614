from __future__ import annotations

from django.urls import path

from annotations.imaging.api import IntakeBatchView, IntakeView, RadiographsView, RadiographView, RenditionView
from annotations.imaging.dicomweb_api import SendingTokensView, WithdrawSendingTokenView
from annotations.imaging.identifier_map_api import IdentifierMapView, RevealIdentifierView
from annotations.imaging.linking_api import (
    LinkingCaseView,
    LinkingQueueView,
    LinkingRulesView,
    LinkRadiographView,
    RefuseLinkView,
    TryLinkingAgainView,
    UndoLinkView,
)
from annotations.imaging.quarantine_api import (
    ProposeView,
    QuarantinedImageView,
    QuarantinedPictureView,
    QuarantineView,
    RefuseView,
    ReleaseView,
)
from annotations.imaging.report_api import BatchReportTableView, BatchReportView, FileReportView
from annotations.imaging.upload_api import BeginUploadView, KnownFilesView, UploadPieceView

urlpatterns = [
    path("studies/<slug:slug>/linking", LinkingQueueView.as_view(), name="linking-queue"),
    path("studies/<slug:slug>/linking/rules", LinkingRulesView.as_view(), name="linking-rules"),
    path("studies/<slug:slug>/linking/again", TryLinkingAgainView.as_view(), name="try-linking-again"),
    path("studies/<slug:slug>/linking/<int:radiograph_id>", LinkingCaseView.as_view(), name="linking-case"),
    path("studies/<slug:slug>/linking/<int:radiograph_id>/link", LinkRadiographView.as_view(), name="link-radiograph"),
    path("studies/<slug:slug>/linking/<int:radiograph_id>/refuse", RefuseLinkView.as_view(), name="refuse-link"),
    path("studies/<slug:slug>/linking/<int:radiograph_id>/undo", UndoLinkView.as_view(), name="undo-link"),
    path("studies/<slug:slug>/identifier-map", IdentifierMapView.as_view(), name="identifier-map"),
    path("studies/<slug:slug>/identifier-map/reveal", RevealIdentifierView.as_view(), name="reveal-identifier"),
    path("studies/<slug:slug>/intake", IntakeView.as_view(), name="intake"),
    path("studies/<slug:slug>/intake/<int:batch_id>", IntakeBatchView.as_view(), name="intake-batch"),
    path("studies/<slug:slug>/sending-tokens", SendingTokensView.as_view(), name="sending-tokens"),
    path(
        "studies/<slug:slug>/sending-tokens/<int:token_id>/withdraw",
        WithdrawSendingTokenView.as_view(),
        name="withdraw-sending-token",
    ),
    path("studies/<slug:slug>/intake/known", KnownFilesView.as_view(), name="known-files"),
    path("studies/<slug:slug>/intake/<int:batch_id>/report", BatchReportView.as_view(), name="batch-report"),
    path(
        "studies/<slug:slug>/intake/<int:batch_id>/report.csv", BatchReportTableView.as_view(), name="batch-report-csv"
    ),
    path(
        "studies/<slug:slug>/intake/<int:batch_id>/files/<int:file_id>/report",
        FileReportView.as_view(),
        name="file-report",
    ),
    path("studies/<slug:slug>/intake/pieces", BeginUploadView.as_view(), name="begin-upload"),
    path("studies/<slug:slug>/intake/pieces/<int:upload_id>", UploadPieceView.as_view(), name="upload-piece"),
    path("studies/<slug:slug>/radiographs", RadiographsView.as_view(), name="radiographs"),
    path("studies/<slug:slug>/radiographs/<int:radiograph_id>", RadiographView.as_view(), name="radiograph"),
    path("studies/<slug:slug>/radiographs/<int:radiograph_id>/<str:kind>", RenditionView.as_view(), name="rendition"),
    path("studies/<slug:slug>/quarantine", QuarantineView.as_view(), name="quarantine"),
    path("studies/<slug:slug>/quarantine/<int:image_id>", QuarantinedImageView.as_view(), name="quarantined-image"),
    path("studies/<slug:slug>/quarantine/<int:image_id>/propose", ProposeView.as_view(), name="propose-mask"),
    path("studies/<slug:slug>/quarantine/<int:image_id>/release", ReleaseView.as_view(), name="release-image"),
    path("studies/<slug:slug>/quarantine/<int:image_id>/refuse", RefuseView.as_view(), name="refuse-image"),
    path(
        "studies/<slug:slug>/quarantine/<int:image_id>/<str:which>/<str:kind>",
        QuarantinedPictureView.as_view(),
        name="quarantined-picture",
    ),
]
