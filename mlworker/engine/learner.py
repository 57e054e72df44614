"""The network with its optimisers: what a training step changes, a checkpoint holds and a model file keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlworker.engine.configuration import TrainingConfiguration
from mlworker.engine.data import as_input
from mlworker.engine.errors import CheckpointUnusable, TrainingFailed

SCORING_BATCH = 16
Arrays = list[NDArray[Any]]


class Learner:
    """A fresh network of a configuration, ready to learn.

    The head's first epochs have an optimiser of their own: the second phase begins without their momentum. Both are
    built at once, so that a checkpoint holds the same variables whatever the phase.

    Args:
        configuration: decides everything; the weights before the first step are a function of it.

    Raises:
        WeightsMissing: before anything is built.
        TrainingFailed: the weights file belongs to another architecture.
    """

    def __init__(self, configuration: TrainingConfiguration) -> None:
        from mlworker.engine.runtime import prepare_runtime

        prepare_runtime(configuration.threads)
        import keras

        from mlworker.engine.gradients import compiled_forward
        from mlworker.engine.network import build_network, logit_model
        from mlworker.engine.schedule import build_loss

        self._configuration = configuration
        keras.backend.clear_session()
        keras.utils.set_random_seed(configuration.seed)
        self.model = build_network(configuration)
        self._logits = logit_model(self.model)
        self._optimizers = {head_only: self._built_optimizer(head_only) for head_only in self._phases()}
        self._loss = build_loss(configuration)
        self._head_only: bool | None = None
        self._forward = compiled_forward(self._logits)

    def _phases(self) -> tuple[bool, ...]:
        """Whether the head learns alone, for each phase."""
        if self._configuration.trainable == "head":
            return (True,)
        return (True, False) if self._configuration.head_epochs else (False,)

    def _built_optimizer(self, head_only: bool) -> Any:
        from mlworker.engine.network import set_trainable
        from mlworker.engine.schedule import build_optimizer

        set_trainable(self.model.get_layer("backbone"), self._configuration, head_only=head_only)
        optimizer = build_optimizer(self._configuration)
        # Building inside the first step would trace it twice.
        optimizer.build(self._logits.trainable_variables)
        return optimizer

    def enter(self, epoch: int) -> None:
        """Make ready for an epoch, counted from 0: another phase has other layers that learn, and a step of its own."""
        from mlworker.engine.gradients import compiled_training_step
        from mlworker.engine.network import set_trainable

        head_only = self._phases()[0] and (len(self._phases()) == 1 or epoch < self._configuration.head_epochs)
        if head_only == self._head_only:
            return
        self._head_only = head_only
        set_trainable(self.model.get_layer("backbone"), self._configuration, head_only=head_only)
        self.optimizer = self._optimizers[head_only]
        self.step = compiled_training_step(self._logits, self.optimizer, self._loss)

    def scored(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits (N,) of prepared pixels (N, S, S), in inference mode.

        Raises:
            TrainingFailed: a logit is not finite.
        """
        starts = range(0, len(pixels), SCORING_BATCH)
        logits = np.concatenate([self._forward(as_input(pixels[start : start + SCORING_BATCH])) for start in starts])
        if not np.isfinite(logits).all():
            raise TrainingFailed("A validation score is not a finite number.", "Lower the learning rate.")
        return logits

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """With the moving average in place of the weights, where the configuration has one."""
        if not self._configuration.ema:
            yield
            return
        variables = self._logits.trainable_variables
        learning = [np.asarray(variable.value).copy() for variable in variables]
        self.optimizer.finalize_variable_values(variables)
        try:
            yield
        finally:
            _assign(variables, learning)

    def weights(self) -> Arrays:
        """A copy of all variables of the network as they are now."""
        return [np.asarray(variable.value).copy() for variable in self.model.variables]

    def settle(self, best: Arrays | None) -> None:
        """Take what is kept at the end: the best epoch's weights if there are any, else the moving average."""
        if best is not None:
            _assign(self.model.variables, best)
        elif self._configuration.ema:
            self.optimizer.finalize_variable_values(self._logits.trainable_variables)

    def _variables(self) -> list[Any]:
        # `variables`, not `weights`: the seeds of dropout are among them.
        of_optimizers = [variable for optimizer in self._optimizers.values() for variable in optimizer.variables]
        return [*self.model.variables, *of_optimizers]

    def state(self, best: Arrays | None) -> Arrays:
        """Everything that a checkpoint needs to go on bit for bit."""
        return [*(np.asarray(variable.value) for variable in self._variables()), *(best or [])]

    def restore(self, arrays: Sequence[NDArray[Any]]) -> Arrays | None:
        """Take over a checkpoint's state.

        Returns:
            The best epoch's weights, if the checkpoint holds some.

        Raises:
            CheckpointUnusable: it belongs to another architecture.
        """
        variables = self._variables()
        shapes = [tuple(variable.shape) for variable in variables]
        best_shapes = [tuple(variable.shape) for variable in self.model.variables]
        found = [array.shape for array in arrays]
        if found not in (shapes, shapes + best_shapes):
            raise CheckpointUnusable(
                "The checkpoint belongs to another architecture.", "Start a new run, or delete the run's checkpoint."
            )
        _assign(variables, arrays[: len(shapes)])
        return list(arrays[len(shapes) :]) or None


def _assign(variables: Sequence[Any], arrays: Sequence[NDArray[Any]]) -> None:
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
