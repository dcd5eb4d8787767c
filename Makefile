# The commands of this repository; `make` alone lists them. They need python3 (3.11 or newer) with venv, and make.

# Unless one is named here, the environment is made with the fastest of the Pythons on the PATH that are of its form.
PYTHON ?= python3
# Three workers for the two cores the tests are made for: while one waits, as for a server or a window, two work.
WORKERS ?= 3
# What to hand on: make run ARGS="--database postgresql://…", make test ARGS="tests/tags -k encoder"
ARGS ?=

IN := .venv/bin/
OFFSCREEN := QT_QPA_PLATFORM=offscreen
# Compiled modules are kept: the tests start the program hundreds of times.
export PYTHONDONTWRITEBYTECODE :=
BENCHMARKS = $(patsubst benchmarks/%.py,%,$(shell grep -ls __main__ benchmarks/*.py))

.DEFAULT_GOAL := help
.PHONY: help run test check style types contracts guards bench soak chaos tour lock clean python planner environment-run environment-dev

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

run: environment-run planner ## open the program (without a display: the tour)
	@$(IN)python scripts/qt_libraries.py
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		echo "There is no display here, so no window can open: running the tour instead, into out/tour."; \
		$(OFFSCREEN) $(IN)python main.py tour out/tour; \
	else \
		$(IN)python main.py $(ARGS); \
	fi

# The dispatch engine's machine code, once for each computer and version of it: a quarter of a minute.
planner:
	@$(IN)python -m cbo_desk.routing.compiled

tour: environment-run ## do the main job on the demo compound, leave pictures and papers in out/tour
	@$(IN)python scripts/qt_libraries.py offscreen
	@$(OFFSCREEN) $(IN)python main.py tour out/tour

# What is made once for each copy of the house, the tests' own compiled form beside the planner's: made by each of three
# workers for itself, it took them ten seconds.
compiled: environment-dev
	@$(IN)python scripts/qt_libraries.py offscreen
	@$(IN)python -m cbo_desk.routing.compiled & made=$$!; \
	[ -d .hypothesis/constants ] || $(OFFSCREEN) $(IN)python -m pytest -q -p no:cacheprovider --collect-only >/dev/null 2>&1; wait $$made

test: compiled ## run every test, on SQLite and PostgreSQL, windows offscreen
	@$(OFFSCREEN) $(IN)python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: style types contracts guards ## style, types, import contracts, contrast, schema guard

style: environment-dev
	$(IN)ruff check .

types: environment-dev
	$(IN)mypy

contracts: environment-dev
	$(IN)lint-imports --no-logo

# Contrast of the theme's tokens, and the guard that misses no trigger and no constraint of the schema.
guards: environment-dev
	@$(IN)python scripts/qt_libraries.py offscreen
	$(OFFSCREEN) $(IN)python -m pytest -q tests/ui/kit/test_contrast.py tests/db/test_guard.py

bench: environment-dev planner ## measure; one with make bench ARGS=tags, large with python -m benchmarks.NAME --help
	@$(IN)python scripts/qt_libraries.py offscreen
	@for name in $(or $(ARGS),$(BENCHMARKS)); do \
		echo "# $$name"; $(OFFSCREEN) $(IN)python -m benchmarks.$$name || exit $$?; \
	done

# Hours before a release: `make soak MINUTES=240`. The controls plant a leak, and take the ids that keep deeds single.
MINUTES ?= 1
soak: environment-dev ## work for MINUTES with outages: does anything grow, is anything lost; then the controls
	@$(IN)python -m benchmarks.soak --minutes $(MINUTES)
	@$(IN)python -m benchmarks.soak --minutes 0.3 --leak memory
	@$(IN)python -m benchmarks.soak --minutes 0.3 --leak handles

chaos: environment-dev ## cut wires, kill programs and the server for MINUTES: is anything lost or doubled; then the control
	@$(IN)python -m benchmarks.chaos --seconds $$(( $(MINUTES) * 60 ))
	@$(IN)python -m benchmarks.chaos --seconds 20 --control

lock: environment-dev ## resolve requirements/*.in anew into the locked, hashed requirements/*.txt
	@$(IN)python scripts/lock.py $(ARGS)

clean: ## delete the environment and everything that was made here
	rm -rf .venv out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment-run environment-dev: environment-%: python
	@$(PYTHON) scripts/environment.py $* $(if $(filter file,$(origin PYTHON)),,as-named)

# In the shell's words, since an old Python could not even read a script of ours.
python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "CBO Desk needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1 || echo missing)." >&2; \
		echo "Install one, then name it: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 3; }
