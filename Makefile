# The two commands: `make run` serves a city at http://127.0.0.1:8000, `make test` proves it. Both install what they need.
.PHONY: setup run test prove clean
B := .venv/bin
# Every part is a process of its own; without kept bytecode each would compile the whole house again.
unexport PYTHONDONTWRITEBYTECODE

# The installing part of both: first what serving needs, then what proving needs beside it.
setup:
	@sh scripts/setup run
	@sh scripts/setup test

# Options go through: make run ARGS="--port 8001 --no-demo"
run:
	@sh scripts/setup run
	@$(B)/xiaoneng serve $(ARGS)

test:
	@sh scripts/setup test
	$(B)/ruff check .
	$(B)/ruff format --check .
	$(B)/mypy
	$(B)/lint-imports --no-logo
	$(B)/pytest -n auto --dist loadfile --no-loadscope-reorder -m "not prove" $(ARGS)

# The long proofs at full size.
prove:
	@sh scripts/setup test
	$(B)/pytest -m prove $(ARGS)

# What was installed and built; the data in var/ stay.
clean:
	rm -rf .venv build src/*.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
