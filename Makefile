# Everything a person runs. Needs Python 3.11 or later, make, and a package registry; nothing else.
PYTHON ?= python3
COMPILE ?= uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q
# The files are complete, so nothing is resolved: `pip check` in .ci/run proves it. Resolving would trip over extras.
PIP = -m pip install $(PIP_OPTIONS) --no-deps --quiet --disable-pip-version-check --require-hashes -r

.PHONY: help setup environments demo test browser screenshots test-long bench bench-long check docs release clean lock countries sam

help:
	@echo "make setup                       what the rest needs, in this folder alone: two to three minutes, once"
	@echo "make demo [FLOW=name] [ONCE=1]   the whole thing on this machine, with sample data"
	@echo "make test                        all tests"
	@echo "make browser                     Chromium, for the tests in a real browser, and the screenshots"
	@echo "make screenshots [TO=folder]     every page of the console, wide and narrow, light and dark, into .screenshots"
	@echo "make test-long                   the properties again, with 5,000 examples each (an hour or two)"
	@echo "make check                       format, lint, types and import rules"
	@echo "make docs                        the tables that pages take from rule files and emulated vendors, anew"
	@echo "make bench                       the figures, into bench/results.json"
	@echo "make bench-long                  those that take long: an hour or two on two cores"
	@echo "make release [DRY=1]             all checks, the artifact into dist/, and the tag (DRY=1: no tag)"
	@echo "make lock                        new pins, after a change of a requirements*.in file (needs uv)"
	@echo "make countries                  the table of countries, after a change of its libraries or names"
	@echo "make clean                       remove what was built, environments and local state included"

setup: environments
	@echo "All is set up. The program is .venv/bin/tieout; make help lists what else there is."

# Silent when there is nothing to do, so that every other target can ask for it.
environments: .venv/.ready .venv-stack/.ready

demo: environments
	@.venv/bin/python -m local.cli demo $(if $(FLOW),--flow $(FLOW)) $(if $(ONCE),--once)

# In the order of the folders: those with few and slow tests come first, so that no worker is left with one of them alone.
test: environments browser
	.venv/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

# Some tests look at the console in a real browser; where Chromium cannot be installed, they are skipped and say so.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  echo "Installing Chromium for the tests of the console ..."; \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	  timeout 300 $$sudo apt-get install -y -q chromium >/dev/null 2>&1 || echo "Chromium could not be installed; its tests are skipped."; }

screenshots: environments browser
	.venv/bin/python -m tests.browser.screenshots $(or $(TO),.screenshots)

test-long: environments
	HYPOTHESIS_PROFILE=long .venv/bin/python -m pytest -q -n auto --dist load tests/properties $(ARGS)

bench: environments
	.venv/bin/python -m bench $(ARGS)

bench-long: environments
	.venv/bin/python -m bench --long $(ARGS)

check: environments
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m pytest -q tests/unit/local/test_requirements.py

docs: environments
	.venv/bin/python -m local.docs

# Refuses unless the tree is clean, the changelog is dated and .ci/run is green; tags last, and pushes nothing.
release: environments
	@.venv/bin/python -m local.ci.release $(if $(DRY),--dry-run)

clean:
	-@if [ -x .venv/bin/python ]; then .venv/bin/python -m local.cli down --quiet; fi
	rm -rf .venv .venv-stack .venv-sam .tieout .aws-sam dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environments: made again when the pins change.
.venv/.ready: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tieout needs Python 3.11 or later: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	@echo "Setting up what Tieout needs, all of it in this folder: two to three minutes the first time."
	@echo "1 of 2: .venv, the packages of $< for the program, the tests and the checks ..."
	@$(PYTHON) -m venv --clear .venv
	@.venv/bin/python $(PIP) requirements-dev.txt
	@printf '%s\n' "$(CURDIR)/src" "$(CURDIR)" > "$$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tieout.pth"
	@printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m local.cli "$$@"\n' "$(CURDIR)" > .venv/bin/tieout && chmod +x .venv/bin/tieout
	@touch $@

.venv-stack/.ready: requirements-stack.txt | .venv/.ready
	@echo "2 of 2: .venv-stack, the packages of $<: the emulator of AWS, kept apart ..."
	@$(PYTHON) -m venv --clear .venv-stack
	@.venv-stack/bin/python $(PIP) requirements-stack.txt
	@touch $@

sam: .venv-sam/.ready

.venv-sam/.ready: requirements-ci.txt
	@echo "Setting up .venv-sam, the packages of $<: the tools that build and check what is deployed ..."
	@$(PYTHON) -m venv --clear .venv-sam
	@.venv-sam/bin/python $(PIP) requirements-ci.txt
	@touch $@

# New pins, after a change of a requirements*.in file.
countries: environments
	.venv/bin/python -m local.build.countries

lock:
	$(COMPILE) requirements.in -o requirements.txt
	cp requirements.txt src/requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) requirements-stack.in -o requirements-stack.txt
	$(COMPILE) requirements-ci.in -o requirements-ci.txt
