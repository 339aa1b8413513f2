"""Speed, measured side by side in one run: `python -m tests.benchmarks [NAMES]`, or `./dev bench [NAMES]`."""
