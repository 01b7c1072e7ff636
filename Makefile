# Needs only Python 3.11 or newer and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: setup locked lock sbom demo test check lowest matrix browser bench fuzz mutants docs release-notes clean help

help:
	@echo "make demo      set up, write the brief of the Idlib case for 20 February 2020, print its path"
	@echo "make test      set up and run the tests"
	@echo "make check     lint, types, layers, tests, executed docs"
	@echo "make lowest    the same program with the lowest versions it declares"
	@echo "make matrix    the same program with every Python from 3.11 to 3.13 that is here"
	@echo "make locked    set up from the lock: the versions of everything, each checked by its hash"
	@echo "make lock      resolve the lock again"
	@echo "make sbom      write the bill of materials: what an installation consists of, for a release"
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

# The versions of requirements/dev.txt and no others, each file checked by its hash.
locked: $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	$(PIP) install --quiet --no-deps --editable .
	@touch $(VENV)/.dev $(VENV)/.core

lock: $(VENV)/bin/python
	$(PIP) install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 --upgrade --quiet \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements/dev.txt

# Of an installation without extras, in an environment of its own.
sbom: $(VENV)/bin/python
	$(PYTHON) -m venv --clear .venv-sbom
	.venv-sbom/bin/python -m pip --disable-pip-version-check install --quiet .
	$(PIP) install --quiet cyclonedx-bom
	mkdir -p dist
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-format JSON \
	  --output-file dist/standoff-$$(.venv-sbom/bin/standoff --version | awk '{print $$NF}').cdx.json .venv-sbom/bin/python

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

matrix:
	.ci/matrix

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
	rm -rf $(VENV) .venv-* runs build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .benchmarks .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
