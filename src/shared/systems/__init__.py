"""The connectors, one folder per system. `shared.bootstrap` is the only module that names them."""
