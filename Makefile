# Everything runs from a clean clone with make and Python 3.11 or later; nothing asks a question.

PYTHON ?= $(firstword $(foreach name,python3.14 python3.13 python3.12 python3.11 python3,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
PYTEST := $(BIN)/python -m pytest
UV ?= uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"
UNFINISHED := .cache/unfinished
CHECKED := NUMBA_BOUNDSCHECK=1 EVENBAND_CACHE_DIR=.cache/bounds-checked
# Neither the browser nor the description of the API is asked, and each process would load both.
AGAIN := --quiet -n 2 -p no:playwright -p no:schemathesis --hypothesis-profile again -m "not slow_without_jit and not without_kernels"
# Hundreds of processes read the same sources: each is translated once, whatever the surroundings say.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install install-test serve warm warm-checked programs test test-engine-plain test-engine-bounds \
	test-clients test-main storm lint format schema accessibility bench load coverage image-check lock sbom wheel deploy clean unfinished

help: ## say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

# A set-up that was stopped leaves its mark, which stands outside .venv and goes last: what is half
# there is then removed and made again. An environment without pip was stopped while it was made.
.venv/made.stamp: $(if $(wildcard $(UNFINISHED)),unfinished)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed." >&2; exit 1; }
	@mkdir -p .cache
	@if test -e $(UNFINISHED) || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		touch $(UNFINISHED) && rm -rf .venv && $(PYTHON) -m venv .venv && rm $(UNFINISHED); fi
	@touch $@

unfinished:
	@echo "An earlier set-up was stopped; making .venv again"

.venv/runtime.stamp: .venv/made.stamp requirements.lock requirements-build.lock
	@echo "Installing the locked requirements into .venv"
	@mkdir -p $(dir $(UNFINISHED)) && touch $(UNFINISHED)
	@$(PIP) install --no-compile --require-hashes --requirement requirements.lock --requirement requirements-build.lock
	@touch $@ && rm $(UNFINISHED)

.venv/install.stamp: .venv/runtime.stamp pyproject.toml
	@mkdir -p $(dir $(UNFINISHED)) && touch $(UNFINISHED)
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@ && rm $(UNFINISHED)

.venv/test.stamp: .venv/install.stamp requirements-test.lock
	@echo "Installing what the tests need into .venv"
	@mkdir -p $(dir $(UNFINISHED)) && touch $(UNFINISHED)
	@$(PIP) install --no-compile --require-hashes --requirement requirements-test.lock
	@touch $@ && rm $(UNFINISHED)

install: .venv/install.stamp ## install what the service needs, nothing more

install-test: .venv/test.stamp ## install what the tests need as well

serve: install ## serve on this machine alone, with the published rule sets
	@$(BIN)/evenband serve

warm: install ## compile every kernel once, so that the first caller does not wait
	@$(BIN)/python -m engine.warm

# A compiled form that is found in a cache was made without the check, hence a cache of its own.
warm-checked: install-test
	@$(CHECKED) $(BIN)/python -m engine.warm

programs: .venv/made.stamp ## install or name the programs outside Python that tests drive
	@$(BIN)/python -m tests.programs

# Types take a core to themselves for longer than all the others together.
lint: install-test ## check format, lint, types and import contracts
	@failed=; $(BIN)/mypy --no-error-summary & types=$$!; \
	$(BIN)/ruff format --check --quiet . || failed="$$failed format"; \
	$(BIN)/ruff check --quiet . || failed="$$failed rules"; \
	$(BIN)/lint-imports --no-logo || failed="$$failed imports"; \
	$(BIN)/deptry . || failed="$$failed requirements"; \
	wait $$types || failed="$$failed types"; \
	test -z "$$failed" || { echo "Failed of the lint:$$failed" >&2; exit 1; }

format: install-test ## put the code into its one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# A failed step hides none of the others. The longest comes last: its summary closes the output.
# Packages of Debian arrive beside what needs none of them, and kernels are compiled while types are
# checked. No second make may run beside a set-up: it would find the mark of the one that is under
# way, and begin it again.
test: .venv/made.stamp ## set everything up and run everything
	@failed=; $(BIN)/python -m tests.programs & programs=$$!; \
	$(MAKE) --no-print-directory install-test || { \
		wait $$programs; echo "Failed: install-test" >&2; exit 1; }; \
	$(MAKE) --no-print-directory lint & lint=$$!; \
	$(MAKE) --no-print-directory warm warm-checked || failed="$$failed warm"; \
	wait $$lint || failed="$$failed lint"; \
	for step in test-engine-plain test-engine-bounds; do \
		$(MAKE) --no-print-directory $$step || failed="$$failed $$step"; \
	done; \
	wait $$programs || failed="$$failed programs"; \
	for step in test-clients test-main; do \
		$(MAKE) --no-print-directory $$step || failed="$$failed $$step"; \
	done; test -z "$$failed" || { echo "Failed:$$failed" >&2; exit 1; }

test-engine-plain: install-test ## run the engine's tests as plain Python, without compiling
	@echo "The engine as plain Python"
	@NUMBA_DISABLE_JIT=1 $(PYTEST) $(AGAIN) tests/engine

test-engine-bounds: install-test warm-checked ## run the engine's tests with every index checked
	@echo "The engine with every index checked"
	@$(CHECKED) $(PYTEST) $(AGAIN) tests/engine

# A browser keeps an event loop running, which no other test may meet.
test-clients: install-test ## run the tests that drive a browser or a spreadsheet
	@echo "Pages in a browser, cells in a spreadsheet"
	@$(PYTEST) --quiet -n 2 --dist loadfile --no-loadscope-reorder tests/clients

test-main: install-test ## run every other test
	@echo "Everything else"
	@$(PYTEST) -n 2 --dist loadgroup --ignore tests/clients

# The figures are printed; every day's tests try a few draws of each.
storm: install-test ## try kills and odd requests at full number, which takes two hours
	@EVENBAND_STORM=whole $(PYTEST) --quiet -n 0 -s tests/storm tests/app tests/engine \
		tests/house/test_set_up.py tests/clients/test_cluster.py

schema: install ## write the JSON Schemas of rule documents again
	@$(BIN)/python -m app.cli rules schema --write fixtures/schema
	@$(BIN)/python -m app.cli columns --write fixtures/schema --page docs/columns.md

accessibility: install-test ## try every page with axe, and write what the accessibility statement says
	@$(BIN)/python -m tests.clients.accessibility_record

bench: install-test ## print how fast the engine is, as ratios
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.whole_runs
	@$(BIN)/python -m tests.bench.candidates
	@$(BIN)/python -m tests.bench.million
	@$(BIN)/python -m tests.bench.school_candidates

load: install-test ## try the real service under more callers than it has cores, and fail where a bound is not held
	@$(BIN)/python -m tests.load

image-check: install-test ## check the Dockerfile without a container engine
	@$(PYTEST) --quiet tests/house/test_image.py

coverage: install-test ## name the lines and branches of the engine that no test reaches
	@NUMBA_DISABLE_JIT=1 $(PYTEST) --quiet -n 2 -m "not slow_without_jit" tests/engine \
		--cov engine --cov-branch --cov-report term-missing:skip-covered

lock: ## pin every requirement again, with hashes and without an address; needs uv
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) --group pyproject.toml:build --constraints requirements.lock --output-file requirements-build.lock
	$(COMPILE) pyproject.toml --extra cluster --constraints requirements.lock \
		--constraints requirements-build.lock --output-file requirements-cluster.lock
	$(COMPILE) pyproject.toml --extra test --extra cluster --constraints requirements-cluster.lock \
		--constraints requirements-build.lock --output-file requirements-test.lock

sbom: install-test ## write what the service is made of into dist/, as CycloneDX, from requirements.lock
	@mkdir -p dist
	@$(BIN)/python -m tests.bill_of_materials dist/evenband.cdx.json

storm-set-up: install-test ## of the storm, stop a set-up at twenty moments, and hold each next call to make it whole
	@EVENBAND_STORM=whole $(PYTEST) --quiet -n 0 -s tests/storm/test_set_up.py tests/house/test_set_up.py

wheel: .venv/made.stamp ## build the wheel into dist/
	@$(PIP) install --require-hashes --requirement requirements-build.lock
	@$(PIP) wheel --no-build-isolation --no-deps --wheel-dir dist .

# What an image holds: the wheel and its locked requirements, and neither pip nor the checkout.
deploy: wheel ## install the wheel and what it needs, nothing else, into a new environment at PREFIX
	@test -n "$(PREFIX)" || { echo "Say where, for example: make deploy PREFIX=/opt/evenband" >&2; exit 1; }
	@$(PYTHON) -m venv --without-pip $(PREFIX)
	@$(PIP) --python $(PREFIX)/bin/python install --require-hashes --requirement requirements.lock
	@$(PIP) --python $(PREFIX)/bin/python install --no-deps dist/*.whl

clean: ## remove what was made here
	rm -rf .venv .cache .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache \
		.ruff_cache build dist test-results
	find app engine evenband migrations tests -name __pycache__ -prune -exec rm -rf {} +
