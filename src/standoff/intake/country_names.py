"""Names of states, today's and former ones, in English as ACLED and UCDP write them: other names of one state together.

Used for two things only: to take the country off the end of a name ("Islamic State (Syria)"), and to know that
"Government of United States of America" speaks of the United States. A name that is not here stays as it is written.
"""

from __future__ import annotations

# one state a line; names of one state are parted by "|"
_STATES = """
Afghanistan
Albania
Algeria
Andorra
Angola
Antigua and Barbuda
Argentina
Armenia
Australia
Austria
Azerbaijan
Bahamas
Bahrain
Bangladesh
Barbados
Belarus
Belgium
Belize
Benin|Dahomey
Bhutan
Bolivia|Plurinational State of Bolivia
Bosnia and Herzegovina|Bosnia-Herzegovina
Botswana
Brazil
Brunei|Brunei Darussalam
Bulgaria
Burkina Faso
Burundi
Cambodia|Kampuchea|Cambodia (Kampuchea)
Cameroon
Canada
Cape Verde|Cabo Verde
Central African Republic
Chad
Chile
China|People's Republic of China
Colombia
Comoros
Congo|Republic of Congo|Republic of the Congo
Costa Rica
Croatia
Cuba
Cyprus
Czechia|Czech Republic
Democratic Republic of Congo|Democratic Republic of the Congo|DR Congo|Zaire|DR Congo (Zaire)
Denmark
Djibouti
Dominica
Dominican Republic
East Timor|Timor-Leste
Ecuador
Egypt
El Salvador
Equatorial Guinea
Eritrea
Estonia
Eswatini|Swaziland|eSwatini
Ethiopia
Fiji
Finland
France
Gabon
Gambia|The Gambia
Georgia
Germany
Ghana
Greece
Grenada
Guatemala
Guinea
Guinea-Bissau
Guyana
Haiti
Honduras
Hungary
Iceland
India
Indonesia
Iran|Islamic Republic of Iran
Iraq
Ireland
Israel
Italy
Ivory Coast|Côte d'Ivoire|Cote d'Ivoire
Jamaica
Japan
Jordan
Kazakhstan
Kenya
Kiribati
Kosovo
Kuwait
Kyrgyzstan
Laos
Latvia
Lebanon
Lesotho
Liberia
Libya
Liechtenstein
Lithuania
Luxembourg
Madagascar|Malagasy|Madagascar (Malagasy)
Malawi
Malaysia
Maldives
Mali
Malta
Marshall Islands
Mauritania
Mauritius
Mexico
Micronesia
Moldova
Monaco
Mongolia
Montenegro
Morocco
Mozambique
Myanmar|Burma|Myanmar (Burma)
Namibia
Nauru
Nepal
Netherlands
New Zealand
Nicaragua
Niger
Nigeria
North Korea
North Macedonia|Macedonia, FYR
Norway
Oman
Pakistan
Palau
Palestine
Panama
Papua New Guinea
Paraguay
Peru
Philippines
Poland
Portugal
Qatar
Romania|Rumania
Russia|Russian Federation|Soviet Union|Russia (Soviet Union)
Rwanda
Saint Lucia
Samoa
San Marino
Sao Tome and Principe
Saudi Arabia
Senegal
Serbia|Yugoslavia|Serbia (Yugoslavia)
Seychelles
Sierra Leone
Singapore
Slovakia
Slovenia
Solomon Islands
Somalia
South Africa
South Korea
South Sudan
Spain
Sri Lanka|Ceylon
Sudan
Suriname
Sweden
Switzerland
Syria|Syrian Arab Republic
Taiwan
Tajikistan
Tanzania
Thailand
Togo
Tonga
Trinidad and Tobago
Tunisia
Turkey|Turkiye|Türkiye
Turkmenistan
Tuvalu
Uganda
Ukraine
United Arab Emirates
United Kingdom|Great Britain
United States|United States of America|USA
Uruguay
Uzbekistan
Vanuatu
Vatican City
Venezuela
Vietnam|North Vietnam|Vietnam (North Vietnam)
Yemen|North Yemen|Yemen (North Yemen)
Zambia
Zimbabwe|Rhodesia|Zimbabwe (Rhodesia)
"""

STATES: tuple[tuple[str, ...], ...] = tuple(tuple(line.split("|")) for line in _STATES.strip().splitlines())
