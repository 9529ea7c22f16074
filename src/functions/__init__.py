"""The deployed functions, one package each.

A cold start makes hundreds of thousands of objects that stay. Looking through them for garbage over and over
took a tenth of its processor time, so the collector is asked to wait for more of them.
"""

import gc

gc.set_threshold(50_000, 20, 20)
