# Everything begins here. `make help` says what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=

.PHONY: help up setup setup-test test lint bench demo clean lock openapi

help: ## say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## the virtual environment and the front end
	@PYTHON="$(PYTHON)" bash scripts/setup.sh

setup-test: ## setup, and what the tests need on top
	@PYTHON="$(PYTHON)" bash scripts/setup.sh --with-tests

up: setup ## set everything up and run it: page, workers, demo study
	@exec $(BIN)/python manage.py up

demo: setup ## load the demo study, once
	@$(BIN)/python manage.py demo

lint: setup-test ## read the code: ruff, mypy, import-linter, layout, eslint, tsc, docker compose config
	@bash scripts/lint.sh

test: setup-test ## everything that CI checks
	@bash scripts/lint.sh
	@bash scripts/test.sh

bench: setup-test ## the benchmarks, each beside its baseline
	@bash scripts/bench.sh

openapi: setup-test ## the API's schema, and the front end's client generated from it
	@bash scripts/openapi.sh

lock: ## compile requirements*.in into pinned requirements*.txt
	@bash scripts/lock.sh

clean: ## stop the embedded servers and remove what was built; asks before it removes data
	@bash scripts/clean.sh
