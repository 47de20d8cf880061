# Socai: the tasks of the house. `make` alone lists them.
# Needs nothing but Python 3.11 to 3.14 with venv; PostgreSQL itself comes by the lock file.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOAK ?= 20
export UV_PYTHON_DOWNLOADS = never

.DEFAULT_GOAL := help
.PHONY: help setup graphiql demo test check bench soak sdl released shapes guard lock sbom secrets wheel

help: ## list these tasks
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 18

setup: $(VENV)/.ok ## make .venv from requirements.lock, and fetch GraphiQL's files

graphiql: ## fetch GraphiQL's files from npm again
	@$(PYTHON) service/static/fetch.py

demo: setup ## run the ledger with the 2018-2020 evaluation in it
	@$(BIN)/python -m service demo

# One more than there are processors: much of a test is waiting for a process that it started.
TESTERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# A container may forbid Python to keep what it compiled: every process would compile it all again.
test: export PYTHONDONTWRITEBYTECODE =
test: setup ## run every test, on a PostgreSQL for each of a few processes
	@$(BIN)/python -m pytest -n $(TESTERS) --maxprocesses 4 --dist loadfile

check: setup ## style, types, import directions, lock and compose files, known holes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyrefly check
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house/test_lock.py
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/python .ci/sbom.py
	$(BIN)/python .ci/audit.py

bench: setup ## measure what README promises (minutes; needs a quiet machine)
	@set -e; for each in $$(grep -l __main__ benchmarks/*.py); do \
		$(BIN)/python -m benchmarks.$$(basename $$each .py); \
	done; $(BIN)/python -m benchmarks.query; $(BIN)/python -m benchmarks.feed; \
	$(BIN)/python -m benchmarks.feed.catching_up

soak: setup ## the tests by chance with SOAK times as many faults and questions
	@SOCAI_SOAK=$(SOAK) $(BIN)/python -m pytest tests/events/test_faults.py \
		tests/events/test_append.py tests/schema/test_differential.py \
		tests/schema/test_everything_asked.py tests/service/feed/test_feed_faults.py -rP

sdl: setup ## write schema/schema.graphql anew from the code
	@$(BIN)/python -c 'from pathlib import Path; from schema.root import sdl; \
		Path("schema/schema.graphql").write_text(sdl(), encoding="utf-8")'

released: setup ## at a release: the schema and the shapes that clients rely on from now on
	@{ sed -n 's/^version = "\(.*\)"/# The schema as released in \1./p' pyproject.toml; \
		cat schema/schema.graphql; } > docs/reference/released.graphql
	@$(BIN)/python -m events.shapes $$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

shapes: setup ## write docs/reference/events.*, refusals.md and asyncapi.json anew from the code
	@$(BIN)/python -m events.shapes
	@$(BIN)/python -m schema.contract

guard: setup ## write events/guard.json anew, after a new migration
	@PYTHONPATH=. $(BIN)/python .ci/guard.py

lock: setup ## resolve every dependency anew into requirements.lock (needs the package index)
	@rm -f uv.lock
	@$(BIN)/uv export --quiet --no-header --no-emit-project --all-groups --all-extras \
		--output-file requirements.lock
	@rm -f uv.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header tests/clients/python/requirements.txt \
		--output-file tests/clients/python/requirements.lock

sbom: setup ## write dist/socai-*.cdx.json: what the wheel and the image stand on
	@$(BIN)/python .ci/sbom.py

secrets: ## make the passwords that docker-compose.yml reads, where there are none
	@$(PYTHON) .ci/passwords.py

wheel: setup ## build dist/socai-*.whl
	@$(BIN)/python -m hatchling build --target wheel

$(VENV)/.ok: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || { \
		echo "Socai needs Python 3.11 to 3.14; '$(PYTHON)' is not. Try: make $(MAKECMDGOALS)" \
			"PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' has no venv. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# The lock file is all there is to install: it leaves out the namesakes of our rooms.
	@{ command -v uv >/dev/null && uv pip install --quiet --python $(BIN)/python \
			--no-deps --require-hashes -r requirements.lock; } || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
			--require-hashes -r requirements.lock
	@if test -e service/static/graphiql/graphiql.js; then :; \
		elif command -v npm >/dev/null; then $(BIN)/python service/static/fetch.py || \
			echo "GraphiQL's files could not be fetched; everything else works. Later: make graphiql"; \
		else echo "No npm here, so /graphiql has no files; everything else works." \
			"With npm: make graphiql"; fi
	@touch $@
