"""How fast questions are answered, beside PostGraphile 5 and hand-written SQL over raw ASGI.

    python -m benchmarks.query                    makes its ledger, measures, prints README's table
    python -m benchmarks.query --quick            a small ledger and short rounds, to try it out
    python -m benchmarks.query --scale 10         ten times the data

One PostgreSQL of its own for all contestants, all of them started at once and asked in turn. It
needs Linux (`/proc`), `npm` and `wrk` (a Debian package); without, it says so and measures nothing.
"""
