# Two commands do all:  make demo   (set up and run three nights of a made-up county)   and   make test
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 \
	&& $$p -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin

.PHONY: setup demo test check format bench lock clean

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 with venv is needed (Debian: apt install python3 python3-venv). Name another: make PYTHON=/path/to/python setup" >&2; exit 2; }
	@echo "Setting up .venv (about 1 GB, a minute or two; only this once) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch .venv/.ready

demo: setup
	@$(BIN)/monitor demo

test: setup
	@$(BIN)/python -m pytest

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup
	@$(BIN)/python benchmarks/night.py

# after a change of dependencies in pyproject.toml; uv is needed for this target only
lock:
	@uv pip compile --quiet pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--output-file requirements.lock

clean:
	@rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache
