# Needs Python 3.11 or newer and make. Everything else is installed into .venv, at the versions and hashes of requirements*.txt.

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
LOCKED := $(PIP) --require-hashes --requirement
SIZE ?= small
UV_VERSION := 0.13.9

.DEFAULT_GOAL := help
.PHONY: help install demo test deep check lint bench kafka schemas lock clean

help: ## this list
	@echo "make what?"
	@sed -n 's/^\([a-z]*\):[^#]*## /  \1\t/p' Makefile

install: .venv/.runtime ## set up .venv with the command .venv/bin/receivables
	@:

demo: install ## play a believable year of business and show the reports
	@$(BIN)/receivables demo

test: .venv/.dev ## run the tests
	@$(BIN)/python -m pytest

deep: .venv/.dev ## run the campaigns that take minutes: processes killed, schedules raced, machines played for long
	@$(BIN)/python -m pytest -m deep --timeout 3600
	@LADDER_EXAMPLES=3000 MACHINE_EXAMPLES=2000 MACHINE_STEPS=80 $(BIN)/python -m pytest --timeout 3600 \
	  tests/domain/test_machine.py tests/domain/test_ladder_any.py tests/domain/test_case_machine.py
	@ORDER_EXAMPLES=10000 $(BIN)/python -m pytest --timeout 3600 tests/services/test_any_order.py

lint: .venv/.dev ## formatting, lint rules and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

check: lint test ## lint and test

bench: .venv/.bench ## measure speed against its limits: SIZE=small or SIZE=full
	@$(BIN)/python -m bench --size $(SIZE)

kafka: install ## run Apache Kafka on port 9092 to try the feed out: RECEIVABLES_KAFKA=127.0.0.1:9092; needs Java 17 and Maven
	@$(BIN)/receivables feed dev-broker --port 9092

schemas: install ## write schemas/: what messages of the feed look like; a released version is never changed
	@$(BIN)/receivables feed schemas

lock: .venv/.runtime ## resolve the requirements anew and write them with their hashes
	@$(BIN)/python -m venv .venv/lock && .venv/lock/bin/python -m pip install --quiet uv==$(UV_VERSION)
	@$(call resolve,pyproject.toml,requirements.txt)
	@for group in build dev bench; do $(call resolve,--group $$group --constraint requirements.txt,requirements-$$group.txt) || exit 1; done

clean: ## remove .venv and what the tools leave behind; the ledger stays
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache build receivables.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

resolve = .venv/lock/bin/uv pip compile --quiet --upgrade --system-certs --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(1) --output-file $(2)

# The scripts of a .venv name their folder: after a move they are made anew.
ifneq ($(shell cat .venv/.runtime 2>/dev/null),$(CURDIR))
.PHONY: .venv/.runtime
endif

.venv/.runtime: requirements-build.txt requirements.txt pyproject.toml
	@echo "Setting up .venv, about a minute the first time ..."
	@$(find_python); $(BIN)/python -m pip --version >/dev/null 2>&1 || "$$python" -m venv --clear .venv || \
	  { echo "Python cannot make virtual environments here. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(LOCKED) requirements-build.txt
	@$(LOCKED) requirements.txt --no-build-isolation
	@$(PIP) --no-index --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@pwd > $@

.venv/.dev: .venv/.runtime requirements-dev.txt
	@$(LOCKED) requirements-dev.txt
	@touch $@

.venv/.bench: .venv/.runtime requirements-bench.txt
	@$(LOCKED) requirements-bench.txt
	@touch $@

define find_python
for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done; \
[ -n "$$python" ] || { echo "Python 3.11 or newer is needed, and none is on the PATH. Name one: make install PYTHON=/path/to/python" >&2; exit 1; }
endef
