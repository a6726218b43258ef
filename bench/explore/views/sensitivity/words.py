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
UNLEARNED, UNDERFIT = 0.5, 0.05  # training errors above which a training is called so
WIDE, WORSE = 0.03, 0.005  # a gap, and a rise of the validation error since its lowest, that are worth a word
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
    apart = f"a gap of {gap:.1f} points" if gap >= 0 else f"{-gap:.1f} points less than on what it was trained on"
    return f"Validation error {percent(validation)}, training error {percent(training)} {after}: {apart}."


def reading(curves: Curves) -> str:
    """What such curves suggest, and by which marks."""
    if curves.diverged:
        return "The network gives no numbers any more; a lower learning rate is the usual remedy."
    validation, training = curves.validation[-1], curves.training[-1]
    if training > UNLEARNED:
        return f"Over {UNLEARNED:.0%} of the training cases are wrong: it has hardly learned; try the learning rate."
    if training > UNDERFIT:
        return f"Over {UNDERFIT:.0%} of the training cases are wrong: it underfits. More epochs, or more width."
    wide = f"The gap is over {100 * WIDE:.0f} points: much of what it learned does not carry over."
    said = wide if validation - training > WIDE else f"It fits, and the gap is under {100 * WIDE:.0f} points."
    if curves.validation[curves.best] < validation - WORSE:
        said += f" It was better before: {percent(curves.validation[curves.best])} after epoch {curves.best + 1}."
    return said


def change(now: Config, before: Config) -> str:
    """What differs from the setting before: `"learning rate 0.01 to 1"`."""
    moved = [name for name in now if now[name] != before[name]]
    if len(moved) > 2:
        return f"{len(moved)} hyperparameters at once"
    return ", ".join(f"{short(name)} {valued(name, before[name])} to {valued(name, now[name])}" for name in moved)
