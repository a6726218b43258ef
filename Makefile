# Every target makes its environment first; both are quick the second time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup bench reproduce test torture benchmark docs clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[all,dev]" --constraint constraints.txt
	touch $@

bench: setup
	$(BIN)/python -m bench run --dims 2..10

reproduce: setup
	$(BIN)/python -m bench reproduce random-beats-grid

# Some libraries need an environment of their own; where it cannot be made, their tests are skipped.
.venvs/%: strategies/environments/%.txt | $(STAMP)
	rm -rf $@
	-$(BIN)/python -m bench setup $*

test: setup .venvs/wandb .venvs/nevergrad
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# Every fault of the tests, many times; says what each cost, and writes docs/torture.md. Atheris has no wheel for every
# Python: without it the parsers get mutated examples alone, and the page says so.
torture: setup
	-$(BIN)/python -m pip install --quiet --only-binary :all: atheris --constraint constraints.txt
	$(BIN)/python scripts/torture.py

benchmark: setup
	$(BIN)/python -m pytest tests/benchmarks --benchmark-only --benchmark-columns=median,min,rounds

# A site that opens from disk: site/index.html.
docs: setup
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet

clean:
	rm -rf $(VENV) .venvs build dist site *.egg-info
