"""The table of problems: a new one is one line here, or an entry point of the group `search_bench.problems`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from numpy.random import Generator

from problems.base import Problem
from problems.entries import Entry, Needs, find
from problems.loading import fingerprint, resolve, users_object
from problems.plugins import plug_ins
from problems.recorded.recording import RecordingError
from problems.user_files import CIFAR10_FILES, MNIST_FILES
from problems.wrappers.names import MARK, Wrapping, no_wrapper, read, split, wrap

GROUP = "search_bench.problems"
SPACE = ".toml"  # what the name of a plain function over the space of a file ends with
OBJECTIVES = "problems.users_objective"


@dataclass(frozen=True)
class ProblemEntry(Entry):
    """How to make a problem: `factory` is called as `factory(name, dim, instance, rng, **options)`; `rng` draws it."""

    looks: bool = False  # whether a trial is looked at several times on its way, so that a pruner can stop it
    one_instance: bool = False  # whether every seed meets the same one
    gpu: bool | None = False  # whether a cluster is to give it a GPU; None: as the factory's attribute `gpu` says
    base: str = ""  # the name without wrappers, where there are some
    wrappings: tuple[Wrapping, ...] = ()  # around what the factory makes, the innermost first

    def make(self, dim: int, instance: int, rng: Generator) -> Problem:
        """The problem's `instance` in `dim` dimensions; raises `ValueError` for a dimension that it lacks."""
        if refusal := self.refusal(dim):
            raise ValueError(refusal)
        name, inner_dim = self.drawn_as(dim)
        problem: Problem = resolve(self.factory)(name, inner_dim, instance, rng, **self.options)
        return wrap(problem, self.wrappings, dim, rng) if self.wrappings else problem

    def drawn_as(self, dim: int) -> tuple[str, int]:
        """The name and dimension of the problem inside: a wrapped one has the instances of the plain one."""
        for wrapping in reversed(self.wrappings):
            dim = wrapping.inner_dim(dim)
        return self.base or self.name, dim

    def within(self, wrapping: Wrapping) -> "ProblemEntry":
        """The entry of this problem with one more wrapper; raises `ValueError` where that is not for it."""
        min_dim, max_dim = self.min_dim, self.max_dim
        if wrapping.wrapper.narrows:
            if refusal := self.refusal(wrapping.value):
                raise ValueError(refusal)
            min_dim, max_dim = wrapping.value, None
        if wrapping.probes and self.factory not in CHEAP:
            raise ValueError(
                f"{wrapping.text} would cost hundreds of trials of {self.name}; give it in units of the value"
            )
        return replace(
            self,
            name=f"{self.name}{MARK}{wrapping.text}",
            summary=f"{self.summary}; {wrapping.text}",
            base=self.base or self.name,
            wrappings=(*self.wrappings, wrapping),
            min_dim=min_dim,
            max_dim=max_dim,
        )

    def asks_for_gpu(self) -> bool:
        """Whether a cluster is to give it a GPU; somebody else's factory is imported to see what it says."""
        return bool(getattr(resolve(self.factory), "gpu", False)) if self.gpu is None else self.gpu


SYNTHETIC, EMBEDDED, BBOB = "problems.synthetic:make", "problems.embedded:make", "problems.bbob:bbob"
MIXED, CONDITIONAL = "problems.mixed:make", "problems.conditional:make"
RECORDING = "problems.recorded.problem:make"
CHEAP = {SYNTHETIC, EMBEDDED, BBOB, MIXED, CONDITIONAL, RECORDING}  # hundreds of their values cost next to nothing
TRAININGS = "problems.torch_training.problems"
TORCH = Needs("torch", ("torch", "sklearn"), "torch")

NETWORKS = "problems.torch_training.networks:network"
CNNS = "problems.torch_training.cnn_problems:cnn"
MNIST = Needs("torch", TORCH.modules, "torch", MNIST_FILES)
CIFAR10 = Needs("torch", TORCH.modules, "torch", CIFAR10_FILES)
# Of `nnet-`, each at two sizes: to be trained in part of a second, and as in the paper, which takes minutes.
NETWORK_DATA = {
    "rectangles": ("wide and tall rectangles", TORCH),
    "convex": ("convex and other sets", TORCH),
    "digits": ("scikit-learn's digits", TORCH),
    "mnist": ("the user's MNIST files", MNIST),
    "cifar10": ("the user's CIFAR-10 files", CIFAR10),
}

TABULAR = "problems.tabular.problems:make"
SKLEARN = Needs("sklearn", ("sklearn",), "scikit-learn")

COCO = Needs("coco", ("cocoex",), "coco-experiment")

RECORDED = "recorded:"  # what the name of a recording begins with; its file follows
SHIPPED = Path(__file__).parent / "recorded" / "tables"

TABLE: tuple[ProblemEntry, ...] = (
    ProblemEntry("sphere", SYNTHETIC, "a bowl"),
    ProblemEntry("ellipsoid", SYNTHETIC, "a bowl a thousand times longer than wide, rotated"),
    ProblemEntry("rosenbrock", SYNTHETIC, "a long bent valley", min_dim=2),
    ProblemEntry("ackley", SYNTHETIC, "a hole in a rippled plain, rotated"),
    ProblemEntry("rastrigin", SYNTHETIC, "a bowl with a dip at every integer"),
    ProblemEntry("griewank", SYNTHETIC, "a bowl with small ripples, rotated"),
    ProblemEntry("levy", SYNTHETIC, "a wavy bowl"),
    ProblemEntry("styblinski-tang", SYNTHETIC, "two valleys along each axis, one a little deeper"),
    ProblemEntry("schwefel", SYNTHETIC, "many valleys, the best near a corner and far from the second best"),
    ProblemEntry("michalewicz", SYNTHETIC, "plains and narrow valleys"),
    ProblemEntry("branin", SYNTHETIC, "three equal valleys", min_dim=2, max_dim=2),
    ProblemEntry("hartmann3", SYNTHETIC, "four Gaussian dips", min_dim=3, max_dim=3),
    ProblemEntry("hartmann6", SYNTHETIC, "four Gaussian dips", min_dim=6, max_dim=6),
    ProblemEntry("forrester", SYNTHETIC, "a shallow valley, a plateau, a deep valley", max_dim=1, only_by_name=True),
    ProblemEntry("gramacy-lee", SYNTHETIC, "waves that fade, the lowest at one end", max_dim=1, only_by_name=True),
    ProblemEntry("embedded-1", EMBEDDED, "one parameter matters, the others hardly", options={"effective": 1}),
    ProblemEntry("embedded-2", EMBEDDED, "two parameters matter, the others hardly", 2, options={"effective": 2}),
    ProblemEntry("mixed", MIXED, "numbers and choices that depend on one another", min_dim=3),
    ProblemEntry("conditional", CONDITIONAL, "layers and their widths: only those of the layers matter", min_dim=3),
    ProblemEntry(
        "mlp-digits", f"{TRAININGS}:mlp_digits", "a neural network on digits", max_dim=10, needs=TORCH, looks=True
    ),
    ProblemEntry(
        "mlp-widths-digits",
        f"{TRAININGS}:mlp_widths_digits",
        "a neural network on digits, a width per layer",
        min_dim=3,
        max_dim=13,
        needs=TORCH,
        looks=True,
    ),
    *(
        ProblemEntry(f"cnn-{data}", CNNS, f"a convolutional network on {what}", max_dim=10, needs=needs, looks=True)
        for data, (what, needs) in NETWORK_DATA.items()
    ),
    *(
        ProblemEntry(
            f"nnet-{data}{ending}",
            NETWORKS,
            f"one hidden layer on {what}{size}",
            max_dim=9,
            needs=needs,
            looks=True,
            only_by_name=bool(ending),
        )
        for data, (what, needs) in NETWORK_DATA.items()
        for ending, size in (("", ""), ("-paper", ", large"))
    ),
    ProblemEntry("svm-digits", TABULAR, "a support vector machine on digits", max_dim=7, needs=SKLEARN),
    ProblemEntry("knn-digits", TABULAR, "nearest neighbours on digits", max_dim=5, needs=SKLEARN),
    ProblemEntry("forest-digits", TABULAR, "a random forest on digits", max_dim=7, needs=SKLEARN),
    ProblemEntry("boosting-diabetes", TABULAR, "gradient boosting on diabetes patients", max_dim=8, needs=SKLEARN),
    ProblemEntry(
        "elastic-net-diabetes", TABULAR, "a penalised polynomial on diabetes patients", max_dim=5, needs=SKLEARN
    ),
    *(
        ProblemEntry(
            f"bbob-f{i}",
            BBOB,
            f"function {i} of COCO's BBOB suite",
            min_dim=2,
            max_dim=40,  # the suite's largest; some functions end the process in larger ones
            options={"function": i},
            needs=COCO,
        )
        for i in range(1, 25)
    ),
    ProblemEntry(
        "recorded-mlp-digits",
        RECORDING,
        "1280 recorded trials of mlp-digits, a forest in between",
        min_dim=5,
        max_dim=5,
        options={"file": str(SHIPPED / "mlp-digits-5d.parquet")},
        needs=SKLEARN,
        looks=True,
        one_instance=True,
    ),
)


@cache
def problems() -> Mapping[str, ProblemEntry]:
    """Every known problem by name, plug-ins last."""
    # Whether a plug-in's trials have looks is not known before one is made; with one look, a pruner has no say.
    known = {entry.name: entry for entry in TABLE}
    return known | {
        name: ProblemEntry(name, factory, summary, looks=True, fingerprint=release, gpu=None)
        for name, factory, summary, release in plug_ins(GROUP, known)
    }


def problem_entry(name: str) -> ProblemEntry:
    """The entry called `name`, perhaps with wrappers: of the table, a `recorded:FILE`, a user's `module:factory`.

    `path/to/file.py:function@space.toml` is a plain function of a config, over the space in that file.
    Raises `KeyError` with the nearest names, with why the file or the user's code cannot be used, or with how a wrapper
    is written.
    """
    base, texts = split(name, problems())
    if reason := "" if base in problems() or base.endswith(SPACE) or base.startswith(RECORDED) else no_wrapper(base):
        raise KeyError(f"{reason} (in {name!r})")
    return wrapped(plain_entry(base), name, texts) if texts else plain_entry(base)


def wrapped(entry: ProblemEntry, name: str, texts: Sequence[str]) -> ProblemEntry:
    """`entry` with the wrappers of `name` around it; raises `KeyError` where one is wrong, or not for it."""
    try:
        for wrapping in read(texts):
            entry = entry.within(wrapping)
    except ValueError as error:
        raise KeyError(f"{error} (in {name!r})") from error
    return entry


def plain_entry(name: str) -> ProblemEntry:
    """The entry called `name`, which has no wrappers."""
    if name in problems() or ":" not in name:
        return find(problems(), name, "problem")
    if name.startswith(RECORDED):
        return recorded_entry(name)
    if name.endswith(SPACE):
        function, _, file = name.rpartition("@")
        if function:
            return objective_entry(name, function, file)
    if not callable(users_object(name, "problem")):
        raise KeyError(
            f"problem {name!r} cannot be called; give a factory(name, dim, instance, rng), as docs/write-your-own.md"
        )
    return ProblemEntry(name, name, f"your own {name}", looks=True, fingerprint=fingerprint(name), gpu=None)


def objective_entry(name: str, function: str, file: str) -> ProblemEntry:
    """The entry of a user's plain function; raises `KeyError` where function or space cannot be used."""
    found = users_object(function, "objective")
    try:
        resolve(f"{OBJECTIVES}:arguments_of")(found)
        said = resolve("problems.space_file:read_space")(Path(file))
    except ValueError as error:
        raise KeyError(str(error)) from error
    dim = len(said.space)
    return ProblemEntry(
        name, f"{OBJECTIVES}:make", f"your own {function}", min_dim=dim, max_dim=dim,
        options={"function": function, "file": file}, looks=True,
        fingerprint=f"{fingerprint(function)}, {Path(file).name} {said.digest}",
    )  # fmt: skip


def recorded_entry(name: str) -> ProblemEntry:
    """The entry of `recorded:FILE`; raises `KeyError` with why the file cannot be used."""
    file = name.removeprefix(RECORDED)
    try:
        found = resolve("problems.recorded.description:describe")(Path(file))
    except RecordingError as error:
        raise KeyError(f"problem {name!r}: {error}") from error
    return ProblemEntry(
        name,
        RECORDING,
        found.summary,
        min_dim=found.dim,
        max_dim=found.dim,
        options={"file": file},
        needs=found.needs,
        fingerprint=found.fingerprint,
        looks=found.looks,
        one_instance=True,
    )
