# The few words of this project. PYTHON= chooses the interpreter, PORT= and SIZE= the demonstration.
.DEFAULT_GOAL := help
.PHONY: help demo install test check fix bench soak screenshots states messages requirements
export PYTHON PORT SIZE

bin := .venv/bin
prepare = @sh tools/bootstrap

help:
	@echo "make demo          a demonstration at http://127.0.0.1:$${PORT:-8000}, until interrupted"
	@echo "make install       the environment of a real installation in .venv, with the command candide"
	@echo "make test          everything: linters, tests on PostgreSQL and on SQLite, browser tests"
	@echo "make check         linters, types and import contracts only"
	@echo "make fix           format, and mend what the linters can mend"
	@echo "make bench         measure pages, the grid, exports and releases on the large data"
	@echo "make soak          the long trials, and both commands on a bare machine"
	@echo "make screenshots   the pictures of the guides, from the demonstration"
	@echo "make states        a picture of every page in every state, wide and narrow, in .build/screenshots"
	@echo "make messages      extract and compile the translations"
	@echo "make requirements  compile the requirements anew"

demo:
	$(prepare) demo
	@exec $(bin)/python tools/demo.py

install:
	$(prepare) install

test:
	$(prepare) test
	@exec $(bin)/python tools/test.py check postgresql sqlite coverage

check:
	$(prepare) messages
	@exec $(bin)/python tools/test.py check

fix:
	$(prepare) dev
	$(bin)/ruff check --fix --show-fixes .
	$(bin)/ruff format .

bench:
	$(prepare) test
	@exec $(bin)/python tools/bench.py

soak:
	$(prepare) soak
	@exec $(bin)/python tools/test.py soak bare

screenshots:
	$(prepare) screenshots
	@exec $(bin)/python tools/screenshots.py

states:
	$(prepare) test
	@SCREENSHOTS=.build/screenshots $(bin)/python -m pytest -q -n 2 tests/browser/test_states.py

messages:
	$(prepare) messages
	$(bin)/python tools/messages.py

requirements:
	$(prepare) dev
	$(bin)/python tools/compile_requirements.py
