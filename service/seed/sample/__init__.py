"""One event of any kind, with all that the rules demand before it, for whoever builds a reader.

    for scene in leading_to(DisbursementPaid): ...   # `story.py`: what must be told before what
    cast = fresh(today)                              # `cast.py`: the codes of one telling

Pure but for `fresh`; what is told is invented, and every order says so.
"""
