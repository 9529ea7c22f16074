"""Vtiger CRM: the webservice.php of open source installations, and the REST address of Vtiger's cloud."""
