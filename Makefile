# The project's commands, from nothing: `make` lists them. Needed: Python 3.11 or newer, make and a package registry.

PYTHON ?= python3
ARGS ?=
MIRROR ?=
BUNDLE ?=
OLD ?=
NEW ?=

BIN := .venv/bin
# The least version of Snakemake in pyproject.toml.
OLDEST := $(shell sed -n 's/.*"snakemake>=\(.*\)",/\1/p' pyproject.toml)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-build-isolation --no-compile
# pip compiles on one core, and packages' own tests, too.
COMPILE := $(BIN)/python -m compileall -q -j 0 -x '/tests?/' .venv/lib
# Files in the order of tests/conftest.py, not of their numbers of tests. One process more than there are cores, since tests of
# the workflow wait for Snakemake a third of their time.
PROCESSES = $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")
PYTEST = $(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder
UV := build/uv/bin/uv
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-annotate --upgrade

.DEFAULT_GOAL := help
.PHONY: help report paper demo verify search plan why sweep gc publish bundle site compare appendix test oldest lint bench reference lock clean

# Run an edition ($(1)) with flags ($(2)). What failed or was damaged is removed first, so that it is made again.
run = $(if $(filter -n --dry-run,$(ARGS)),,$(BIN)/python -m workflow sweep --edition $(1) &&) \
	$(BIN)/snakemake --cores all $(2)

# Snakemake looks for jobs anew each timespan after each job that has started: by its default of a second, hundreds of times
# a second in the end. A run ends up to a timespan later.
OFTEN := --max-jobs-per-timespan 1000/10s
FROM_MIRROR = $(if $(MIRROR),--config mirror="$(MIRROR)")

# The bundle of a whole run of the paper edition.
REFERENCE := reference/paper-edition.zip

SEARCH = $(call run,config/search.yaml,search $(ARGS) $(OFTEN) --configfile config/search.yaml $(FROM_MIRROR))
choose = $(if $(filter -n --dry-run,$(ARGS)),true,$(BIN)/python -m workflow choose search $(1) --edition config/search.yaml)

help: ## list these commands
	@echo "usage: make COMMAND [ARGS=\"flags for the program it runs\"] [PYTHON=python3.12]"
	@awk -F ': .*## ' '/^[a-z]+: .*## / { printf "  %-8s %s\n", $$1, $$2 }' Makefile

report: .venv/run.stamp ## run the sample edition (five to ten minutes on two cores, no download) and publish its site
	@$(call run,config/config.yaml,$(ARGS))

paper: .venv/run.stamp ## run the paper edition (one to two hours on two cores); MIRROR=folder-or-URL takes the data from there
	@$(call run,config/paper.yaml,$(ARGS) $(OFTEN) --configfile config/paper.yaml $(FROM_MIRROR))

demo: .venv/run.stamp ## make the site of our own run of the paper edition (a minute and a half with set-up), which trains nothing
	@$(BIN)/python -m reports site $(REFERENCE) --output results/demo $(ARGS)

verify: .venv/run.stamp ## run what is missing of the paper edition, list how it differs from our own run, and fail if it does
	@$(call run,config/paper.yaml,bundle $(OFTEN) --configfile config/paper.yaml $(FROM_MIRROR))
	@$(BIN)/python -m reports compare $(REFERENCE) results/paper/bundle.zip --exit-code $(ARGS)

search: .venv/run.stamp ## try settings for the merge rules (about an hour) and write config/chosen.yaml; MIRROR as for paper
	@$(SEARCH)
	@$(call choose,short --keep 3)
	@$(SEARCH)
	@$(call choose,long)

plan: .venv/run.stamp ## say what `make paper` would run and about how long (ARGS="--edition config/config.yaml": make report)
	@$(BIN)/python -m workflow plan --edition config/paper.yaml $(ARGS)

why: .venv/run.stamp ## say what `make report` would make again and why (ARGS="--edition config/paper.yaml": make paper)
	@$(BIN)/python -m workflow why $(ARGS)

sweep: .venv/run.stamp ## remove what failed, was damaged or was timed on another machine, to be made again (ARGS as for why)
	@$(BIN)/python -m workflow sweep $(ARGS)

gc: .venv/run.stamp ## remove results that the code and configuration of now do not use (ARGS="--dry-run": only list them)
	@$(BIN)/python -m workflow gc $(ARGS)

publish: .venv/run.stamp ## make the site for any web host, a folder and a zip (ARGS="--configfile config/paper.yaml": paper edition)
	$(BIN)/snakemake --cores all publish $(ARGS)

bundle: .venv/run.stamp ## pack all that the site is made of, to publish it elsewhere (ARGS as for publish)
	$(BIN)/snakemake --cores all bundle $(ARGS)

site: .venv/run.stamp ## make the site of BUNDLE=file without running anything, for any web host
	$(BIN)/python -m reports site "$(BUNDLE)" $(ARGS)

compare: .venv/run.stamp ## list which verdicts and numbers differ between two bundles, OLD=file and NEW=file
	@$(BIN)/python -m reports compare "$(OLD)" "$(NEW)" $(ARGS)

appendix: .venv/run.stamp ## write Snakemake's own report of the last run, results/appendix.zip (ARGS as for publish)
	$(BIN)/snakemake --cores all --report results/appendix.zip $(ARGS)

# The loops are compiled first, once: processes that share the tests would each compile them for themselves.
test: .venv/dev.stamp ## run every test (ARGS="-k name" for some of them)
	-$(BIN)/snakemake --cores all --until compile_loops
	$(PYTEST) $(ARGS)

oldest: .venv/oldest.stamp ## test the DAG and a small run with the oldest Snakemake that pyproject.toml allows
	PYTHONPATH=$(CURDIR)/build/oldest $(PYTEST) \
		tests/workflow/test_dag.py::test_jobs_of_the_real_papers_and_comparisons tests/workflow/test_publish.py \
		tests/workflow/test_progress.py $(ARGS)

lint: .venv/dev.stamp ## check style, types and the workflow
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/mypy

bench: .venv/run.stamp ## measure speed against peers and the machine; writes results/benchmarks.csv
	@$(BIN)/python -c "import jax, torch" 2>/dev/null || $(PIP) --editable ".[bench]" \
		|| echo "JAX and PyTorch could not be installed: measuring without what is not there." >&2
	$(BIN)/python -m benchmarks $(ARGS)

reference: .venv/run.stamp ## write what is generated: JSON Schemas, tables of config/README.md, and what README.md and docs/findings.md say of the reference run
	@$(BIN)/python -m workflow reference

lock: ## choose the newest versions that pyproject.toml allows and write requirements/
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip --disable-pip-version-check install --quiet uv
	$(LOCK) --extra dev pyproject.toml --output-file requirements/dev.txt
	$(LOCK) --constraint requirements/dev.txt pyproject.toml --output-file requirements/run.txt
	printf "setuptools\nwheel\n" \
		| $(LOCK) --constraint requirements/dev.txt - --output-file requirements/build.txt

clean: ## remove .venv, caches and the sample edition's results; downloads and results/paper stay
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis results/sample
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment. `run` holds what a report needs, `dev` adds what tests and lint need, to the same versions.
.venv/run.stamp: requirements/build.txt requirements/run.txt pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
		|| { echo "$(PYTHON) is not Python 3.11 or newer; name one that is: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "Setting up .venv (about half a minute)"
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes --requirement requirements/build.txt
	$(PIP) --require-hashes --requirement requirements/run.txt
	$(PIP) --no-deps --editable .
	$(COMPILE)
	@touch $@

# The oldest Snakemake, beside the environment, whose place it takes where PYTHONPATH names it.
.venv/oldest.stamp: .venv/dev.stamp
	rm -rf build/oldest
	$(PIP) --target build/oldest "snakemake==$(OLDEST)"
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	$(PIP) --require-hashes --requirement requirements/dev.txt
	$(COMPILE)
	@touch $@
