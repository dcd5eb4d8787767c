"""The machinery that proposes routes: two solvers by others, a search of our own, one form of problem.

Whatever stands here may be wrong: the checker (`cbo_desk.transport.checker`) knows nothing of it and has the last word.
"""
