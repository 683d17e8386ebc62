# `make` alone lists the targets. Everything runs in .venv, which is made when it is absent.

SHELL := /bin/bash
# nbgrader starts `alembic` by its bare name, so .venv/bin must be on PATH, not only called by path.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHON

VENV := .venv/installed
LAB_ARGS ?=
ROUNDS ?= 1000
DEMO_LESSON ?= m1_l05_layer_norm_formula
# Jupyter refuses to serve as root unless told.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types floors drift audit lessons prove long levels proofs ci naming build texts lab grader clean

help: ## list what make can do
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
	@echo "  PYTHON=python3.12 chooses the interpreter when .venv is made; LAB_ARGS=--no-browser is passed to JupyterLab."

$(VENV): constraints.txt pyproject.toml .ci/venv
	@.ci/venv

demo: $(VENV) ## a made-up class goes round the whole loop, in .demo/
	@nbjudge demo --lesson $(DEMO_LESSON)

test: $(VENV) ## the quick tests
	pytest -q -m "not long and not browser" -n auto --dist worksteal

check: lint types floors drift audit lessons prove test ## lint to prove, and the quick tests

lint: $(VENV) ## ruff: format and rules
	ruff format --check
	ruff check

types: $(VENV) ## mypy --strict on src/ and solutions/
	mypy

floors: $(VENV) ## import-linter: a module imports from lower floors only
	lint-imports --no-logo

drift: $(VENV) ## source/, release/ and the pages on the course are what the build makes today
	nbjudge build --check

audit: $(VENV) ## no line of an answer or of a hidden test is in what is public
	nbjudge audit

lessons: $(VENV) ## nothing that a lesson should have is lacking
	nbjudge lint

prove: $(VENV) ## the suites that changed since their proof accept right answers and refuse wrong ones
	nbjudge prove --changed

long: $(VENV) ## the long suites, with those that drive a browser
	pytest -q -m "long or browser"

levels: $(VENV) ## the sandbox as root, as an ordinary user, in a container: its contract, and the attacks
	.ci/levels

# Changed: since the page in docs/proof/ was made with as many rounds.
proofs: $(VENV) ## every suite; what changed since its proof, in 1,000 rounds (ROUNDS=100 for fewer)
	nbjudge prove --changed --seeds $(ROUNDS)
	nbjudge prove

ci: test check long levels proofs ## all of it: test, check, then the long suites and the proof of every suite

naming: $(VENV) ## how often a mistake is named, and how often wrongly: docs/naming-accuracy.md
	python -m bench.naming_accuracy

build: $(VENV) ## course/ + solutions/ -> source/ -> release/
	nbjudge build

texts: $(VENV) ## the catalogue of what learners read, for translators: src/nbjudge/locale/nbjudge.pot
	pybabel -q extract -F babel.cfg --no-default-keywords -k say -k later -k say_many:1,2 \
	    --no-location --sort-output --omit-header -o src/nbjudge/locale/nbjudge.pot src/nbjudge

lab: $(VENV) ## take the course as a learner: release/ in JupyterLab, your files in my_work/
	@mkdir -p my_work
	@cd release && find . -type f ! -name '.*' | sort | while IFS= read -r file; do \
	    mine="../my_work/$$file"; \
	    if [ -e "$$mine" ]; then echo "kept    my_work/$${file#./}"; \
	    else mkdir -p "$$(dirname "$$mine")"; cp "$$file" "$$mine"; echo "copied  my_work/$${file#./}"; fi; \
	done
	cd my_work && jupyter lab $(AS_ROOT) $(LAB_ARGS)

.demo/gradebook.db: | $(VENV)
	nbjudge demo --lesson $(DEMO_LESSON)

grader: $(VENV) .demo/gradebook.db ## nbgrader's formgrader on the demo class
	cd .demo && jupyter lab --LabApp.default_url=/formgrader $(AS_ROOT) $(LAB_ARGS)

clean: ## remove .demo/ and caches; .venv/, my_work/ and the gradebook stay
	rm -rf .demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
