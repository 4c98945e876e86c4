"""``python -m tonelint``."""

from tonelint.cli import main

if __name__ == "__main__":
    main()
