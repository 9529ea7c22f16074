"""SugarCRM: the v11 REST API of Sugar 7 and later, and the legacy v4_1 API that SuiteCRM 7 also speaks."""
