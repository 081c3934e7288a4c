# Everything runs in .venv, which the first command that needs it creates from the
# lock. Paths are relative, so a clone may live in a folder with spaces in its name.
# `make PYTHON=python3.13 book` chooses another interpreter.

PYTHON ?= python3
PY     := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help book test check format lab editions assign quizzes slides handouts labs grade test-labs pdf weigh oracles test-book live test-live variants test-oldest test-editions mutate bench lock data clean

help:
	@echo "make book      execute the chapters and build the pages in _build/html"
	@echo "make test      run the tests, with line and branch coverage"
	@echo "make lab       open copies of the chapters as notebooks in JupyterLab (PORT=8890)"
	@echo "make editions  write them for readers, students and instructors to _build/editions"
	@echo 'make assign    pack chapters for a course: make assign CHAPTERS="hubs yozma"'
	@echo "make check     check style and types: library, tests, tools, code of chapters"
	@echo "make format    put all of that into the right style"
	@echo "make quizzes   write quizzes for Moodle (GIFT) and Canvas (QTI) to _build/quizzes"
	@echo "make slides    make slides of the figures, in HTML and PDF, in _build/slides"
	@echo "make handouts  pack notebooks, assignments, quizzes and slides of all chapters"
	@echo "make labs      build the labs for ROSTER=ids.csv, with the secret in HUB_COURSE_SECRET"
	@echo "make grade     mark what was handed in: SUBMISSIONS=folder ROSTER=ids.csv"
	@echo "make test-labs build, solve and mark the labs with otter-grader"
	@echo "make pdf       print the built book, each of its pages and the slides (needs Chromium)"
	@echo "make weigh     measure size and speed of the built pages on a slow phone"
	@echo "make test-book test the built pages in Chromium (after make book)"
	@echo "make variants  run the case chapters under the choices that they offer"
	@echo "make live      let each chapter run in the reader's browser (after make book)"
	@echo "make test-live run every chapter in Chromium (after make live)"
	@echo "make oracles   compare our estimators with other people's packages"
	@echo "make test-oldest  test with the oldest packages that pyproject.toml allows"
	@echo "make test-editions  run every notebook with nothing but the installed library"
	@echo "make mutate    change the library a little, many times, and see if its tests notice"
	@echo "make bench     time our estimators beside theirs"
	@echo "make data      make every table of data/ from its raw file again"
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

PYTHON_CODE = $(wildcard src tests tools benchmarks labs)

lab: .venv/library
	@$(PY) -m tools.book.lab $(if $(PORT),--port '$(PORT)') $(CHAPTERS)

editions: .venv/library
	@$(PY) -m tools.book.editions $(CHAPTERS)

assign: .venv/library
	@$(PY) -m tools.teach.assign $(CHAPTERS)

quizzes: .venv/library
	@$(PY) -m tools.teach.quiz $(CHAPTERS)

slides: .venv/library
	@$(PY) -m tools.teach.slides $(CHAPTERS)

# What a release attaches for those who teach.
handouts: pdf
	@$(PY) -m tools.teach.handouts

# Otter holds packages back that the book needs newer, so it has a place of its own.
LABS = .venv-labs/bin/python
labs: .venv-labs/installed
	@$(LABS) -m tools.labs.build $(if $(ROSTER),--roster "$(ROSTER)")

grade: .venv-labs/installed
	@$(LABS) -m tools.labs.grade $(if $(SUBMISSIONS),"$(SUBMISSIONS)") $(if $(ROSTER),--roster "$(ROSTER)")

# Without what all other tests share, which asks for packages that the labs do without.
test-labs: .venv-labs/installed
	@echo "Building, solving and marking the labs ..."
	@LAB_STUDENTS=500 $(LABS) -m pytest --noconftest tests/labs tests/otter

pdf: book
	@echo "Printing ..."
	@$(PY) -m tools.book.print

weigh: .venv/library
	@$(PY) -m tools.pages.measure

test-book: .venv/library
	@$(PY) -m pytest --numprocesses auto --dist worksteal tests/book

variants: .venv/library
	@echo "Running chapters under other choices ..."
	@$(PY) -m tools.book.variants $(VARIANTS)

# Python for the browser is fetched once into a cache outside the repository.
live: .venv/library
	@$(PY) -m tools.live.assemble

# One chapter or some: make test-live CHAPTERS="yozma".
test-live: .venv/library
	@$(PY) -m pytest tests/live $(if $(CHAPTERS),-k gives_the_numbers)

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

data: .venv/library
	@echo "Making the tables of data/ from their raw files ..."
	@$(PY) -m tools.data.make
	@$(PY) -m tools.data.metadata

# Every notebook in an empty folder, with nothing but the wheel and a kernel to run it;
# with RESOLUTION=lowest-direct also on the oldest packages that pyproject.toml allows.
RESOLUTION ?= highest
WHEEL = .venv-wheel/bin/python
test-editions: editions
	@echo "Installing the library alone ..."
	@$(PYTHON) -m venv --clear .venv-wheel
	@$(WHEEL) -m pip install --quiet --disable-pip-version-check uv
	@$(WHEEL) -m uv pip compile --quiet --python-version 3.11 --resolution $(RESOLUTION) \
	  pyproject.toml -o .venv-wheel/requirements.txt
	@$(WHEEL) -m pip install --quiet --disable-pip-version-check \
	  -r .venv-wheel/requirements.txt ipykernel nbclient
	@$(WHEEL) -m pip install --quiet --disable-pip-version-check --no-deps .
	@$(WHEEL) tools/book/run_editions.py _build/editions

oracles: .venv/peers
	@echo "Comparing with other packages ..."
	@$(PY) -m pytest tests/oracles

bench: .venv/peers
	@$(PY) benchmarks/speed.py

# cosmic-ray brings a database and a web client along, so it has a place of its own.
# `make mutate MODULES="inference/lot" SAMPLE=200` tries more of one module.
MUTANTS = .venv-mutants/bin/python
mutate: .venv-mutants/installed
	@echo "Changing the library and asking its tests ..."
	@$(MUTANTS) -m tools.mutants.run $(if $(SAMPLE),--sample $(SAMPLE)) $(MODULES)

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

.venv-labs/installed: requirements-labs.txt pyproject.toml
	@echo "Installing otter-grader in .venv-labs ..."
	@$(PYTHON) -m venv .venv-labs
	@$(LABS) -m pip install --quiet --disable-pip-version-check -r requirements-labs.txt
	@$(LABS) -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

.venv-mutants/installed: requirements.txt tools/mutants/requirements.txt
	@echo "Installing cosmic-ray in .venv-mutants ..."
	@$(PYTHON) -m venv .venv-mutants
	@$(MUTANTS) -m pip install --quiet --disable-pip-version-check \
	  -r requirements.txt -r tools/mutants/requirements.txt
	@$(MUTANTS) -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

# One lock for Python 3.11 to 3.14 on Linux, macOS and Windows. The peers are held to
# the versions of the first lock, so that both fit in one environment.
UV = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --upgrade
lock: .venv/created
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@echo "Resolving ..."
	@$(UV) --extra book --extra test --extra fresh pyproject.toml -o requirements.txt
	@$(UV) --extra peers -c requirements.txt pyproject.toml -o requirements-peers.txt
	@$(UV) --extra labs pyproject.toml -o requirements-labs.txt
	@echo "requirements.txt, requirements-peers.txt and requirements-labs.txt are up to date."

.PHONY: clean-all
clean:
	@rm -rf _build .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage
	@echo "Removed what was built."

clean-all: clean
	@rm -rf .venv .venv-oldest .venv-wheel .venv-labs .venv-mutants
	@echo "Removed .venv."
