"""Changes in virtual time over all flows while everything fails: lost, doubled, stale, unexplained?"""
