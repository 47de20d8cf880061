"""Commands from a spreadsheet: one sheet for each kind, one row for each command.

`form` says which columns a command has, `cells` reads one cell, `files` opens what people have,
`lines` makes commands of rows, `sending` brings them to a ledger, `template` writes the empty form.
"""
