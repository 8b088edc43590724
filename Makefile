.PHONY: test lint types ci clean

test:
	python3 run.py test

lint:
	.venv/bin/python -m ruff check . && .venv/bin/python -m ruff format --check .

types:
	.venv/bin/python -m mypy

ci:
	.ci/run

clean:
	rm -rf .venv .venv.lock .hypothesis .mypy_cache .pytest_cache .ruff_cache dist
