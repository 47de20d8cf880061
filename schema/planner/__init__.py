"""One document, one SQL statement: the planner of reads.

Read in this order:

what a type says      `source.py` (where a field comes from), `declare.py` (the words to say it
                      with), `criteria.py` (the filter and the order that follow from it)
what a client says    `given.py` (what of the variables shapes a plan), `inputs.py` and
                      `arguments.py` (literals and variables become parameters)
the words of SQL      `template.py`, `moment.py` (as of when), `scope.py` (for whose eyes)
the way down          `rows.py`, `fields.py`, then `compile.py`: a selection becomes one expression
                      whose value is the JSON text of the answer; `render.py` writes it
a list                `connection.py`, with `paging.py`, `filter.py`, `order.py` and `cursor.py`
sums                  `sums.py`, `groups.py`, `series.py`
other answers         `asof.py`, `node.py`, `recorded.py` (JSON of the log)
a plan                `run.py`: parameters in, bytes out; `cost.py`: what it costs beforehand
a document            `document.py` reads, refuses and recalls; `limits.py` says what is too much,
                      `extent.py` and `repeats.py` count it, `gate.py` lets new ones in one by one,
                      `recent.py` keeps what was used last

`refusals.py` is what all of them refuse a question with.
"""
