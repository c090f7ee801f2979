# Everything runs from a clean clone with make and Python 3.11 or later; nothing asks a question.

PYTHON ?= $(firstword $(foreach name,python3.14 python3.13 python3.12 python3.11 python3,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
PYTEST := $(BIN)/python -m pytest
UV ?= uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" pyproject.toml --extra build
BOUNDS_CACHE := .cache/bounds-checked
AGAIN := --quiet -n 2 --hypothesis-profile again

.DEFAULT_GOAL := help
.PHONY: help install install-test serve warm programs test test-engine-plain test-engine-bounds \
	test-clients test-main lint format schema bench coverage image-check lock clean

help: ## say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

.venv/runtime.stamp: requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed." >&2; exit 1; }
	@echo "Installing the locked requirements into .venv"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes --requirement requirements.lock
	@touch $@

.venv/install.stamp: .venv/runtime.stamp pyproject.toml
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

.venv/test.stamp: .venv/install.stamp requirements-test.lock
	@echo "Installing what the tests need into .venv"
	@$(PIP) install --require-hashes --requirement requirements-test.lock
	@touch $@

install: .venv/install.stamp ## install what the service needs, nothing more

install-test: .venv/test.stamp ## install what the tests need as well

serve: install ## serve on this machine alone, with the published rule sets
	@$(BIN)/evenband serve

warm: install ## compile every kernel once, so that the first caller does not wait
	@$(BIN)/python -m engine.warm

programs: install-test ## install or name the programs outside Python that tests drive
	@$(BIN)/python -m tests.programs

lint: install-test ## check format, lint, types and import contracts
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo

format: install-test ## put the code into its one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# A failed step hides none of the others. The longest comes last: its summary closes the output.
test: ## set everything up and run everything
	@failed=; for step in programs lint test-engine-plain test-engine-bounds test-clients test-main; do \
		$(MAKE) --no-print-directory $$step || failed="$$failed $$step"; \
	done; test -z "$$failed" || { echo "Failed:$$failed" >&2; exit 1; }

test-engine-plain: install-test ## run the engine's tests as plain Python, without compiling
	@echo "The engine as plain Python"
	@NUMBA_DISABLE_JIT=1 $(PYTEST) $(AGAIN) -m "not slow_without_jit" tests/engine

# A compiled form that is found in a cache was made without the check, hence a cache of its own.
test-engine-bounds: install-test ## run the engine's tests with every index checked
	@echo "The engine with every index checked"
	@NUMBA_BOUNDSCHECK=1 EVENBAND_CACHE_DIR=$(BOUNDS_CACHE) $(PYTEST) $(AGAIN) -m "not slow_without_jit" \
		tests/engine

# A browser keeps an event loop running, which no other test may meet.
test-clients: install-test ## run the tests that drive a browser or a spreadsheet
	@echo "Pages in a browser, cells in a spreadsheet"
	@$(PYTEST) --quiet -n 2 --dist loadfile tests/clients

test-main: install-test ## run every other test
	@echo "Everything else"
	@$(PYTEST) -n 2 --dist loadgroup --ignore tests/clients

schema: install ## write the JSON Schemas of rule documents again
	@$(BIN)/python -m app.cli rules schema --write fixtures/schema
	@$(BIN)/python -m app.cli columns --write fixtures/schema --page docs/columns.md

bench: install-test ## print how fast the engine is, as ratios
	@$(BIN)/python -m tests.bench

image-check: install-test ## check the Dockerfile without a container engine
	@$(PYTEST) --quiet tests/house/test_image.py

coverage: install-test ## name the lines and branches of the engine that no test reaches
	@NUMBA_DISABLE_JIT=1 $(PYTEST) --quiet -n 2 -m "not slow_without_jit" tests/engine \
		--cov engine --cov-branch --cov-report term-missing:skip-covered

lock: ## pin every requirement again, with hashes and without an address; needs uv
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra test --constraints requirements.lock --output-file requirements-test.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --output-file tests/clients/generated/generator.lock \
		tests/clients/generated/generator.in

clean: ## remove what was made here
	rm -rf .venv .cache .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache \
		.ruff_cache build dist test-results
	find app engine evenband migrations tests -name __pycache__ -prune -exec rm -rf {} +
