"""One document, one SQL statement: the planner of reads.

Read `source.py` (how a GraphQL type says where its fields come from), then `template.py` and
`moment.py` (the words SQL fragments are written in), `select.py` and `compile.py` (a selection
becomes one expression whose value is the JSON text of the answer), `document.py` (read, refuse,
cache; `limits.py` says what is too much) and `run.py` (parameters in, bytes out).
"""
