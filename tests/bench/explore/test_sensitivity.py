"""Sensitivity: a training follows each move, and the recorded trainings say which parameter matters."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.bench.a_browser import OVERFLOW, serious

pytest.importorskip("torch")
pytest.importorskip("sklearn")

from bench.explore.views.sensitivity import recorded, training
from bench.explore.views.sensitivity.page import Sensitivity
from bench.explore.views.sensitivity.training import Curves
from bench.explore.views.sensitivity.words import LABELS, reading, summary
from problems import entries

PATIENCE = 120_000  # ms: torch is imported for the first training, and cores are shared
Opens = Callable[..., Page]
SHORT = ["learning rate", "batch size", "epochs", "hidden layers", "width"]
SUMMARY = re.compile(r"alidation error ([0-9.]+) %, training error ([0-9.]+) %( after 5 epochs: | before)")


@pytest.fixture(autouse=True)
def few_refits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds are spared, the order of what is clear is the same."""
    monkeypatch.setattr(recorded, "REFITS", 4)


def drawn(page: Page, name: str) -> list[dict[str, Any]]:
    """The traces of a figure, as the page draws them."""
    found: list[dict[str, Any]] = page.evaluate(f"document.querySelector('#{name} .js-plotly-plot').data")
    return found


def ended(page: Page) -> tuple[float, float]:
    """Validation and training error in percent, as the page says."""
    expect(page.locator("#sensitivity-summary")).to_have_text(SUMMARY, timeout=PATIENCE)
    found = SUMMARY.search(page.inner_text("#sensitivity-summary"))
    assert found is not None
    return float(found[1]), float(found[2])


def trace(page: Page, name: str) -> list[float]:
    """The errors of one curve, as soon as it is drawn."""
    page.wait_for_function(
        "name => document.querySelector('#sensitivity-curves .js-plotly-plot')?.data?.some((t) => t.name === name)",
        arg=name,
    )
    return next(each["y"] for each in drawn(page, "sensitivity-curves") if each["name"] == name)


def test_a_move_changes_the_curves_and_the_error_and_the_address_keeps_it(opened: Opens):
    page = opened("sensitivity?epochs=5&seed=3")
    validation, fitted = ended(page)
    before = trace(page, "validation error")
    curves = training.curves(Sensitivity(epochs=5).model_dump(exclude={"seed"}), 3)
    assert before == curves.validation
    assert (validation, fitted) == (round(100 * curves.validation[-1], 1), round(100 * curves.training[-1], 1))
    rate = page.get_by_role("slider", name="Learning rate")
    rate.focus()
    rate.press("End")
    expect(page.locator("#sensitivity-reading")).to_contain_text("Moved: learning rate 0.01 to 1", timeout=PATIENCE)
    worse, _ = ended(page)
    assert worse > validation + 10
    assert trace(page, "before") == before
    assert trace(page, "validation error") != before
    assert "learning_rate=1&" in page.url
    expect(page.locator("#sensitivity-along")).to_have_text("Along the learning rate", timeout=PATIENCE)
    page.reload()
    assert ended(page)[0] == worse
    page.get_by_role("button", name="Back to the best recorded").click()
    best = recorded.best().config
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value(str(best["epochs"]), timeout=PATIENCE)
    expect(page.locator("#sensitivity-reading")).to_contain_text("Moved:", timeout=PATIENCE)
    assert ended(page)[0] < validation
    assert f"learning_rate={best['learning_rate']:.3g}" in page.url


def test_the_ranking_has_every_parameter_once_and_states_the_order(opened: Opens):
    page = opened("sensitivity?epochs=5")
    page.wait_for_selector(".ranks", timeout=PATIENCE)
    assert sorted(page.locator(".ranks tbody th").all_inner_texts()) == sorted(SHORT)
    assert page.locator(".ranks tbody td").first.inner_text() == "1"
    order = page.inner_text("#sensitivity-order")
    assert order.startswith("Tuning order: learning rate, then ")
    assert all(order.count(name) == 1 for name in SHORT)
    expect(page.locator("#sensitivity-place-learning_rate")).to_have_text("place 1 of 5", timeout=PATIENCE)
    assert "of 1280 recorded trainings" in page.inner_text("#sensitivity-ranking summary")
    page.get_by_role("spinbutton", name="Batch size").fill("9")
    page.get_by_role("spinbutton", name="Batch size").press("Enter")
    expect(page.locator("#sensitivity-means-log2_batch_size")).to_have_text("= 512", timeout=PATIENCE)
    expect(page.locator("#sensitivity-along")).to_have_text("Along the batch size", timeout=PATIENCE)
    page.wait_for_function("document.querySelector('#sensitivity-dependence .js-plotly-plot').data[2].x[0] === 9")
    average, here, point = drawn(page, "sensitivity-dependence")
    assert here["x"] == list(range(3, 10))
    assert average["y"] != here["y"]
    assert 100 * point["y"][0] == pytest.approx(ended(page)[0], abs=0.051)
    assert serious(page) == []
    page.get_by_role("spinbutton", name="Batch size").fill("10")
    page.get_by_role("spinbutton", name="Batch size").press("Enter")
    told = "Batch size takes a whole number from 3 to 9; nothing was trained."
    expect(page.locator("#notice")).to_have_text(told, timeout=PATIENCE)


def test_without_torch_it_says_what_to_install(opened: Opens, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(entries, "_installed", lambda module: module != "torch")
    page = opened("sensitivity?width=999&seed=1", width=390)
    expect(page.locator("#sensitivity-summary")).to_contain_text(
        "needs torch; install with: pip install", timeout=PATIENCE
    )
    expect(page.locator(".complaints")).to_contain_text("width=999", timeout=PATIENCE)
    assert page.evaluate(OVERFLOW) <= 0


def test_the_controls_are_those_of_the_recording():
    assert [parameter.name for parameter in recorded.parameters()] == list(LABELS)
    for parameter in recorded.parameters():
        for end in (parameter.low, parameter.high):
            assert getattr(Sensitivity.model_validate({parameter.name: end}), parameter.name) == end
    assert training.problem().space == recorded.recording().space
    values = [trial.value for trial in recorded.recording().trials if trial.value is not None]
    assert recorded.best().value == min(values)


def test_a_training_that_diverges_is_told_of():
    wild = training.curves(Sensitivity(learning_rate=1.0, hidden_layers=4).model_dump(exclude={"seed"}), 0)
    assert wild.diverged
    assert "diverged" in summary(wild)
    assert "lower learning rate" in reading(wild)
    assert "It was better before: 2.0 % after epoch 1" in reading(Curves([0.02, 0.04], [0.01, 0.0], False))
