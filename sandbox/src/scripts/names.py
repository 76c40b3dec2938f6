"""The names that the demo data is made of."""

COMPANY = ("Lindgren Workshop Supplies", "Lagerstrasse 12", "20457", "Hamburg", "DE")
EMPLOYEE = "Ada Lindgren"

COUNTRIES = [
    ("DE", "Germany"),
    ("FR", "France"),
    ("AT", "Austria"),
    ("NL", "Netherlands"),
    ("ES", "Spain"),
    ("GB", "United Kingdom"),
    ("IE", "Ireland"),
    ("NO", "Norway"),
]

# Name, street, postal code, city, country, language of the party.
PARTIES = [
    ("Müller GmbH", "Hafenstraße 8", "20095", "Hamburg", "DE", "de"),
    ("Atelier Rousseau", "14 rue des Tanneurs", "69001", "Lyon", "FR", "fr"),
    ("Weber Maschinenbau GmbH", "Industrieweg 3", "70565", "Stuttgart", "DE", "de"),
    ("Harbour Lane Books", "27 Harbour Lane", "EH6 6QN", "Edinburgh", "GB", None),
    ("Van Dijk Fietsen", "Prinsengracht 204", "1016 HD", "Amsterdam", "NL", "nl"),
    ("Alpenblick Hotel GmbH", "Seepromenade 41", "5700", "Zell am See", "AT", "de"),
    ("Café de la Gare", "2 place de la Gare", "67000", "Strasbourg", "FR", "fr"),
    ("Oak & Iron Workshop", "9 Foundry Street", "LS1 4DY", "Leeds", "GB", None),
    ("Librería Cervantes", "Calle Mayor 55", "28013", "Madrid", "ES", "es"),
    ("Nordlicht Möbel GmbH", "Am Kanal 17", "24103", "Kiel", "DE", "de"),
    ("O'Brien & Daughters", "3 Shop Street", "H91 AX57", "Galway", "IE", None),
    ("Fjord Kayaks", "Strandgaten 21", "5013", "Bergen", "NO", None),
    ("Boulangerie Petit & Fils", "31 rue du Four", "13001", "Marseille", "FR", "fr"),
    ("Brauhaus Lindner GmbH", "Marktplatz 6", "90403", "Nürnberg", "DE", "de"),
    ("Bakker & Zonen", "Oudegracht 88", "3511 AV", "Utrecht", "NL", "nl"),
    ("Studio Kestrel", "118 Mill Road", "CB1 2BD", "Cambridge", "GB", None),
    ("Ferretería Solano", "Avenida del Puerto 19", "46021", "València", "ES", "es"),
    ("Green Valley Farm", "Old Coach Road", "BT47 3TE", "Derry", "GB", None),
    ("Claire Fontaine", "5 quai de Loire", "44000", "Nantes", "FR", "fr"),
    ("Anna Schneider", "Gartenweg 2", "4020", "Linz", "AT", "de"),
]

# The larger seed goes on with every surname in every trade.
SURNAMES = [
    "Adler", "Bachmann", "Bernard", "Castillo", "Dubois", "Eriksen", "Fischer", "Garnier", "Hansen",
    "Herrera", "Hoffmann", "Jansen", "Keller", "Kowalski", "Lambert", "Lehmann", "MacLeod", "Marchand",
    "Meyer", "Moreno", "Nilsen", "Novák", "O'Connor", "Olsen", "Pereira", "Quinn", "Richter", "Roussel",
    "Sánchez", "Schäfer", "Smit", "Thomson", "Urban", "Vidal", "Visser", "Wagner", "Whitfield", "Yates",
    "Zimmermann", "Zubiri",
]
TRADES = [
    "Bau GmbH", "Elektro GmbH", "Gartenbau GmbH", "Holz GmbH", "Metallbau GmbH", "Logistik GmbH",
    "Technik GmbH", "Bakery", "Boats", "Bookshop", "Brewery", "Bicycles", "Carpentry", "Ceramics",
    "Design", "Farm", "Furniture", "Garage", "Hardware", "Interiors", "Joinery", "Kitchens", "Lighting",
    "Print", "Textiles",
]
STREETS = ["Bridge Street", "Church Lane", "Garden Row", "High Street", "Mill Road", "Station Road"]
CITIES = [
    ("20095", "Hamburg", "DE", "de"),
    ("80331", "München", "DE", "de"),
    ("75011", "Paris", "FR", "fr"),
    ("1010", "Wien", "AT", "de"),
    ("3011", "Rotterdam", "NL", "nl"),
    ("41001", "Sevilla", "ES", "es"),
    ("M1 1AE", "Manchester", "GB", None),
    ("D02 X285", "Dublin", "IE", None),
]

# A category and the category it belongs to.
CATEGORIES = [
    ("Workshop", None),
    ("Fasteners", "Workshop"),
    ("Hand tools", "Workshop"),
    ("Household", None),
    ("Kitchen", "Household"),
    ("Garden", "Household"),
    ("Services", None),
]

# Code, name, category, type, unit, list price, cost price.
PRODUCTS = [
    ("BOLT-M8", "Hex bolt M8 × 40", "Fasteners", "goods", "unit", "0.35", "0.1200"),
    ("NUT-M8", "Wing nut M8", "Fasteners", "goods", "unit", "0.22", "0.0850"),
    ("WIRE-CU", "Copper wire 1.5 mm²", "Workshop", "goods", "meter", "1.15", "0.6000"),
    ("HAMMER", "Claw hammer", "Hand tools", "goods", "unit", "24.90", "11.5000"),
    ("PLANE", "Block plane", "Hand tools", "goods", "unit", "89.00", "47.0000"),
    ("SHELF-80", "Oak shelf 80 cm", "Household", "goods", "unit", "64.50", "31.2500"),
    ("PAN-28", "Cast iron pan 28 cm", "Kitchen", "goods", "unit", "49.95", "22.4000"),
    ("KNIFE-20", "Chef's knife 20 cm", "Kitchen", "goods", "unit", "79.00", "36.0000"),
    ("COFFEE", "Coffee beans", "Kitchen", "goods", "kilogram", "18.40", "9.7500"),
    ("CAN-10", "Watering can 10 l", "Garden", "goods", "unit", "29.90", "13.0000"),
    ("DELIVERY", "Delivery", "Services", "service", "unit", "12.00", "0"),
    ("ASSEMBLY", "Assembly", "Services", "service", "hour", "58.00", "0"),
]

# The larger seed goes on with every article in every finish.
ARTICLES = [
    ("Drawer", "Household", "34.00"),
    ("Stool", "Household", "72.00"),
    ("Chopping board", "Kitchen", "26.50"),
    ("Salt mill", "Kitchen", "31.00"),
    ("Planter", "Garden", "44.00"),
    ("Bird house", "Garden", "21.90"),
    ("Bench vice", "Hand tools", "118.00"),
    ("Folding rule", "Hand tools", "9.80"),
]
FINISHES = ["ash", "beech", "birch", "cherry", "larch", "maple", "oak", "olive", "pine", "steel", "walnut"]

DESCRIPTIONS = ["Spring order", "Shop fitting", "Restocking", "Trade fair", None, None, None]
COMMENTS = [
    "Please deliver in the morning.",
    "Gift wrapping wanted,\none card for each parcel.",
    None,
    None,
    None,
]
