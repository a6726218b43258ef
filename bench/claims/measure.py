"""Run a part's experiment once, and read it back ever after."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from bench.claims.claim import Claim, Data, Part, Profile, Setting
from bench.executors import Watcher
from bench.experiment import Silent
from bench.report.files import replacing
from bench.seeding import rng_for

RECORD = "experiment.json"  # written last: where it is, the tables are whole


@dataclass(frozen=True)
class Place:
    """Where results go and with how many worker processes they may be made."""

    results: Path
    profile: Profile
    jobs: int
    watcher: Watcher = field(default_factory=Silent)

    def folder(self, claim: Claim) -> Path:
        """The folder of a claim's data, figures and page."""
        return self.results / f"reproduce-{claim.name}-{self.profile}"


def identity(claim: Claim, part: Part, profile: Profile) -> dict[str, Any]:
    """What must be equal for stored data to be used again."""
    return {"claim": claim.name, "part": part.name, "profile": profile, "version": part.version, **part.depends()}


def stored(claim: Claim, part: Part, place: Place) -> Data | None:
    """The data of an earlier call, or None when there are none of this version."""
    folder = place.folder(claim) / part.name
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    if {**record, **identity(claim, part, place.profile)} != record:
        return None
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in record["tables"]}


def measure(claim: Claim, part: Part, place: Place) -> Data:
    """Run the experiment and store its tables.

    Its stream follows from the names of claim and part, so that a second machine measures the same.
    """
    folder = place.folder(claim) / part.name
    rng = rng_for("claim", claim.name, part.name, part.version)
    data = part.experiment(Setting(place.profile, rng, place.results, place.jobs, place.watcher))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, table in data.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    with replacing(folder / RECORD) as draft:
        record = {**identity(claim, part, place.profile), "tables": sorted(data)}
        draft.write_text(json.dumps(record, indent=2), encoding="utf-8")
    return data
