"""Tables, as pandas reads them."""

import json
from pathlib import Path

import pandas as pd
import pytest

from bench.exchange import tables
from bench.experiment import Experiment
from tests.bench.exchange.conftest import written


def test_csv_holds_what_is_stored_digit_by_digit(experiment: Experiment, tmp_path: Path):
    folder, left_out = written(tables.write_csv, experiment, tmp_path / "csv")
    assert left_out == []
    assert {path.name for path in folder.iterdir()} == {"trials.csv", "runs.csv", "skips.csv", "regret.csv"}
    trials = pd.read_csv(folder / "trials.csv")
    assert list(trials) == list(experiment.trials)
    pd.testing.assert_series_equal(trials["value"], experiment.trials["value"], check_exact=True)
    assert [json.loads(text) for text in trials["config"]] == [json.loads(text) for text in experiment.trials["config"]]
    assert len(pd.read_csv(folder / "runs.csv")) == len(experiment.runs)
    assert {"regret", "incumbent_value", "optimum_origin"} <= set(pd.read_csv(folder / "regret.csv"))


def test_parquet_keeps_types(experiment: Experiment, tmp_path: Path):
    folder, _ = written(tables.write_parquet, experiment, tmp_path / "parquet")
    trials = pd.read_parquet(folder / "trials.parquet")
    pd.testing.assert_series_equal(trials["value"], experiment.trials["value"])
    assert trials["error"].dtype == "string"
    assert pd.read_parquet(folder / "skips.parquet").empty


@pytest.mark.parametrize(
    ("write", "read"),
    [(tables.write_wide_csv, pd.read_csv), (tables.write_wide_parquet, pd.read_parquet)],
    ids=["csv", "parquet"],
)
def test_wide_tables_have_a_column_per_parameter(experiment: Experiment, tmp_path: Path, write, read):
    folder, _ = written(write, experiment, tmp_path / "wide")
    (path,) = folder.glob("trials.*")
    trials = read(path)
    assert "config" not in trials
    assert len(trials) == len(experiment.trials)
    for row, text in zip(trials.head(40).to_dict("records"), experiment.trials["config"].head(40), strict=True):
        for name, value in json.loads(text).items():
            assert row[f"config_{name}"] == value
    assert trials.loc[trials["dim"] == 2, "config_x4"].isna().all()


def test_parameters_of_one_name_and_several_types_are_told_apart():
    index = pd.RangeIndex(4)
    assert tables.column([1, True, "1", None], index).tolist()[:3] == ["1", "true", '"1"']
    assert tables.column([1, 2, None, 3], index).dtype == "Int64"
    assert tables.column([1, 2.5, None, 3], index).dtype == "Float64"
    assert tables.column([True, False, None, True], index).dtype == "boolean"
    assert tables.column(["relu", "tanh", None, "relu"], index).tolist()[0] == "relu"
