"""WHAT MAY BE ASKED: the GraphQL contract. `root.py` binds it; `planner/` answers its reads."""
