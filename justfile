# Each recipe is a line or two; without `just`, type it.

python := "python"

# all tests that need nothing but Python
test *arguments:
    {{python}} -m pytest {{arguments}}

# style, types and the order of the rooms
lint:
    {{python}} -m ruff check .
    {{python}} -m ruff format --check .
    {{python}} -m mypy
    lint-imports

# what is generated: docs/rules.md, the table in docs/configuration.md, the schema of the configuration
docs:
    {{python}} -m tonelint.docs

# tests that need programs which CI does not have
external *arguments:
    {{python}} -m pytest -m external {{arguments}}

# the package, with the models in it
wheel:
    {{python}} -m build --wheel
