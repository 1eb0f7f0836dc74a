# `make lab` opens the course, `make test` checks all of it; each sets up what it needs.
.DEFAULT_GOAL := help
.PHONY: help lab set-up test test-fast test-all test-browser lessons execute record flakes \
	assignment doctor lock clean

PY := .venv/bin/python
LOCKS := utils/environment/locks
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	>/dev/null 2>&1 && { echo $$p; break; }; done)
endif
export PYTHON
ROOT_FLAG := $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)
export JUPYTER_PLATFORM_DIRS := 1
export PYTHONUTF8 := 1

# PYTHON may be a path with blanks in it, or a command with words of its own (py -3.12).
define set-up
	@chosen() { if command -v "$$PYTHON" >/dev/null 2>&1; then "$$PYTHON" "$$@"; \
		else $${PYTHON:-python3} "$$@"; fi; }; \
	chosen -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		>/dev/null 2>&1 || { \
		found=$$(chosen -c 'import sys; print("this is", sys.version.split()[0])' 2>/dev/null) || \
		found="none was found"; \
		echo "This course needs Python 3.11, 3.12 or 3.13, but $$found." \
		"Install one of them and try again; PYTHON=/path/to/python picks one."; exit 1; }; \
	chosen -I -X utf8 utils/environment $(1)
endef

help:            ## show this
	@sed -n 's/^\([a-z-]*\): *## /  make \1	/p; s/^\([a-z-]*\):.*## /  make \1	/p' Makefile | sort -u

lab:             ## open the lessons in JupyterLab
	$(call set-up,lab)
	@$(PY) -m utils doctor names || true
	@HOME="$$($(PY) -I utils/environment home)" \
		$(PY) -m jupyterlab $(ROOT_FLAG) --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/lessons \
		--LabApp.news_url= --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

set-up:          ## install what tests and authoring need
	$(call set-up,dev)

test:            ## run every test, and each notebook once
	$(call set-up,dev)
	@$(PY) -m utils.authoring run lint floors tests check unsolved notebooks

test-fast:       ## the tests without the notebooks
	$(call set-up,dev)
	@$(PY) -m utils.authoring run lint floors tests check unsolved

test-all:        ## before a release: each notebook three ways, and all of them in a browser
	$(call set-up,dev)
	@COURSE_SEEDS=30 $(PY) -m utils.authoring run lint floors tests check unsolved notebooks-all
	@$(MAKE) --no-print-directory test-browser ALL=1

test-browser:    ## run lessons in JupyterLab in a real browser (ALL=1: every one)
	$(call set-up,dev)
	@ALL=$(ALL) $(PY) -m utils.authoring run browser
	@[ -z "$(ALL)" ] || $(PY) -m tests.browser.fingerprints --keep

lessons:         ## generate lessons/, README's table of them and the list of mistakes
	$(call set-up,dev)
	@$(PY) -m utils.authoring lessons
	@$(PY) -m utils.authoring mistakes

execute:         ## run solutions/ and store their outputs (LESSON=02 for one), then make lessons
	$(call set-up,dev)
	@$(PY) -m utils.authoring execute $(LESSON)
	@$(MAKE) --no-print-directory lessons

record:          ## measure every notebook and renew the table in benchmarks/README.md
	$(call set-up,dev)
	@$(PY) -m utils.authoring verify --record

flakes:          ## run a lesson often, and say how near its claims come (LESSON=11, N=10)
	$(call set-up,dev)
	@$(PY) -m utils.authoring flakes $(LESSON) --runs $(or $(N),10)

assignment:      ## lay out an nbgrader course folder (LESSON=02, and TO=folder if you like)
	@[ -n "$(LESSON)" ] || { echo "Say which lesson: make assignment LESSON=02"; exit 1; }
	$(call set-up,dev)
	@$(PY) -m utils.authoring assignment --lesson $(LESSON) $(if $(TO),--to $(TO))

doctor:          ## say what is wrong with this installation, and what to do
	$(call set-up,lab)
	@$(PY) -m utils doctor

lock:            ## compile the two lock files anew from their ranges
	$(call set-up,dev)
	@$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-package recurrent-networks-course \
		$(UPGRADE) requirements.txt -o $(LOCKS)/requirements.lock
	@$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-package recurrent-networks-course \
		$(UPGRADE) -c $(LOCKS)/requirements.lock $(LOCKS)/requirements-dev.txt \
		-o $(LOCKS)/requirements-dev.lock

clean:           ## remove the environment and caches
	rm -rf .venv .cache build .pytest_cache .ruff_cache
