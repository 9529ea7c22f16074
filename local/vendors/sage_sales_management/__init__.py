"""An emulated tenant of Sage Sales Management (formerly ForceManager): its public API v4.

Each behaviour carries a mark of where it is known from, in the form `# known: WHERE - what`, where WHERE is
`seen` (in
published code that talks to the live API), `document` (the vendor's pages) or `guessed`. What is guessed
can be switched
in `options.py`; as shipped, the reading that is harder on a client holds.
"""
