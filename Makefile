# Every command a contributor types. Only python3, make and git are assumed.
PYTHON ?= python3
BIN := .venv/bin
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix frontend run --silent

# Without Django, which these tests do not need and which takes longer to start than they do.
CORE := -o addopts= --import-mode=importlib --strict-markers --noconftest \
	-p no:django -p no:xdist -p no:randomly -p tests.plugins.core --core

.PHONY: help run test core check bench live docs messages assets lock

help:  ## say what there is
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## */\t/' | expand -t 12

run:  ## start Loa on this machine; Ctrl-C stops it
	@$(PYTHON) bootstrap.py run
	@exec $(BIN)/loa up

test:  ## everything that is checked before a change is accepted
	@$(PYTHON) bootstrap.py test
	@$(MAKE) --no-print-directory check
	@$(BIN)/pytest -n auto --dist worksteal -m "not live" --ignore=tests/house_rules $(ARGS)

core:  ## the pure tests: rules, kernel, connectors, platforms; no database
	@$(PYTHON) bootstrap.py environment
	@$(BIN)/pytest -q $(CORE) $(ARGS)

check:  ## linters, types, import contracts, translations
	@$(PYTHON) bootstrap.py run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint loa
	$(NPM) check
	$(NPM) test
	$(BIN)/pytest -q -p no:randomly tests/house_rules

bench:  ## the figures of docs/reference/benchmarks.md; NAME=footprint runs one
	@$(PYTHON) bootstrap.py run
	@$(BIN)/loa bench $(or $(NAME),all) $(ARGS)

live:  ## connectors against the platforms' own reference servers on this machine
	@$(PYTHON) bootstrap.py run
	@$(BIN)/pytest -m live $(ARGS)

docs:  ## the pictures of the documentation
	@$(PYTHON) bootstrap.py test
	@$(BIN)/python docs/screenshots.py $(ARGS)

messages:  ## compile the translations
	@$(PYTHON) bootstrap.py messages

assets:  ## build styles and scripts
	@$(PYTHON) bootstrap.py assets

lock:  ## write requirements.lock anew from pyproject.toml
	@$(PYTHON) bootstrap.py lock
