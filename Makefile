# A fresh machine needs Python 3.11 or newer, make and a network. Everything else is installed into .venv and .tools here.
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
PACKAGES := tirek-protocols tirek-engines tirek-agent tirek
EDITABLE := $(foreach p,$(PACKAGES),-e packages/$(p))
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null) packages/tirek/hatch_build.py
# Templates too: the icons that they name become one file.
CATALOGUES := $(shell find packages/tirek/src -name '*.po' -o -name '*.html')
PROJECTS := $(foreach p,$(PACKAGES),packages/$(p)/pyproject.toml)

.PHONY: run test check bench chaos fuzz lock messages format clean help
.DEFAULT_GOAL := help

help:  ## what can be done here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: .venv/ready-run  ## install everything and start Tirek with a sample province
	@$(BIN)/tirek up

test: .venv/ready-dev  ## install what is needed and run the tests
	@$(BIN)/pytest -n 2 --dist loadscope $(TESTS)

check: .venv/ready-dev  ## style, types, import directions, templates, translations, the phone app's logic
	$(BIN)/ruff check --output-format concise .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint packages/tirek/src --configuration pyproject.toml --lint --quiet
	$(BIN)/python tools/messages.py check
	$(BIN)/python tools/npm.py run check
	$(BIN)/python tools/npm.py test --silent

bench: .venv/ready-dev  ## measure, beside the rivals
	$(BIN)/python -m benchmarks $(BENCH)

chaos: .venv/ready-dev  ## kill -9 the processes 200 times at random moments, and count what was lost
	$(BIN)/python -m tests.chaos --kills 200
	$(BIN)/python -m tests.chaos.visits --visits 1000

fuzz: .venv/ready-dev  ## a long run of random bytes against the codecs
	$(BIN)/python -m tests.fuzz --seconds 120

messages: .venv/ready-dev  ## bring the message catalogues up to date with the sources
	$(BIN)/python tools/messages.py update
	$(BIN)/python tools/messages.py compile

format: .venv/ready-dev  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(UV)  ## lock the dependencies anew, with hashes and without addresses
	$(UV) lock --upgrade
	tools/lock.sh $(UV)

clean:  ## remove what was installed here
	rm -rf .venv .tools frontend/node_modules packages/tirek/src/tirek/ui/static/dist

# --- installing -------------------------------------------------------------------------------------------------------
.tools/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Tirek needs Python 3.11 or newer; $(PYTHON) is older. Say which one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .tools || { echo "Python's venv module is missing: install the package python3-venv."; exit 1; }
	@.tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt

.venv/bin/python: | $(UV)
	@$(UV) venv --quiet --allow-existing --no-python-downloads --python $$($(PYTHON) -c 'import sys; print(sys.executable)') .venv

.venv/ready-run: requirements/run.txt requirements/build.txt $(PROJECTS) $(FRONTEND) $(CATALOGUES) | .venv/bin/python
	@echo "installing (the first time takes a minute or two)"
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(EDITABLE)
	@touch $@

.venv/ready-dev: requirements/dev.txt .venv/ready-run
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements/dev.txt
	@touch $@
