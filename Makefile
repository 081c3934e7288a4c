# Everything runs in .venv, which the first command that needs it creates from the
# lock. Paths are relative, so a clone may live in a folder with spaces in its name.
# `make PYTHON=python3.13 book` chooses another interpreter.

PYTHON ?= python3
PY     := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help book test check format lab student pdf weigh oracles test-book live test-live test-oldest bench lock clean

help:
	@echo "make book      execute the chapters and build the pages in _build/html"
	@echo "make test      run the tests, with line and branch coverage"
	@echo "make lab       open the chapters as notebooks in JupyterLab"
	@echo "make check     check style and types: library, tests, tools, code of chapters"
	@echo "make format    put all of that into the right style"
	@echo "make student   write the chapters without solutions to _build/student"
	@echo "make pdf       print the built book and each of its pages (needs Chromium)"
	@echo "make weigh     measure size and speed of the built pages on a slow phone"
	@echo "make test-book test the built pages in Chromium (after make book)"
	@echo "make live      let each chapter run in the reader's browser (after make book)"
	@echo "make test-live run every chapter in Chromium (after make live)"
	@echo "make oracles   compare our estimators with other people's packages"
	@echo "make test-oldest  test with the oldest packages that pyproject.toml allows"
	@echo "make bench     time our estimators beside theirs"
	@echo "make lock      bring requirements.txt up to date with pyproject.toml"
	@echo "make clean     remove what was built (make clean-all: .venv too)"

book: .venv/library
	@$(PY) -m tools.book.build

test: .venv/library
	@echo "Running the tests ..."
	@$(PY) -m pytest --numprocesses auto --cov

check: .venv/library
	@echo "Checking style and types ..."
	@$(PY) -m ruff format --check $(PYTHON_CODE)
	@$(PY) -m ruff check $(PYTHON_CODE)
	@$(PY) -m tools.book.check_cells
	@$(PY) -m mypy

format: .venv/library
	@$(PY) -m ruff format $(PYTHON_CODE)
	@$(PY) -m ruff check --fix $(PYTHON_CODE)
	@$(PY) -m tools.book.check_cells --fix

PYTHON_CODE = $(wildcard src tests tools benchmarks)

lab: .venv/library
	@$(PY) -m tools.book.lab_settings
	@$(PY) -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/chapters

student: book
	@$(PY) -m tools.book.student

pdf: book
	@echo "Printing ..."
	@$(PY) -m tools.book.print

weigh: .venv/library
	@$(PY) -m tools.pages.measure

test-book: .venv/library
	@$(PY) -m pytest tests/book

# Python for the browser is fetched once into a cache outside the repository.
live: .venv/library
	@$(PY) -m tools.live.assemble

test-live: .venv/library
	@$(PY) -m pytest tests/live

# The library alone: the book needs newer packages than a reader of the library does.
OLDEST = .venv-oldest/bin/python
test-oldest:
	@echo "Installing the oldest packages that pyproject.toml allows ..."
	@$(PYTHON) -m venv .venv-oldest
	@$(OLDEST) -m pip install --quiet --disable-pip-version-check uv
	@$(OLDEST) -m uv pip compile --quiet --python-version 3.11 --resolution lowest-direct \
	  pyproject.toml -o .venv-oldest/requirements.txt
	@$(OLDEST) -m pip install --quiet --disable-pip-version-check \
	  -r .venv-oldest/requirements.txt pytest pytest-xdist hypothesis frictionless ipython
	@$(OLDEST) -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@$(OLDEST) -m pytest --numprocesses auto src \
	  $(addprefix tests/,words datasets panels estimators inference cases show data published)

oracles: .venv/peers
	@echo "Comparing with other packages ..."
	@$(PY) -m pytest tests/oracles

bench: .venv/peers
	@$(PY) benchmarks/speed.py

# A stamp is touched last: an installation that was cut short starts again.

.venv/created:
	@$(PYTHON) -c 'import sys; v = sys.version_info; \
	  sys.exit(None if v >= (3, 11) else "Python 3.11 or newer is needed; $(PYTHON) is %d.%d. Try: make PYTHON=python3.12 ..." % v[:2])'
	@echo "Creating the environment in .venv ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "Python could not create an environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

.venv/library: .venv/created requirements.txt pyproject.toml
	@echo "Installing the locked packages (a few minutes the first time) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/peers: .venv/library requirements-peers.txt
	@echo "Installing the packages to compare with ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-peers.txt
	@touch $@

# One lock for Python 3.11 to 3.14 on Linux, macOS and Windows. The peers are held to
# the versions of the first lock, so that both fit in one environment.
UV = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --upgrade
lock: .venv/created
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@echo "Resolving ..."
	@$(UV) --extra book --extra test pyproject.toml -o requirements.txt
	@$(UV) --extra peers -c requirements.txt pyproject.toml -o requirements-peers.txt
	@echo "requirements.txt and requirements-peers.txt are up to date."

.PHONY: clean-all
clean:
	@rm -rf _build .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage
	@echo "Removed what was built."

clean-all: clean
	@rm -rf .venv .venv-oldest
	@echo "Removed .venv."
