# The recipes of this project; `make` alone lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
HOME_  := data/local
ROWS   ?= 300000
PORT   ?= 8501
HOURS  ?= 1
# Bytecode now, so that no command compiles its libraries first, also where Python may not write any itself.
COMPILE = $(BIN)/python -m compileall -q -j 2 $(VENV)/lib pipelines dashboard || true

.DEFAULT_GOAL := help
.PHONY: help install run demo load serve test lint types check bench soak pictures lock clean

help:  ## list the recipes
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.tools:
	@for tool in git $(PYTHON); do command -v $$tool >/dev/null || { \
	  echo "Missing: $$tool. On Debian 12: apt-get install git make python3-venv"; exit 1; }; done
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, found: $$($(PYTHON) --version)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Missing: the venv module of Python. On Debian 12: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.tools requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(COMPILE)
	@touch $@

$(VENV)/.tests: $(VENV)/.installed tests/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@$(COMPILE)
	@touch $@

install: $(VENV)/.installed  ## install what running needs into .venv

$(HOME_)/CURRENT: | $(VENV)/.installed
	$(BIN)/pipelines demo --home $(HOME_) --rows $(ROWS)
	$(BIN)/pipelines load --home $(HOME_)

demo: $(HOME_)/CURRENT  ## write the demo inbox and load it (once; `make clean` forgets it)

load: $(HOME_)/CURRENT  ## take in what lies in the demo inbox now
	$(BIN)/pipelines load --home $(HOME_)

run: $(HOME_)/CURRENT  ## install, make the demo data, load it and serve the dashboard
	$(BIN)/dashboard serve --home $(HOME_) --port $(PORT)

test: $(VENV)/.tests  ## lint, types and all tests (with a real Chromium where there is one)
	@bash tests/chromium.sh
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 3 --dist worksteal

bench: $(VENV)/.tests $(HOME_)/CURRENT  ## measure, printed as ratios against a limit measured in the same run
	$(BIN)/python -m tests.bench --home $(HOME_)

soak: $(VENV)/.tests $(HOME_)/CURRENT  ## one wall for HOURS hours; memory slopes of server and page
	$(BIN)/python -m tests.bench.soak --home $(HOME_) --hours $(HOURS)

pictures: $(VENV)/.tests $(HOME_)/CURRENT  ## take the screenshots of the README anew
	$(BIN)/python -m tests.pictures --home $(HOME_)

lock: $(VENV)/.tests  ## pin all dependencies anew (needs uv)
	uv pip compile pyproject.toml --extra install --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --python-version 3.11 -q -o requirements.lock
	uv pip compile pyproject.toml --extra install --extra test --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --python-version 3.11 -q -c requirements.lock -o tests/requirements.lock

clean:  ## forget the demo installation (never touches another home)
	rm -rf $(HOME_)
