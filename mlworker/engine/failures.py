"""What the machine says when it gives up, in words a researcher can act on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from mlworker.engine.configuration import TrainingConfiguration
from mlworker.engine.errors import EngineError, ImagesRefused, TrainingCancelled, TrainingFailed


@contextmanager
def failures_in_words(configuration: TrainingConfiguration) -> Iterator[None]:
    """Turn memory and disk errors and refused images into `TrainingFailed`; other errors pass as they are."""
    from mlworker.engine.gradients import out_of_memory_errors

    try:
        yield
    except (TrainingFailed, TrainingCancelled):
        raise
    except (ImagesRefused, EngineError) as error:
        raise TrainingFailed(error.reason, error.advice) from error
    except out_of_memory_errors() as error:
        raise TrainingFailed(
            f"The memory does not hold a batch of {configuration.batch_size} at {configuration.image_size} pixels.",
            "Choose a smaller batch, smaller images or another backbone.",
        ) from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise TrainingFailed(
            "The disk is full: the checkpoint could not be written.",
            "Free some space and try again; the last whole checkpoint is untouched.",
        ) from error
