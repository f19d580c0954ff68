# Nothing has to be installed first but Python (3.11 or newer) and make.
PYTHON ?= python3
BIN := .venv/bin
UV := .venv/tools/bin/uv
# One more than there are cores: a test that waits for a browser leaves its core to another.
SPEED := $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) + 1 )))
.DEFAULT_GOAL := run
.PHONY: run test check fix bench screenshots docs translations node-tools needs pins

run: .venv/.run ## Start Teleward with a demonstration clinic on http://localhost:8000
	@exec $(BIN)/teleward up --demo $(ARGS)

test: .venv/.dev needs ## Every test; ONLY=<path> for some
	@if command -v node >/dev/null; then node --test tests/js/; \
	  else echo "Node is not installed: the tests of the browser modules were not run."; fi
	@$(BIN)/pytest -q -n $(SPEED) --dist worksteal $(ONLY)

check: .venv/.dev node-tools ## Lint, types, contracts, translations, generated documents
	@.ci/check

fix: .venv/.dev node-tools ## What can be put right by machine
	-@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python -m architecture.messages update
	@if [ -d node_modules ]; then npm run --silent fix; fi

bench: .venv/.dev needs ## Every measured claim; ONLY=<name> for one
	@$(BIN)/python -m bench $(ONLY)

screenshots: .venv/.dev needs ## Take the pictures of the documents anew
	@TELEWARD_SCREENSHOTS=1 $(BIN)/pytest -q tests/journeys/test_every_page.py tests/journeys/test_an_emergency.py \
	  tests/journeys/test_each_kind_in_the_call.py

docs: .venv/.dev ## Write the generated pages of docs/reference
	@$(BIN)/python -m architecture.docs update

translations: .venv/.dev ## Collect the sentences of every room and compile the languages
	@$(BIN)/python -m architecture.messages update

needs:
	@.ci/needs

node-tools:
	@if command -v npm >/dev/null && [ ! node_modules/.package-lock.json -nt package-lock.json ]; then npm ci --silent; fi

pins: .venv/.run ## Write requirements/*.txt anew from pyproject.toml
	@.ci/pins $(UV)

$(UV): requirements/uv.txt
	@.ci/bootstrap $(PYTHON)
	@touch $(UV)

.venv/.run: $(UV) requirements/run.txt requirements/build.txt pyproject.toml
	@echo "Installing what Teleward needs into .venv; this happens once."
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(UV) pip install --quiet --python $(BIN)/python --build-constraints requirements/build.txt --no-deps --editable .
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@echo "Installing what the tests and checks need into .venv; this happens once."
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@
