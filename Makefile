# Needs only Python 3.11 or newer and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: setup demo test check lowest browser bench fuzz mutants docs release-notes clean help

help:
	@echo "make demo      set up, write the brief of the Idlib case for 20 February 2020, print its path"
	@echo "make test      set up and run the tests"
	@echo "make check     lint, types, layers, tests, executed docs"
	@echo "make lowest    the same program with the lowest versions it declares"
	@echo "make browser   the tests that need Chromium"
	@echo "make bench     measure speed against peers"
	@echo "make fuzz      break the inputs of every reader, by the ten thousand; goes on where it was"
	@echo "make mutants   200 small faults: how many do the tests notice"
	@echo "make docs      regenerate the generated pages of the reference"
	@echo "make release-notes VERSION=X.Y.Z   join changelog.d into CHANGELOG.md"
	@echo "make clean     remove everything that was built"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Standoff needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade pip

$(VENV)/.core: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable ".[dev]"
	@touch $@ $(VENV)/.core

$(VENV)/.oracles: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable ".[dev,oracles,cluster]"
	@touch $@ $(VENV)/.dev $(VENV)/.core

setup: $(VENV)/.dev

demo: $(VENV)/.core
	$(BIN)/standoff brief idlib --on 2020-02-20 --out runs/demo/brief.html

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.oracles
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/standoff check idlib
	STANDOFF_ORACLES=required STANDOFF_THOROUGH=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lowest:
	.ci/lowest $(PYTHON)

browser: $(VENV)/.dev
	$(BIN)/python -m pytest -m browser tests/browser

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

fuzz: $(VENV)/.dev
	$(BIN)/python benchmarks/fuzz.py -n 10000 --state runs/fuzz.json

mutants: $(VENV)/.dev
	$(BIN)/python benchmarks/mutants.py -n 200 --seed 1

docs: $(VENV)/.dev
	$(BIN)/python docs/generate.py

release-notes: $(VENV)/bin/python
	$(BIN)/python docs/release_notes.py $(VERSION)

clean:
	rm -rf $(VENV) .venv-lowest runs build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .benchmarks .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
