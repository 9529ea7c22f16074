<?xml version="1.0"?>
<!-- Opportunity rows to Sage orders: the same result as the rule files give. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:template match="/Opportunities"><Orders><xsl:apply-templates select="Opportunity"/></Orders></xsl:template>
  <xsl:template match="Opportunity">
    <Order>
      <customerAccountRef><xsl:value-of select="translate(normalize-space(account_sales_account_ref_c), $lower, $upper)"/></customerAccountRef>
      <orderDate><xsl:value-of select="date_closed"/></orderDate>
      <currency><xsl:choose><xsl:when test="currency_id = '-99' or currency_id = ''">1</xsl:when><xsl:otherwise>2</xsl:otherwise></xsl:choose></currency>
      <customerTelephoneNumber><xsl:value-of select="substring(normalize-space(account_phone_office), 1, 30)"/></customerTelephoneNumber>
      <xsl:call-template name="street"><xsl:with-param name="text" select="account_billing_address_street"/><xsl:with-param name="one" select="'address1'"/><xsl:with-param name="two" select="'address2'"/></xsl:call-template>
      <address3><xsl:value-of select="substring(normalize-space(account_billing_address_city), 1, 60)"/></address3>
      <address4><xsl:value-of select="substring(normalize-space(account_billing_address_state), 1, 60)"/></address4>
      <address5><xsl:value-of select="substring(normalize-space(account_billing_address_postalcode), 1, 60)"/></address5>
      <delName><xsl:value-of select="substring(normalize-space(account_name), 1, 30)"/></delName>
      <xsl:call-template name="street"><xsl:with-param name="text" select="account_shipping_address_street"/><xsl:with-param name="one" select="'delAddress1'"/><xsl:with-param name="two" select="'delAddress2'"/></xsl:call-template>
      <delAddress3><xsl:value-of select="substring(normalize-space(account_shipping_address_city), 1, 60)"/></delAddress3>
      <delAddress4><xsl:value-of select="substring(normalize-space(account_shipping_address_state), 1, 60)"/></delAddress4>
      <delAddress5><xsl:value-of select="substring(normalize-space(account_shipping_address_postalcode), 1, 60)"/></delAddress5>
      <invoiceItems>
        <item>
          <stockCode>S1</stockCode>
          <description><xsl:value-of select="normalize-space(substring(normalize-space(name), 1, 60))"/></description>
          <quantity>1</quantity>
          <unitPrice><xsl:value-of select="format-number(amount, '0.00')"/></unitPrice>
          <discount>0</discount>
          <taxCode>1</taxCode>
          <taxRate>20</taxRate>
          <nominal>4000</nominal>
          <departmentNumber>0</departmentNumber>
        </item>
      </invoiceItems>
    </Order>
  </xsl:template>
  <xsl:template name="street">
    <xsl:param name="text"/><xsl:param name="one"/><xsl:param name="two"/>
    <xsl:choose>
      <xsl:when test="contains($text, '&#10;')">
        <xsl:element name="{$one}"><xsl:value-of select="substring(substring-before($text, '&#10;'), 1, 60)"/></xsl:element>
        <xsl:element name="{$two}"><xsl:value-of select="substring(translate(substring-after($text, '&#10;'), '&#10;', ','), 1, 60)"/></xsl:element>
      </xsl:when>
      <xsl:otherwise>
        <xsl:element name="{$one}"><xsl:value-of select="substring(normalize-space($text), 1, 60)"/></xsl:element>
        <xsl:element name="{$two}"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
