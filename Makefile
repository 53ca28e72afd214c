# tinhso: every verb sets up what it needs. `make` alone lists them.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run stop check format test test-fast browser foreign bench catalog messages migrate seed shell system backup restore audit clean

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

setup: $(STAMP) ## install everything this checkout needs into .venv

run: $(STAMP) ## bring up a province, play one case, print addresses and accounts
	@$(BIN)/python -m tinhso.project.cli run

stop: $(STAMP) ## stop web, worker and the embedded database
	@$(BIN)/python -m tinhso.project.cli stop

check: $(STAMP) ## lint, types, rooms, catalog, migrations, translations
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/python manage.py check_catalog
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python tools/messages.py --check
	@$(BIN)/python tools/reference.py --check

format: $(STAMP) ## put the code in its form
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

browser: ## make sure a Chromium is there for the browser tests
	@tools/browser.sh

foreign: $(STAMP) ## install the foreign programs that single sign-on is proved with
	@tools/foreign.sh

test: $(STAMP) browser foreign check ## everything: checks, then all tests in parallel
	@$(BIN)/pytest -n 2 --dist loadgroup --durations=15

test-fast: $(STAMP) ## the tests without a browser and without slow ones
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not browser and not slow"

bench: $(STAMP) ## measure against a floor taken in the same run; results in bench/results
	@$(BIN)/python -m bench

catalog: $(STAMP) ## check every definition and run its examples
	@$(BIN)/python manage.py check_catalog

messages: $(STAMP) ## compile the translations
	@$(BIN)/python tools/messages.py

migrate: $(STAMP) ## bring the database to this version
	@$(BIN)/python manage.py migrate

seed: $(STAMP) ## load the catalog and the demonstration province
	@$(BIN)/python manage.py load_catalog && $(BIN)/python manage.py seed_province

shell: $(STAMP) ## Django's shell
	@$(BIN)/python manage.py shell

system: $(STAMP) ## start a new system: make system code=x name="Tên" name_en="Name"
	@$(BIN)/python tools/new_system.py $(code) "$(name)" "$(name_en)"

backup: $(STAMP) ## write database, files and keys to one folder: make backup to=DIR
	@$(BIN)/python -m tinhso.project.cli backup $(to)

restore: $(STAMP) ## read a backup into an empty installation: make restore from=DIR
	@$(BIN)/python -m tinhso.project.cli restore $(from)

audit: $(STAMP) ## prove that the log of acts is whole
	@$(BIN)/python manage.py verify_audit

clean: ## remove the environment (the data stays)
	@rm -rf $(VENV)
