"""Training that survives being killed: same configuration, cases, seed and threads, same weights bit for bit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlworker.engine.backbone_catalogue import BACKBONES, weights_available
from mlworker.engine.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from mlworker.engine.configuration import ConfigurationError, TrainingConfiguration, check_against_data
from mlworker.engine.data import LabelledImages, epoch_batches, prepared
from mlworker.engine.errors import CheckpointUnusable, TrainingCancelled, TrainingFailed, WeightsMissing
from mlworker.engine.failures import failures_in_words
from mlworker.engine.learner import Arrays, Learner
from mlworker.engine.metrics import Threshold, epoch_figures, fitted_temperature, fixed_threshold, log_loss, sigmoid
from mlworker.engine.schedule import learning_rate_at

STEP_EVENT_SECONDS = 0.5
MODEL_FILE = "model.keras"


@dataclass(frozen=True)
class TrainingEvent:
    """What the run just did.

    Attributes:
        kind: preparing, prepared, resumed, step, epoch_finished, checkpointed or finished.
        message: a sentence for the log.
        epoch: counted from 1; 0 before the first.
        epochs: in all.
        step: within the epoch, counted from 1.
        steps: in an epoch.
        loss: of the step, or None.
        metrics: of a finished epoch: training_ and validation_ loss, auc, sensitivity, specificity (the last two at a
            probability of one half; the training part's figures are those seen while training, with augmentation).
        seconds: the epoch took, or None.
    """

    kind: str
    message: str
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    loss: float | None = None
    metrics: dict[str, float | None] = field(default_factory=dict)
    seconds: float | None = None


@dataclass(frozen=True)
class ValidationScore:
    case_id: str
    label: int
    logit: float
    probability: float


@dataclass(frozen=True)
class TrainingResult:
    """A finished run.

    Attributes:
        model_path: `model.keras` in the run's folder.
        model_sha256: of that file; equal for equal weights, configuration and threshold.
        weights_sha256: of the weights alone.
        weights_origin: "imagenet, <file>, <hash>" or "from scratch".
        history: one dictionary an epoch: the metrics of `TrainingEvent`, "epoch" and "seconds".
        threshold: fixed on the validation part.
        validation_metrics: the validation figures of the weights that are kept, with sensitivity and specificity at
            the threshold, and the temperature if the configuration asks for one.
        environment: versions, threads, hardware.
        resumed_after: epochs that an earlier attempt had finished.
    """

    model_path: Path
    model_sha256: str
    weights_sha256: str
    weights_origin: str
    parameter_count: int
    history: list[dict[str, float | None]]
    threshold: Threshold
    validation_scores: list[ValidationScore]
    validation_metrics: dict[str, float | None]
    environment: dict[str, Any]
    resumed_after: int


def train(
    configuration: TrainingConfiguration,
    training: LabelledImages,
    validation: LabelledImages,
    *,
    folder: Path,
    on_event: Callable[[TrainingEvent], None],
    should_stop: Callable[[], bool],
) -> TrainingResult:
    """Train a model, or go on with one whose training was interrupted.

    A checkpoint in `folder` is continued if it belongs to this configuration and these cases. On a CPU the final
    weights equal those of an undisturbed run bit for bit.

    Args:
        configuration: validated, see `configuration_from`.
        training: cases to learn from.
        validation: cases for the figures of each epoch and for the threshold.
        folder: the run's own; checkpoint and model are written here.
        on_event: told of every phase, some steps and every epoch.
        should_stop: asked before every step.

    Raises:
        WeightsMissing: before anything is built.
        CheckpointUnusable: damaged, or of another configuration, other cases or another architecture.
        TrainingCancelled: `should_stop` answered yes; the last checkpoint stays.
        TrainingFailed: unsuitable cases, a loss that is no number, memory or disk used up: reason and advice.
    """
    _check_cases(configuration, training, validation)
    origin = _weights_origin(configuration)
    folder.mkdir(parents=True, exist_ok=True)
    with failures_in_words(configuration):
        run = _Run(configuration, training, validation, folder=folder, on_event=on_event, should_stop=should_stop)
        run.prepare()
        for epoch in range(len(run.history), configuration.epochs):
            if run.is_stopped_early():
                break
            run.epoch(epoch)
        return run.result(origin)


def _check_cases(configuration: TrainingConfiguration, training: LabelledImages, validation: LabelledImages) -> None:
    try:
        check_against_data(
            configuration,
            training_labels=training.labels.tolist(),
            validation_labels=validation.labels.tolist(),
        )
    except ConfigurationError as error:
        reasons = "; ".join(problem.reason for problem in error.problems)
        raise TrainingFailed(
            f"These cases cannot be trained on: {reasons}.", "Choose another dataset version or a smaller batch."
        ) from error
    shared = set(training.case_ids) & set(validation.case_ids)
    if shared:
        raise TrainingFailed(
            f"{len(shared)} cases are in the training and in the validation part.", "Freeze the dataset version again."
        )


def _weights_origin(configuration: TrainingConfiguration) -> str:
    if configuration.weights == "none":
        return "from scratch"
    entry = BACKBONES[configuration.backbone]
    status = weights_available(entry)
    if not status.available:
        raise WeightsMissing(status.message)
    return f"imagenet, {entry.weights_file}, {entry.weights_hash}"


class _Run:
    """One attempt: the network, its optimiser and its history."""

    def __init__(
        self,
        configuration: TrainingConfiguration,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        folder: Path,
        on_event: Callable[[TrainingEvent], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self.configuration = configuration
        self.training = training
        self.validation = validation
        self.folder = folder
        self.on_event = on_event
        self.should_stop = should_stop
        self.steps = -(-len(training) // configuration.batch_size)
        self.history: list[dict[str, float | None]] = []
        self.resumed_after = 0
        # The weights with the smallest validation loss, where the configuration keeps those.
        self.best: Arrays | None = None

    def prepare(self) -> None:
        """Read the images, build the network and compile it, then take over a checkpoint."""
        self.tell("preparing", f"Preparing {len(self.training)} training and {len(self.validation)} validation images.")
        self.identity = {
            "configuration": self.configuration.sha256,
            "training": self.training.sha256,
            "validation": self.validation.sha256,
        }
        checkpoint = read_checkpoint(self.folder)
        self.training_pixels = prepared(self.training.images, self.configuration)
        self.validation_pixels = prepared(self.validation.images, self.configuration)
        self.stop_if_asked()
        title = BACKBONES[self.configuration.backbone].title
        self.tell("preparing", f"Building {title} at {self.configuration.image_size} pixels.")
        self.learner = Learner(self.configuration)
        if checkpoint is not None:
            self.resume(checkpoint)
        parameters = self.learner.model.count_params()
        self.tell("prepared", f"Ready: {parameters:,} parameters, {self.steps} steps an epoch.")

    def resume(self, checkpoint: Checkpoint) -> None:
        facts = checkpoint.facts
        for name, found in self.identity.items():
            if facts["identity"].get(name) != found:
                words = "another configuration" if name == "configuration" else f"other {name} cases"
                raise CheckpointUnusable(
                    f"The checkpoint belongs to {words}.", "Start a new run, or delete the run's checkpoint."
                )
        self.best = self.learner.restore(checkpoint.arrays)
        self.history = facts["history"]
        self.resumed_after = len(self.history)
        self.tell("resumed", f"Going on after epoch {self.resumed_after} of {self.configuration.epochs}.")

    def epoch(self, epoch: int) -> None:
        started = time.monotonic()
        self.learner.enter(epoch)
        logits, labels, losses = self.learn(epoch)
        with self.learner.averaged():
            validation_logits = self.learner.scored(self.validation_pixels)
            if self.is_best(epoch, log_loss(self.validation.labels, validation_logits)):
                self.best = self.learner.weights()
        metrics: dict[str, float | None] = {
            "training_loss": float(np.average([loss for loss, _ in losses], weights=[n for _, n in losses])),
            **epoch_figures("training", labels, logits),
            **_validation_figures(self.validation, validation_logits),
        }
        seconds = time.monotonic() - started
        self.history = [*self.history, {"epoch": epoch + 1, "seconds": round(seconds, 3), **metrics}]
        facts = {"identity": self.identity, "history": self.history}
        write_checkpoint(self.folder, facts, self.learner.state(self.best))
        self.tell("checkpointed", f"Checkpoint after epoch {epoch + 1}.", epoch=epoch + 1)
        message = f"Epoch {epoch + 1} of {self.configuration.epochs} finished in {seconds:.1f} s."
        self.tell("epoch_finished", message, epoch=epoch + 1, metrics=metrics, seconds=seconds)

    def learn(self, epoch: int) -> tuple[NDArray[np.float32], NDArray[np.int64], list[tuple[float, int]]]:
        """One pass over the training part: logits and labels in the order seen, loss and size of every step."""
        seen: list[NDArray[np.float32]] = []
        targets: list[NDArray[np.int64]] = []
        losses: list[tuple[float, int]] = []
        told = -STEP_EVENT_SECONDS
        batches = epoch_batches(self.training_pixels, self.training.labels, self.configuration, epoch)
        for position, (inputs, transforms, brightness, labels) in enumerate(batches):
            self.stop_if_asked()
            done = epoch * self.steps + position
            self.learner.optimizer.learning_rate.assign(learning_rate_at(self.configuration, done, self.steps))
            loss, logits = self.learner.step(inputs, transforms, brightness, labels)
            self.refuse_not_finite(loss, logits, epoch, position)
            seen.append(logits)
            targets.append(labels[:, 0].astype(np.int64))
            losses.append((loss, len(labels)))
            if time.monotonic() - told >= STEP_EVENT_SECONDS or position + 1 == self.steps:
                told = time.monotonic()
                self.tell("step", "", epoch=epoch + 1, step=position + 1, loss=loss)
        return np.concatenate(seen), np.concatenate(targets), losses

    def refuse_not_finite(self, loss: float, logits: NDArray[np.float32], epoch: int, position: int) -> None:
        if not np.isfinite(loss) or not np.isfinite(logits).all():
            raise TrainingFailed(
                f"The loss stopped being a number in epoch {epoch + 1}, step {position + 1}.",
                f"Lower the learning rate (it was {self.configuration.learning_rate:g}) or add warm-up epochs.",
            )

    def counted_losses(self) -> list[float]:
        """Validation losses that early stopping looks at: while the head learns alone nothing is decided."""
        return [float(row["validation_loss"] or 0.0) for row in self.history[self.configuration.head_epochs :]]

    def is_best(self, epoch: int, loss: float) -> bool:
        if not self.configuration.patience or epoch < self.configuration.head_epochs:
            return False
        return loss < min(self.counted_losses(), default=np.inf)

    def is_stopped_early(self) -> bool:
        losses = self.counted_losses()
        if not self.configuration.patience or not losses:
            return False
        return len(losses) - 1 - int(np.argmin(losses)) >= self.configuration.patience

    def kept_epoch(self) -> int:
        """The epoch, counted from 1, whose weights the model has."""
        if self.best is None:
            return len(self.history)
        return self.configuration.head_epochs + int(np.argmin(self.counted_losses())) + 1

    def result(self, origin: str) -> TrainingResult:
        from mlworker.engine.model_file import ModelFacts, save_model, weights_sha256
        from mlworker.engine.runtime import environment_record

        self.learner.enter(len(self.history) - 1)
        self.learner.settle(self.best)
        model = self.learner.model
        logits, labels = self.learner.scored(self.validation_pixels), self.validation.labels
        threshold = fixed_threshold(self.configuration.threshold_rule, labels, logits)
        calibrated = self.configuration.calibration == "temperature"
        temperature = fitted_temperature(labels, logits) if calibrated else None
        path = self.folder / MODEL_FILE
        digest = save_model(model, path, ModelFacts(self.configuration, threshold, temperature))
        kept = f" The weights are those of epoch {self.kept_epoch()}." if self.best is not None else ""
        self.tell("finished", f"Finished; the threshold is fixed at {threshold.value:.4f} ({threshold.rule}).{kept}")
        return TrainingResult(
            model_path=path,
            model_sha256=digest,
            weights_sha256=weights_sha256(model),
            weights_origin=origin,
            parameter_count=int(model.count_params()),
            history=self.history,
            threshold=threshold,
            validation_scores=_scores(self.validation, logits),
            validation_metrics=_validation_figures(self.validation, logits)
            | {f"threshold_{k}": v for k, v in asdict(threshold).items() if k != "rule"}
            | ({} if temperature is None else {"temperature": temperature}),
            environment=environment_record(self.configuration.threads),
            resumed_after=self.resumed_after,
        )

    def stop_if_asked(self) -> None:
        if self.should_stop():
            raise TrainingCancelled("The training was cancelled.", "Its last checkpoint stays: it can be resumed.")

    def tell(self, kind: str, message: str, **facts: Any) -> None:
        self.on_event(TrainingEvent(kind, message, epochs=self.configuration.epochs, steps=self.steps, **facts))


def _validation_figures(validation: LabelledImages, logits: NDArray[np.float32]) -> dict[str, float | None]:
    loss = log_loss(validation.labels, logits)
    return {"validation_loss": loss, **epoch_figures("validation", validation.labels, logits)}


def _scores(validation: LabelledImages, logits: NDArray[np.float32]) -> list[ValidationScore]:
    rows = zip(validation.case_ids, validation.labels, logits, sigmoid(logits), strict=True)
    return [ValidationScore(case, int(label), float(logit), float(p)) for case, label, logit, p in rows]
