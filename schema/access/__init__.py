"""Who may see and who may do: one table, and what it means for a caller.

policy      the table: which roles read each field, which may give each command
principal   a caller: who, with which mandates
sight       which rows a caller sees, as conditions in the planner's statements
"""
