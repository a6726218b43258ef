"""The models: hyperparameters in the order in which a practitioner tunes them, and the estimator that they make.

In `d` dimensions the first `d` hyperparameters are searched and the others stay at their defaults. Some act only beside
certain values of others, as in practice: `degree` with one kernel, `max_samples` with a bootstrap.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray
from sklearn.compose import TransformedTargetRegressor
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import ElasticNet
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, QuantileTransformer, StandardScaler
from sklearn.svm import SVC

from problems.space import Categorical, Config, Float, Floats, Int, Parameter, Scalar


class Estimator(Protocol):
    """What is needed of scikit-learn's estimators."""

    def fit(self, inputs: Floats, targets: NDArray[Any]) -> "Estimator":
        """Learn from inputs (n, p) and targets (n,); returns itself."""
        ...

    def predict(self, inputs: Floats) -> NDArray[Any]:
        """Classes or numbers (m,) for inputs (m, p)."""
        ...

    def score(self, inputs: Floats, targets: NDArray[Any]) -> float:
        """Accuracy of a classifier, R² of a regressor; 1 is perfect."""
        ...


@dataclass(frozen=True)
class Model:
    """What can be set about an estimator, and how it is made."""

    hyperparameters: tuple[tuple[Parameter, Scalar], ...]  # each with its default
    build: Callable[[Config, int], Estimator]  # a value for every hyperparameter, and the `random_state`
    source: str

    @property
    def defaults(self) -> Config:
        """Every hyperparameter at its default."""
        return {parameter.name: default for parameter, default in self.hyperparameters}


SCALINGS: Mapping[str, Callable[[], Any]] = {
    "standard": StandardScaler,
    "min-max": MinMaxScaler,
    # 100 quantiles: more than the smallest fold's cases would draw a warning
    "uniform-ranks": lambda: QuantileTransformer(n_quantiles=100, output_distribution="uniform"),
    "normal-ranks": lambda: QuantileTransformer(n_quantiles=100, output_distribution="normal"),
}


def _components(count: int) -> PCA:
    return PCA(count, svd_solver="full")  # the solver that "auto" takes depends on the shape, and one of them is random


def _svm(settings: Config, seed: int) -> Estimator:
    classifier = SVC(
        C=settings["C"],
        gamma=settings["gamma"],
        kernel=settings["kernel"],
        degree=settings["degree"],
        coef0=settings["coef0"],
        random_state=seed,  # it has no effect here, but without it numpy's global state would be read
    )
    estimator: Estimator = make_pipeline(
        SCALINGS[settings["scaling"]](), _components(settings["components"]), classifier
    )
    return estimator


SVM = Model(
    hyperparameters=(
        (Float("C", 1e-3, 1e3, log=True), 1.0),
        (Float("gamma", 1e-5, 1.0, log=True), 0.01),
        (Categorical("kernel", ("rbf", "poly", "sigmoid", "linear")), "rbf"),
        (Categorical("scaling", ("standard", "min-max")), "standard"),
        (Int("components", 2, 64, log=True), 64),  # of a principal component analysis; 64 only rotates
        (Int("degree", 2, 5), 3),  # of the kernel "poly"
        (Float("coef0", -1.0, 1.0), 0.0),  # of the kernels "poly" and "sigmoid"
    ),
    build=_svm,
    source="support vector machine (Cortes & Vapnik 1995)",
)


def _neighbours(settings: Config, seed: int) -> Estimator:
    classifier = KNeighborsClassifier(
        n_neighbors=settings["n_neighbors"],
        metric=settings["metric"],
        weights=settings["weights"],
        algorithm="brute",  # the only one that knows every metric, and the fastest for a few hundred cases
        n_jobs=1,
    )
    estimator: Estimator = make_pipeline(
        SCALINGS[settings["scaling"]](), _components(settings["components"]), classifier
    )
    return estimator


NEIGHBOURS = Model(
    hyperparameters=(
        (Int("n_neighbors", 1, 100, log=True), 5),
        (Int("components", 2, 64, log=True), 64),
        (Categorical("metric", ("euclidean", "manhattan", "chebyshev", "cosine")), "euclidean"),
        (Categorical("weights", ("uniform", "distance")), "uniform"),
        (Categorical("scaling", ("standard", "min-max")), "standard"),
    ),
    build=_neighbours,
    source="nearest neighbours (Cover & Hart 1967)",
)


def _forest(settings: Config, seed: int) -> Estimator:
    estimator: Estimator = RandomForestClassifier(
        max_features=settings["max_features"],
        min_samples_leaf=settings["min_samples_leaf"],
        max_depth=settings["max_depth"],
        n_estimators=settings["n_estimators"],
        criterion=settings["criterion"],
        bootstrap=settings["bootstrap"],
        max_samples=settings["max_samples"] if settings["bootstrap"] else None,  # refused without a bootstrap
        n_jobs=1,
        random_state=seed,
    )
    return estimator


FOREST = Model(
    hyperparameters=(
        (Float("max_features", 1 / 64, 1.0, log=True), 0.125),  # share of the 64 pixels; the square root is 8
        (Int("min_samples_leaf", 1, 50, log=True), 1),
        (Int("max_depth", 1, 20), 20),
        (Int("n_estimators", 4, 32, log=True), 16),
        (Categorical("criterion", ("gini", "entropy")), "gini"),
        (Categorical("bootstrap", (True, False)), True),
        (Float("max_samples", 0.1, 1.0), 1.0),  # share of the cases that a bootstrap draws
    ),
    build=_forest,
    source="random forest (Breiman 2001)",
)


def _boosting(settings: Config, seed: int) -> Estimator:
    estimator: Estimator = HistGradientBoostingRegressor(
        learning_rate=settings["learning_rate"],
        max_iter=settings["max_iter"],
        max_leaf_nodes=settings["max_leaf_nodes"],
        min_samples_leaf=settings["min_samples_leaf"],
        max_features=settings["max_features"],
        l2_regularization=settings["l2_regularization"],
        loss=settings["loss"],
        max_bins=settings["max_bins"],
        early_stopping=False,
        random_state=seed,
    )
    return estimator


BOOSTING = Model(
    hyperparameters=(
        (Float("learning_rate", 0.01, 1.0, log=True), 0.1),
        (Int("max_iter", 10, 100, log=True), 40),
        (Int("max_leaf_nodes", 2, 31, log=True), 8),
        (Int("min_samples_leaf", 1, 50, log=True), 20),
        (Float("max_features", 0.1, 1.0), 1.0),  # share of the ten features that a split may choose from
        (Float("l2_regularization", 1e-4, 1e2, log=True), 1e-4),  # the library's 0 is on no log scale; this is as good
        (Categorical("loss", ("squared_error", "absolute_error", "poisson", "gamma")), "squared_error"),
        (Int("max_bins", 2, 255, log=True), 255),
    ),
    build=_boosting,
    source="histogram gradient boosting (Friedman 2001; Ke et al. 2017)",
)


def _elastic_net(settings: Config, seed: int) -> Estimator:
    features = PolynomialFeatures(settings["degree"], interaction_only=settings["interaction_only"], include_bias=False)
    # looser than the default, and cut short: weak penalties on hundreds of monomials take thousands of sweeps
    regressor = ElasticNet(settings["alpha"], l1_ratio=settings["l1_ratio"], tol=1e-3, max_iter=1000, random_state=seed)
    estimator: Estimator = TransformedTargetRegressor(
        make_pipeline(SCALINGS[settings["scaling"]](), features, StandardScaler(), regressor),
        transformer=StandardScaler(),  # so that `alpha` has no unit
    )
    return estimator


ELASTIC_NET = Model(
    hyperparameters=(
        (Float("alpha", 1e-3, 10.0, log=True), 0.1),
        (Int("degree", 1, 3), 2),  # of the polynomial: 10, 65 or 285 monomials
        (Float("l1_ratio", 0.0, 1.0), 0.5),  # 0 is the ridge, 1 the lasso
        (Categorical("interaction_only", (False, True)), False),  # whether monomials hold no square of a feature
        (Categorical("scaling", ("standard", "uniform-ranks", "normal-ranks")), "standard"),
    ),
    build=_elastic_net,
    source="elastic net (Zou & Hastie 2005) on polynomial features",
)
