"""The country names that UK and Irish address books use, with their codes (ISO 3166-1 alpha-2), and back."""

NAMES = {
    "uk": "GB", "united kingdom": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "ireland": "IE", "republic of ireland": "IE", "eire": "IE", "éire": "IE",
    "isle of man": "IM", "jersey": "JE", "guernsey": "GG", "germany": "DE", "deutschland": "DE", "france": "FR",
    "spain": "ES", "españa": "ES", "italy": "IT", "italia": "IT", "portugal": "PT", "netherlands": "NL",
    "the netherlands": "NL", "holland": "NL", "belgium": "BE", "luxembourg": "LU", "austria": "AT", "switzerland": "CH",
    "denmark": "DK", "sweden": "SE", "norway": "NO", "finland": "FI", "iceland": "IS", "poland": "PL",
    "czech republic": "CZ", "czechia": "CZ", "slovakia": "SK", "hungary": "HU", "romania": "RO", "bulgaria": "BG",
    "greece": "GR", "cyprus": "CY", "malta": "MT", "croatia": "HR", "slovenia": "SI", "estonia": "EE", "latvia": "LV",
    "lithuania": "LT", "turkey": "TR", "ukraine": "UA", "usa": "US", "us": "US", "united states": "US",
    "united states of america": "US", "canada": "CA", "mexico": "MX", "brazil": "BR", "australia": "AU",
    "new zealand": "NZ", "south africa": "ZA", "india": "IN", "china": "CN", "hong kong": "HK", "japan": "JP",
    "singapore": "SG", "israel": "IL", "united arab emirates": "AE", "uae": "AE", "saudi arabia": "SA",
}

TITLES = {code: name.title() for name, code in reversed([*NAMES.items()])} | {
    "GB": "United Kingdom", "NL": "Netherlands", "US": "United States", "IM": "Isle of Man", "CZ": "Czech Republic"}
"""Code -> the name to write. Each reads as its code again."""
