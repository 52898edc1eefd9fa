# Every target explains itself: make help.
PYTHON ?= python3
BIN := .venv/bin
# Whole files to two workers, in the order of the folders: the flows, which take longest, start early.
PYTEST := -q -n 2 --dist loadfile --no-loadscope-reorder
# Prefect and its telemetry stay silent; nothing below talks to anything but this machine.
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
UV ?= uv
ADVISORIES ?= https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip

.DEFAULT_GOAL := help
.PHONY: help env demo test test-deep lint types rooms check samples style bench-imports bench-status bench-notices bench-planning bench-report bench-portal bench-sweep bench-day cluster-test lock licences audit advisories sbom wheel clean

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

env: $(BIN)/.run ## Make the environment alone: .venv/bin/dondoc

demo: env ## Run the main job on the shipped samples, as of 5 September 2025
	@$(BIN)/dondoc demo

test: $(BIN)/.dev ## Run every test, on SQLite and on PostgreSQL
	@$(BIN)/pytest $(PYTEST)

test-deep: $(BIN)/.dev ## Run the same tests at full size: far longer than make test
	@DONDOC_DEEP=1 $(BIN)/pytest $(PYTEST)

lint: $(BIN)/.dev ## Check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(BIN)/.dev ## Check types
	@$(BIN)/mypy .

rooms: $(BIN)/.dev ## Check that imports go down only
	@$(BIN)/lint-imports

check: lint types rooms test ## Everything CI runs

style: ## Compile the portal's style from portal/style (needs Node; the result is committed)
	@cd portal/style && npm ci --silent --ignore-scripts && node build.mjs

samples: env ## Write the sample workbooks again from samples/*.csv
	@$(BIN)/python -m samples.build

bench-imports: $(BIN)/.benchmark ## Measure imports beside openpyxl and django-import-export (about ten minutes)
	@$(BIN)/python -m benchmarks.imports.run

bench-status: $(BIN)/.benchmark ## Measure a register of a million assignments beside hand-written SQL (about ten minutes)
	@$(BIN)/python -m benchmarks.status.run

bench-notices: $(BIN)/.benchmark ## Measure a thousand digests beside one plain SMTP connection
	@$(BIN)/python -m benchmarks.notifications.run

bench-planning: $(BIN)/.benchmark ## Measure planning the digests of 100,000 overdue assignments
	@$(BIN)/python -m benchmarks.planning.run

bench-report: $(BIN)/.benchmark ## Measure an edition for 56 agencies and 10,000 assignments
	@$(BIN)/python -m benchmarks.report.run

bench-portal: $(BIN)/.dev ## Measure pages over 100,000 assignments with twenty readers while a workbook is recorded
	@$(BIN)/python -m benchmarks.portal.run

bench-sweep: $(BIN)/.dev ## Sweep workbooks with one worker and with two
	@$(BIN)/python -m benchmarks.sweep.run

bench-day: $(BIN)/.dev ## Run a day of schedules in quick time and watch memory and open files
	@$(BIN)/python -m benchmarks.day.run

cluster-test: $(BIN)/.dev ## Kill one of two workers, cut the other off, and compare the end with a clean run (about five minutes)
	@$(BIN)/python -m benchmarks.cluster.run

lock: ## Compile requirements/*.txt from pyproject.toml (needs uv; UV=… says where it is)
	@$(UV) pip compile $(LOCK) --extra build -o requirements/run.txt
	@$(UV) pip compile $(LOCK) --extra build --extra dev -o requirements/dev.txt
	@$(UV) pip compile $(LOCK) --extra build --extra dev --extra benchmark -o requirements/benchmark.txt
	@sed -i '1s/.*/# Compiled from pyproject.toml with:/' requirements/run.txt requirements/dev.txt requirements/benchmark.txt

licences: $(BIN)/.dev ## Write down the licence of every locked package; fail for one that is not allowed
	@$(BIN)/python -m supply.licences

audit: $(BIN)/.dev ## Hold the locked packages against the committed advisories, offline
	@$(BIN)/python -m supply.audit

advisories: $(BIN)/.dev ## Take a new snapshot of advisories (the one target that needs the Internet, besides the packages)
	@mkdir -p var && curl --fail --silent --show-error --location --output var/advisories.zip $(ADVISORIES)
	@$(BIN)/python -m supply.advisories var/advisories.zip

# What is built bears the time of the last commit, so that it can be built again, byte for byte.
sbom wheel: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1577836800)

sbom: $(BIN)/.dev ## Write the bill of materials (CycloneDX) into dist
	@$(BIN)/python -m supply.sbom

wheel: $(BIN)/.dev ## Build the wheel twice into dist; fail when the two differ
	@$(BIN)/python -m supply.wheel

clean: ## Remove the environment and everything Dondoc wrote under var/
	rm -rf .venv var

LOCK := -q pyproject.toml --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Dondoc needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Set PYTHON=…") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv

$(BIN)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing Dondoc into .venv (about a minute) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(BIN)/.dev: requirements/dev.txt $(BIN)/.run
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

$(BIN)/.benchmark: requirements/benchmark.txt $(BIN)/.dev
	@echo "Installing what the product is measured against …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/benchmark.txt
	@touch $@
