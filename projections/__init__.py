"""What the facts add up to: read models, declared, folded, rebuilt; never migrated.

Read `projection.py` (what a declaration says), then one read model, `commitment.py`, and the list
of them all, `catalogue.py`.

The engine, from the inside out: `timeline.py` (the versions of one row), `standing.py` (those of
one read model), `steps.py` and `page.py` (a page of the log is folded), `columns.py`, `tables.py`
and `writing.py` (and written), `model.py` (all of them, in one moment), `upkeep.py` and
`projector.py` (they keep up with the log). `tally.py` adds the account up as it is written.
`loading.py` and `rebuild.py` make them anew beside the old, `retry.py` brings a stopped one back,
`replay.py` folds in memory and keeps no versions.
"""
