"""What can go wrong in the engine, in words a researcher can act on."""

from __future__ import annotations


class EngineError(Exception):
    """A refusal or failure with its reason and what to do about it."""

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(f"{reason} {advice}".strip())
        self.reason = reason
        self.advice = advice


class TrainingFailed(EngineError):
    """The run cannot go on; nothing it left behind is a result."""


class WeightsMissing(TrainingFailed):
    """Pretrained weights were asked for and are not on this machine."""


class CheckpointUnusable(TrainingFailed):
    """The checkpoint is damaged, or belongs to another configuration, other cases or another architecture."""


class TrainingCancelled(EngineError):
    """Stopped because somebody asked for it; the last checkpoint stays."""


class ModelRefused(EngineError):
    """A model file that was changed, or that is not one of this engine's."""


class ImagesRefused(EngineError):
    """Images that cannot be scored or explained: wrong shape, not finite, or one constant grey."""


class ThreadsFixed(EngineError):
    """The process has already computed with another number of threads."""
