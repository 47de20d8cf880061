"""The fund as files: `socai export`. Each file says of which moment it is, and by which seal.

`moment.py` is what every file carries, `view.py` what may be in it, `fund.py` reads it in one
transaction. `formats.py` names the formats; each is a module with a function `write`.
"""
