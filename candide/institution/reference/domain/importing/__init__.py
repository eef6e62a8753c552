"""Reading files of reference data and bringing the tables up to them.

`reading` opens a file, `layouts` knows the lists that exist, `values` reads one cell, `tables`
writes rows, `report` says what happened. `domain/loading.py` is the way in.
"""
