"""The connectors, one folder a system. `shared.bootstrap` is the only module that names them."""
