# Each target is one line that calls the same tools you would; `make` alone lists them.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
BIN = $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run demo setup test check format bench golden lock screenshots

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

run: $(VENV)/.run ## fresh machine -> running system on http://127.0.0.1:8000 (PORT=); Ctrl-C ends it
	@exec $(BIN)/sukma serve --port $(PORT)

demo: $(VENV)/.run ## the same in a throw-away folder, with seeded answers over four quarters
	@exec $(BIN)/sukma demo --port $(PORT)

setup: $(VENV)/.dev ## the venv with everything installed; .venv/bin/sukma is ready
	@$(BIN)/python -m compileall -q form_backend generator skm sukma  # a service may not write here, and would compile at every start

test: $(VENV)/.dev ## every test, real browser included
	@BIN=$(BIN) sh tests/run

check: $(VENV)/.dev ## format, lint, types, architecture, docs
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/pytest -q tests/test_architecture.py tests/test_docs.py

format: $(VENV)/.dev ## rewrite the code in the house format
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: $(VENV)/.dev ## the benchmarks, tables of ratios
	$(BIN)/python -m bench

golden: $(VENV)/.dev ## refresh the golden files (review the diff)
	$(BIN)/pytest -q tests/generator/test_golden.py tests/test_plan_command.py --refresh-golden

screenshots: $(VENV)/.dev ## the README's pictures, from a demo site; INTO=folder: every page that citizens meet
	$(BIN)/python docs/screenshots.py $(INTO)

lock: $(VENV)/.dev ## resolve the lock files anew
	$(BIN)/pip install -q uv && BIN=$(BIN) sh tests/lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "SuKMa-e needs Python 3.11 or newer; set PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Could not make $(VENV): install the venv module (Debian: apt-get install python3-venv)" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . && touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock && touch $@
