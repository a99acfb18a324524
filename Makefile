# Every target does all the set-up it needs: Python 3.11+, pip and make are enough.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
DATA ?= .data/demo
SEEDS ?= 1-20
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
unexport UV_INDEX UV_INDEX_URL UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL

.PHONY: demo test check bench simulate lock setup browser clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Redress needs Python 3.11 or newer; set PYTHON=...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	touch $@

demo: setup
	PORT=$(PORT) DATA=$(DATA) $(BIN)/redress demo

test: setup browser
	$(BIN)/python -m pytest -n auto

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_house.py tests/core/test_words.py

bench: setup
	$(BIN)/python -m benchmarks all

simulate: setup
	$(BIN)/python -m tests.simulation --seeds $(SEEDS)

# Debian's Chromium and CJK glyphs, where they are missing and may be installed.
browser:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; \
	  else echo "The browser tests need Chromium: install the package 'chromium' (and 'fonts-noto-cjk')."; exit 1; fi; }

# The lock names no host: hashes are what pins.
lock:
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 pyproject.toml --all-extras -o requirements.lock

clean:
	rm -rf $(VENV) .data .pytest_cache .mypy_cache .ruff_cache .hypothesis
