"""An emulated SugarCRM: REST v11 and the legacy v4_1 service over one in-memory database."""
