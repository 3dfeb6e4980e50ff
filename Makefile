# Sets the project up on a machine with git, make and Python 3.11+, runs it, checks it and tests it.
#
#   make run     [PORT=8000] [DATA_DIR=.data]   the application with the quick start's demo
#   make test                                   all tests
#   make check                                  format, lint, types, contracts
#   make manage  ARGS="apply -f x.yaml"         any management command
#   make format                                 formats the code
#   make setup                                  only what `make run` needs

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
ifdef DATA_DIR
export LOCKSTEP_DATA_DIR := $(DATA_DIR)
endif

# What Vite reads; a change of any of it builds the pages again.
PAGES := $(shell find static promotions/manifests/schemas -name dist -prune -o -type f -print 2>/dev/null)
BUILT := static/dist/manifest.json
# npm writes this file last, so it stands for a complete installation.
NODE_PACKAGES := node_modules/.package-lock.json

.PHONY: help setup run manage test check format

help:
	@sed -n 's/^#   /  /p' Makefile

setup: $(VENV)/.run-installed $(BUILT)

run: setup
	@exec $(BIN)/python manage.py up --demo $(if $(PORT),--port $(PORT))

manage: $(VENV)/.run-installed
	@exec $(BIN)/python manage.py $(ARGS)

test: $(VENV)/.dev-installed $(BUILT)
	@exec $(BIN)/python scripts/run_tests.py

check: $(VENV)/.dev-installed $(BUILT)
	@exec $(BIN)/python scripts/run_checks.py

format: $(VENV)/.dev-installed
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

$(BIN)/python:
	@python=$$(scripts/find_python.sh) && echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)

$(VENV)/.run-installed: requirements/base.txt | $(BIN)/python
	$(BIN)/pip install --quiet --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.dev-installed: requirements/dev.txt $(VENV)/.run-installed
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(NODE_PACKAGES): package-lock.json | $(VENV)/.run-installed
	$(BIN)/npm ci --no-fund --no-audit --loglevel=error
	@touch $@

$(BUILT): $(PAGES) vite.config.ts package.json | $(NODE_PACKAGES)
	$(BIN)/npm run --silent build -- --logLevel warn --emptyOutDir
	@touch $@
