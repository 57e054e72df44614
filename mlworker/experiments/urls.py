from __future__ import annotations

from django.urls import path

from mlworker.experiments.api import (
    comparison_views,
    comparisons,
    launching,
    map_quality,
    published,
    reports,
    run_records,
    runs,
    scores,
)

_STUDY = "studies/<slug:slug>"
_RUN = f"{_STUDY}/runs/<int:run_id>"
_COMPARISON = f"{_STUDY}/comparisons/<int:comparison_id>"

urlpatterns = [
    path(f"{_STUDY}/training/choices", runs.TrainingChoicesView.as_view(), name="training-choices"),
    path(f"{_STUDY}/runs", runs.RunsView.as_view(), name="runs"),
    path(f"{_STUDY}/runs/preview", launching.LaunchPreviewView.as_view(), name="preview-training"),
    path(f"{_STUDY}/searches", launching.SearchesView.as_view(), name="searches"),
    path(_RUN, runs.RunView.as_view(), name="run"),
    path(f"{_RUN}/cancel", runs.CancelRunView.as_view(), name="cancel-run"),
    path(f"{_RUN}/retry", runs.RetryRunView.as_view(), name="retry-run"),
    path(f"{_RUN}/words", run_records.RunWordsView.as_view(), name="run-words"),
    path(f"{_RUN}/model", run_records.RunModelView.as_view(), name="run-model"),
    path(f"{_RUN}/scorings", scores.ScoringsView.as_view(), name="scorings"),
    path(f"{_RUN}/maps", scores.MapsView.as_view(), name="maps"),
    path(f"{_RUN}/maps/<int:map_id>/picture", scores.MapPictureView.as_view(), name="map-picture"),
    path(f"{_RUN}/map-quality", map_quality.MapQualityView.as_view(), name="map-quality"),
    path(f"{_RUN}/cases/<int:case>/preview", scores.CasePreviewView.as_view(), name="run-case-preview"),
    path(f"{_STUDY}/comparisons", comparisons.ComparisonsView.as_view(), name="comparisons"),
    path(f"{_STUDY}/comparisons/choices", comparisons.ComparisonChoicesView.as_view(), name="comparison-choices"),
    path(f"{_STUDY}/comparisons/published", published.PublishedStudyView.as_view(), name="published-study"),
    path(_COMPARISON, comparisons.ComparisonView.as_view(), name="comparison"),
    path(f"{_COMPARISON}/recompute", comparisons.RecomputeComparisonView.as_view(), name="recompute-comparison"),
    path(f"{_COMPARISON}/rows.csv", comparisons.ComparisonRowsView.as_view(), name="comparison-rows"),
    path(
        f"{_COMPARISON}/figures/<slug:which>", comparison_views.ComparisonFigureView.as_view(), name="comparison-figure"
    ),
    path(f"{_COMPARISON}/decision", comparison_views.DecisionView.as_view(), name="comparison-decision"),
    path(f"{_COMPARISON}/discordant", comparison_views.GalleryView.as_view(), name="comparison-gallery"),
    path(
        f"{_COMPARISON}/cases/<int:case>/<slug:kind>",
        comparison_views.ComparedPictureView.as_view(),
        name="compared-picture",
    ),
    path(f"{_COMPARISON}/reports", reports.ReportsView.as_view(), name="comparison-reports"),
    path(f"{_COMPARISON}/reports/<int:number>/archive", reports.ReportArchiveView.as_view(), name="report-archive"),
    path(f"{_COMPARISON}/guidelines", reports.GuidelinesView.as_view(), name="reporting-guidelines"),
]
