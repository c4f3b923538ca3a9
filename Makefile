# The façade: everything a newcomer, a scheduler or a robot asks of this checkout. `make help` lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

# The first interpreter that runs and that we support. It is run, not only looked up: a version manager may offer
# a name that it cannot start. `make env PYTHON=/path/to/python` overrides.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c '$(SUPPORTED)' >/dev/null 2>&1 && echo $$python && break; done)

# uv from PATH, else our own copy: the lock and its hashes decide what is installed, not the version of uv.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .tools/bin/uv)
OWN_UV := $(filter .tools/%,$(UV))
STAMP := .venv/.synced
BIN := .venv/bin

# Nothing that we run reports home. A cold machine may need more than Prefect's 20 seconds to start its server.
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS ?= 90
# Only the interpreter chosen above; never one fetched unasked.
export UV_PYTHON_DOWNLOADS := never
# Trust what this machine trusts: many companies reach the world through a proxy with a certificate of their own.
export UV_SYSTEM_CERTS ?= true

.PHONY: help env demo test lint lock bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do \
		printf '  make %-6s %s\n' "$$name" "$$what"; done

env: $(STAMP) ## the environment in .venv, exactly as requirements.lock says

$(STAMP): requirements.lock pyproject.toml | $(OWN_UV)
	@test -n "$(PYTHON)" || { echo "Shoji needs Python 3.11, 3.12 or 3.13, and none was found on PATH." \
		"Install one, or name it: make env PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c '$(SUPPORTED)' || { echo "$(PYTHON) does not start or is not Python 3.11, 3.12 or 3.13." \
		"Name another one: make env PYTHON=/path/to/python3.11" >&2; exit 1; }
	@# A .venv that is missing, or whose interpreter is gone, is made anew.
	@$(BIN)/python -c '$(SUPPORTED)' 2>/dev/null || $(UV) venv --quiet --clear --no-project --python "$(PYTHON)" .venv
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@# The build tool comes from the lock as well: no isolation, nothing fetched past the hashes.
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "environment ready: $$($(BIN)/python --version) in .venv"

.tools/bin/uv:
	@test -n "$(PYTHON)" || { echo "Shoji needs Python 3.11, 3.12 or 3.13, and none was found on PATH." \
		"Install one, or name it: make env PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "uv is not on PATH: putting a copy into .tools"
	@# --target: a Python managed by the operating system refuses any other install outside a venv.
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then \
		$(PYTHON) -m pip install -qq --disable-pip-version-check --upgrade --target .tools uv; \
	else \
		$(PYTHON) -m venv .tools/venv && .tools/venv/bin/python -m pip install -qq --disable-pip-version-check uv \
			&& mkdir -p .tools/bin && ln -sf ../venv/bin/uv .tools/bin/uv; \
	fi || { echo "uv could not be installed. Install uv (or pip, or python3-venv) and run make env again." >&2; exit 1; }
	@$@ --version >/dev/null

demo: env ## the shipped synthetic survey, all the way to a release folder
	@$(BIN)/shoji demo

test: env ## the tests; ARGS="-k primary -x" is handed to pytest
	@$(BIN)/python -m pytest $(ARGS)

lint: env ## style, format, and the walls between the rooms
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

lock: | $(OWN_UV) ## resolve requirements.lock anew, for Python 3.11 to 3.13 (UPGRADE=--upgrade for newer versions)
	@# No header, index or annotation: the lock holds names, versions and hashes, no address and no path.
	@$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links \
		--quiet $(UPGRADE) --output-file requirements.lock

bench: env ## the slow tests, then every benchmark (one JSON object a line)
	@$(BIN)/python -m pytest -m slow $(ARGS) || test $$? -eq 5
	@for benchmark in benchmarks/*.py; do \
		test ! -f "$$benchmark" || $(BIN)/python "$$benchmark" --json || exit 1; done

clean: ## remove the environment and the caches; var/ (your data) stays
	@rm -rf .venv .tools .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist ./*.egg-info
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
