"""What the page says: parameters by name, errors in percent, the gap in a sentence."""

from collections.abc import Mapping

import numpy as np

from bench.explore.views.sensitivity.training import Curves
from problems.space import Config

LABELS: Mapping[str, str] = {
    "learning_rate": "Learning rate",
    "log2_batch_size": "Batch size, 2ᵏ",
    "epochs": "Epochs",
    "hidden_layers": "Hidden layers",
    "width": "Width, units a layer",
}
POWERS = {"log2_batch_size"}  # of 2
MARKS: Mapping[str, Mapping[float, str]] = {  # at a value, what stands below the slider
    "learning_rate": {1e-5: "10⁻⁵", 1e-4: "10⁻⁴", 1e-3: "10⁻³", 1e-2: "0.01", 0.1: "0.1", 1.0: "1"},
    "log2_batch_size": {k: str(2**k) for k in range(3, 10)},
    "epochs": {2: "2", 5: "5", 10: "10", 20: "20", 30: "30"},
    "hidden_layers": {k: str(k) for k in range(1, 5)},
    "width": {16: "16", 32: "32", 64: "64", 128: "128", 256: "256"},
}


def short(name: str) -> str:
    """A parameter within a sentence: `batch size`."""
    return LABELS[name].partition(",")[0].lower()


def valued(name: str, value: float) -> str:
    """A parameter's value as people say it."""
    return meaning(name, value) or plain(value)


def plain(value: float) -> str:
    """Three digits that count, without an exponent: `"0.00001"`."""
    return np.format_float_positional(float(f"{value:.3g}"), trim="-")


def meaning(name: str, value: float) -> str:
    """What a value stands for; empty where it stands for itself."""
    return str(2 ** int(value)) if name in POWERS else ""


def percent(error: float) -> str:
    """`"3.1 %"`: cases are in hundreds, a second decimal would be noise."""
    return f"{100 * error:.1f} %"


def summary(curves: Curves) -> str:
    """Where the training ended, and the gap."""
    if not curves.validation:
        return "It diverged in the first epoch: the network gives no numbers any more."
    count = len(curves.validation)
    validation, training = curves.validation[-1], curves.training[-1]
    after = f"after {count} epoch{'s' * (count > 1)}"
    if curves.diverged:
        return (
            f"It diverged {after}: validation error {percent(validation)}, training error {percent(training)} before."
        )
    gap = round(100 * validation, 1) - round(100 * training, 1)
    return (
        f"Validation error {percent(validation)}, training error {percent(training)} {after}: "
        f"a gap of {gap:.1f} points."
    )


def reading(curves: Curves) -> str:
    """What such curves suggest."""
    if curves.diverged:
        return "The network gives no numbers any more: lower the learning rate."
    validation, training = curves.validation[-1], curves.training[-1]
    if training > 0.5:
        return "Even the training cases are mostly wrong: it has hardly learned; change the learning rate first."
    if training > 0.05:
        return "The training error is still high: it underfits. More epochs, another learning rate, or more width."
    if curves.validation[curves.best] < validation - 0.005:
        return f"It was better before: {percent(curves.validation[curves.best])} after epoch {curves.best + 1}."
    if validation - training > 0.03:
        return "The training cases are learned by heart: the gap is what it does not generalise."
    return "It fits, and generalises about as well as these data allow."


def change(now: Config, before: Config) -> str:
    """What differs from the setting before: `"learning rate 0.01 to 1"`."""
    moved = [name for name in now if now[name] != before[name]]
    if len(moved) > 2:
        return f"{len(moved)} hyperparameters at once"
    return ", ".join(f"{short(name)} {valued(name, before[name])} to {valued(name, now[name])}" for name in moved)
