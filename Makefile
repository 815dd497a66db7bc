# Two commands for a newcomer: "make run" and "make test". "make help" lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Stamps hold the lock that was installed: a changed lock is installed, an equal one not.
RUN_STAMP := $(VENV)/requirements.lock
DEV_STAMP := $(VENV)/requirements-dev.lock
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run dev test lint format lock coverage chromium clean audit licences

help:  ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(RUN_STAMP)  ## Run the archive: database, site and worker
	@exec $(BIN)/python manage.py serve

dev: $(DEV_STAMP)  ## Install what tests, lint and benchmarks need

# Files are shared out among processes, each with a database of its own.
test: $(DEV_STAMP) chromium  ## Run every test, on PostgreSQL and in a real browser
	@exec $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

lint: $(DEV_STAMP)  ## Check style, types, layers, templates, schema and settings
	@exec $(BIN)/prek run --all-files

format: $(DEV_STAMP)  ## Format code and templates
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .
	git ls-files -z -- '*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2

coverage: $(DEV_STAMP) chromium  ## Run the tests and show what of the code they reach
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report --skip-covered --show-missing
	$(BIN)/coverage report --include='search/analysis/*,search/engine/*,search/conf.py,search/results.py' --fail-under=100

audit: $(DEV_STAMP)  ## Ask what is known against the packages that run here (network)
	@$(BIN)/python -m tests.advisories

licences: $(DEV_STAMP)  ## List the packages that run here with their licences
	@$(BIN)/python -m tests.licences

lock: $(DEV_STAMP)  ## Remake both lock files from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --upgrade pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --constraint requirements.lock --group pyproject.toml:dev pyproject.toml -o requirements-dev.lock

# The browser of the tests: the one named, one that is there, Debian's, or Playwright's.
# Where none can be had the browser tests fail, and say what to install.
chromium: $(DEV_STAMP)
	@$(BIN)/python -m tests.browser.chromium --install

clean:  ## Remove what was installed and cached, and keep the data in var/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Newsarchive needs Python 3.11 or newer, and $(PYTHON) is none. Name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python cannot make virtual environments here. On Debian: apt-get install python3-venv"; exit 1; }

# What runs the archive is part of the development lock too: either stamp will do.
$(RUN_STAMP): requirements.lock | $(BIN)/python
	@cmp -s requirements-dev.lock $(DEV_STAMP) || { echo "Installing what the archive needs ..."; $(INSTALL) -r requirements.lock; }
	@cp requirements.lock $@

$(DEV_STAMP): requirements-dev.lock requirements.lock | $(BIN)/python
	@echo "Installing what tests and lint need ..."
	@$(INSTALL) -r requirements-dev.lock
	@cp requirements.lock $(RUN_STAMP)
	@cp requirements-dev.lock $@
