"""An emulated Vtiger CRM: the open-source server's webservice.php and the REST interface of Vtiger Cloud."""
