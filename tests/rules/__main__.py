"""Prints every breach of the house rules, one a line; exits with 1 when there is one."""

import sys

from tests.rules.house import breaches


def main() -> int:
    """Prints the breaches and returns the exit status."""
    found = [str(breach) for breach in breaches()]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
