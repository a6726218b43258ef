"""The configs that were proposed, so that none is proposed twice while another is left."""

from collections.abc import Iterator
from typing import TypeAlias

from numpy.random import Generator

from problems.space import Config, SearchSpace

Key: TypeAlias = tuple[tuple[type, object], ...]

DRAWS = 100  # before a nearly exhausted space is searched in order
MOST_LEVELS = 10_000  # of a parameter, in that search


class Proposed:
    """A set of configs of one space."""

    def __init__(self, space: SearchSpace) -> None:
        self._space = space
        self._keys: set[Key] = set()

    def __contains__(self, config: Config) -> bool:
        return key_of(config) in self._keys

    def add(self, config: Config) -> None:
        """Take `config` in."""
        self._keys.add(key_of(config))

    @property
    def is_everything(self) -> bool:
        """Whether no config of the space is left."""
        return len(self._keys) >= self._space.cardinality

    def another(self, rng: Generator) -> Config:
        """A config that was not yet proposed; raises `RuntimeError` when there is none."""
        for config in self._all(rng):
            if config not in self:
                return config
        raise RuntimeError(f"a space of {self._space.cardinality} configs has none left after {len(self._keys)}")

    def _all(self, rng: Generator) -> Iterator[Config]:
        """Random draws; then every config in order."""
        for _ in range(DRAWS):
            yield self._space.sample(rng)
        yield from self._space.grid([int(min(parameter.cardinality, MOST_LEVELS)) for parameter in self._space])


def key_of(config: Config) -> Key:
    """What makes a config the same; by type too, since 1 == True."""
    return tuple((type(value), value) for value in config.values())
