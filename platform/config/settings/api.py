"""The API: signed-in people only, JSON only, one error shape."""

from __future__ import annotations

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "common.api.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "common.api.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lucency",
    "DESCRIPTION": "Runs a diagnostic-accuracy study of hip-implant loosening, from registry to paper.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # The schema's names for sets of choices are the models' own.
    "ENUM_NAME_OVERRIDES": {
        "AnalysedVersion": "annotations.reads.models.AnalysedVersion",
        "Call": "annotations.reads.models.Call",
        "ComponentConclusion": "annotations.reads.findings.CONCLUSION_CHOICES",
        "ComponentVerdict": "annotations.labels.models.ComponentVerdict",
        "Conclusion": "annotations.reads.models.Conclusion",
        "DatasetPart": "annotations.datasets.models.Part",
        "Feedback": "annotations.reads.models.Feedback",
        "ImportPhase": "annotations.cohorts.import_models.ImportPhase",
        "Infection": "annotations.labels.models.Infection",
        "IntakeOutcome": "annotations.imaging.models.IntakeOutcome",
        "JobStatus": "common.models.JobStatus",
        "LabelValue": "annotations.labels.models.LabelValue",
        "LucencyWidth": "annotations.reads.findings.LucencyWidth",
        "Navigation": "annotations.reads.models.Navigation",
        "ProtocolStatus": "annotations.reads.models.ProtocolStatus",
        "QuarantineState": "annotations.imaging.models.QuarantineState",
        "RaterKind": "mlworker.experiments.models.RaterKind",
        "ReadForm": "annotations.reads.models.Form",
        "ReadState": "annotations.reads.models.ReadState",
        "ReportingStatus": "mlworker.experiments.models.ReportingStatus",
        "Role": "studies.models.Role",
        "Rung": "annotations.labels.models.Rung",
        "SessionState": "annotations.reads.models.SessionState",
        "Sign": "annotations.reads.findings.Sign",
    },
}
