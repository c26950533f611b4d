# Two commands on a fresh machine: `make demo` and `make test`. Both make and use .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test durability accuracy browser audit lint setup

demo: setup
	$(BIN)/videolucy models fetch bge-small whisper-base qwen-coder-1.5b --optional --timeout 240
	$(BIN)/videolucy demo

test: setup
	$(BIN)/python -m pytest -q -n 2

# Answers the questions of a composed lecture with the embedded models.
accuracy: setup
	$(BIN)/python -m pytest -q -n 2 -m accuracy

# Kills hundreds of programs and asks hundreds of questions: about ten minutes.
durability: setup
	$(BIN)/python -m pytest -q -m durability -s

# Drives the page in Debian's Chromium: a few minutes. Skipped where there is none.
browser: setup
	$(BIN)/python -m pytest -q -m browser -rs

# Known weaknesses of the pinned dependencies: asks a service of the network.
audit: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/pip-audit --disable-pip --no-deps -r constraints.txt

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[embedded,ui,mcp,download,dev]" -c constraints.txt
	touch $(READY)
