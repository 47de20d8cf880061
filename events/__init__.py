"""WHAT HAPPENED: facts, the rules that admit them, the log that keeps them.

Read `rules`, then `vocabulary` and `identity`, one aggregate such as `period`, then `scheme`, then
`catalogue` where every union meets, and `codec` for the bytes.
"""
