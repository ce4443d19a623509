# Two commands do all:  make demo   (set up and run three nights of a made-up county)   and   make test
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 \
	&& $$p -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin

.PHONY: setup demo test check format notebooks bench lock clean setup-spark test-spark test-spark-night spark-check

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
	@$(BIN)/python -m pytest -n auto --dist loadscope

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python checks/no_secrets.py
	@$(BIN)/python checks/dependencies.py

format: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# the demo's home, or that of MONITOR_HOME; pages that open from a file and load nothing
notebooks: setup
	@test -n "$$MONITOR_HOME" -o -d var/demo/runs || $(BIN)/monitor demo
	@umask 077; MONITOR_HOME="$$(realpath "$${MONITOR_HOME:-var/demo}")" $(BIN)/jupyter-nbconvert --execute --to html --log-level WARN \
		--TemplateExporter.extra_template_basedirs=notebooks/templates --template page --output-dir var/notebooks notebooks/*.ipynb
	@echo "var/notebooks/*.html"

bench: setup
	@$(BIN)/python benchmarks/night.py run
	@$(BIN)/python benchmarks/night.py table > /dev/null

# monitor run --engine spark: an environment of its own; Java 17 comes from the system (Debian: apt install openjdk-17-jre-headless)
setup-spark: .venv-spark/.ready

.venv-spark/.ready: requirements-spark.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 with venv is needed" >&2; exit 2; }
	@echo "Setting up .venv-spark (about 1.5 GB, a few minutes; only this once) ..."
	@$(PYTHON) -m venv --clear .venv-spark
	@.venv-spark/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-spark.lock
	@.venv-spark/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch .venv-spark/.ready

# short queries: what the second compiler of Java saves does not pay for itself
test-spark: setup-spark
	@JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 .venv-spark/bin/python -m pytest tests/spark

# of these the whole night alone, which is what every change is checked by
test-spark-night: setup-spark
	@JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 .venv-spark/bin/python -m pytest tests/spark/test_same_nights.py

spark-check: setup-spark
	@.venv-spark/bin/python benchmarks/spark_same.py --sample --dirty --demo --persons 1000000
	@.venv-spark/bin/python benchmarks/night.py table > /dev/null

# after a change of dependencies in pyproject.toml; uv is needed for this target only
lock:
	@uv pip compile --quiet pyproject.toml --extra dev --extra notebooks --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--output-file requirements.lock
	@uv pip compile --quiet pyproject.toml --extra dev --extra spark --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --constraint requirements.lock --output-file requirements-spark.lock

clean:
	@rm -rf .venv .venv-spark var .pytest_cache .mypy_cache .ruff_cache
