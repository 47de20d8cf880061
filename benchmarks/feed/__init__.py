"""How soon and how cheaply followers get what is recorded: `python -m benchmarks.feed`."""
