"""What the demo compound is made of: real agencies' names, fictitious people, rooms, capacities and costs."""

from __future__ import annotations

from typing import NamedTuple

ENTITIES = (
    ("UNON", "United Nations Office at Nairobi"),
    ("UNEP", "United Nations Environment Programme"),
    ("UN-Habitat", "United Nations Human Settlements Programme"),
    ("UNICEF", "United Nations Children's Fund"),
    ("WFP", "World Food Programme"),
    ("UNODC", "United Nations Office on Drugs and Crime"),
    ("UNFPA", "United Nations Population Fund"),
    ("UNHCR", "Office of the High Commissioner for Refugees"),
    ("UN Women", "Entity for Gender Equality and the Empowerment of Women"),
    ("UNDP", "United Nations Development Programme"),
    ("FAO", "Food and Agriculture Organization"),
    ("WHO", "World Health Organization"),
    ("ILO", "International Labour Organization"),
    ("IOM", "International Organization for Migration"),
    ("UNESCO", "Educational, Scientific and Cultural Organization"),
    ("UNIDO", "Industrial Development Organization"),
    ("UNOPS", "Office for Project Services"),
    ("UNAIDS", "Joint Programme on HIV/AIDS"),
    ("OCHA", "Office for the Coordination of Humanitarian Affairs"),
    ("OHCHR", "Office of the High Commissioner for Human Rights"),
    ("UNDSS", "Department of Safety and Security"),
    ("ICAO", "International Civil Aviation Organization"),
    ("UNSOS", "Support Office in Somalia"),
    ("IFAD", "International Fund for Agricultural Development"),
)

FAMILY = (
    "Achieng", "Ali", "Barasa", "Bello", "Castro", "Chebet", "Dlamini", "Eriksen", "Fofana", "García",
    "Haddad", "Hassan", "Iyer", "Jensen", "Kamau", "Kiprono", "Kowalski", "Kruger", "Lindqvist", "López",
    "Mbeki", "Moreau", "Mutua", "Mwangi", "Nakamura", "Ndiaye", "Njeri", "Njoki", "Nguyễn", "Ochieng",
    "Okafor", "Omondi", "Otieno", "Petrov", "Pérez", "Rahman", "Sato", "Schäfer", "Silva", "Tadesse",
    "Tanaka", "Traoré", "Uwimana", "Wafula", "Wambui", "Wanjiru", "Weber", "Yusuf", "Zhang", "Žukauskas",
)  # fmt: skip
GIVEN = (
    "Abdi", "Aisha", "Alice", "Amina", "Anna", "Brian", "Carlos", "Chidi", "Claire", "Daniel",
    "David", "Elena", "Elin", "Erik", "Esther", "Fatou", "George", "Grace", "Hana", "Ibrahim",
    "Ines", "James", "Jane", "Joseph", "Juma", "Kenji", "Layla", "Lucy", "Marta", "Mary",
    "Mei", "Michael", "Mohamed", "Nadia", "Ngozi", "Olga", "Omar", "Paul", "Peter", "Priya",
    "Rose", "Ryo", "Samir", "Samuel", "Sofía", "Sarah", "Thomas", "Tunde", "Yara", "Zoë",
)  # fmt: skip
UNITS = (
    "Law Division", "Registry", "Finance", "Human Resources", "ICT Service", "Procurement", "Library",
    "Ozone Secretariat", "Communication", "Programme Support", "Security", "Medical Service",
    "Conference Service", "Facilities", "Transport", "Mail", "Policy Unit", "Field Support",
)  # fmt: skip


class Model(NamedTuple):
    """One make of thing: category code, description, maker, model, cost in whole dollars, how common."""

    category: str
    description: str
    maker: str
    model: str
    cost: int
    weight: int


CATEGORIES = (
    ("ICT", "Computers and network", 48, False),
    ("PHONE", "Phones and radios", 48, True),
    ("AV", "Audio-visual", 60, True),
    ("FURN", "Furniture", 120, False),
    ("MED", "Medical and cold chain", 96, False),
    ("POWER", "Power and workshop", 120, False),
    ("SEC", "Security", 84, False),
)

MODELS = (
    Model("ICT", "Laptop, Dell Latitude 7440", "Dell", "Latitude 7440", 1512, 14),
    Model("ICT", "Laptop, Dell Latitude 7450", "Dell", "Latitude 7450", 1684, 12),
    Model("ICT", "Laptop, Lenovo T14 Gen 5", "Lenovo", "T14 Gen 5", 1398, 10),
    Model("ICT", "Laptop, HP EliteBook 840", "HP", "EliteBook 840", 1455, 8),
    Model("ICT", "Monitor, Dell U2724D 27 in", "Dell", "U2724D", 489, 16),
    Model("ICT", "Dock, Dell WD22TB4", "Dell", "WD22TB4", 268, 12),
    Model("ICT", "Printer, HP LaserJet M507", "HP", "M507", 742, 3),
    Model("ICT", "Copier, Canon iR-ADV C5535", "Canon", "iR-ADV C5535", 7120, 1),
    Model("ICT", "Server, HPE ProLiant DL360", "HPE", "DL360 Gen11", 9230, 1),
    Model("ICT", "Switch, Cisco Catalyst 9200", "Cisco", "C9200-48P", 4310, 2),
    Model("PHONE", "Phone, Cisco 8851", "Cisco", "8851", 310, 9),
    Model("PHONE", "Tablet, Samsung Tab Active5", "Samsung", "SM-X306B", 598, 5),
    Model("PHONE", "Radio, Motorola DP4801e", "Motorola", "DP4801e", 742, 4),
    Model("PHONE", "Satellite phone, Iridium 9575A", "Iridium", "9575A", 1345, 1),
    Model("AV", "Projector, Epson EB-L520U", "Epson", "EB-L520U", 2940, 2),
    Model("AV", "Camera kit, Canon EOS R6 II", "Canon", "EOS R6 II", 3870, 1),
    Model("AV", "Display, Samsung QM65 65 in", "Samsung", "QM65C", 1890, 2),
    Model("AV", "Interpretation console, Bosch DCNM", "Bosch", "DCNM-IDESK", 2650, 2),
    Model("FURN", "Desk, height-adjustable", "Steelcase", "Ology", 415, 14),
    Model("FURN", "Chair, ergonomic, mesh back", "Steelcase", "Series 2", 286, 20),
    Model("FURN", "Filing cabinet, 4 drawers", "Bisley", "BS4E", 240, 8),
    Model("FURN", "Whiteboard, 120 × 90", "Nobo", "1905210", 95, 4),
    Model("MED", "Vaccine carrier, 3.4 litres", "Nilkamal", "RCW25", 212, 2),
    Model("MED", "Refrigerator, medical 150 L", "Vestfrost", "VLS 204A", 2210, 1),
    Model("MED", "Defibrillator, Philips HS1", "Philips", "HeartStart HS1", 1620, 1),
    Model("POWER", "Generator, Perkins 40 kVA", "Perkins", "1103A-33TG1", 18450, 1),
    Model("POWER", "UPS, APC Smart-UPS 3000", "APC", "SMT3000I", 1740, 2),
    Model("POWER", "Drill, Bosch GSB 18V", "Bosch", "GSB 18V-110", 265, 2),
    Model("SEC", "Camera, network dome Axis P32", "Axis", "P3265-V", 655, 4),
    Model("SEC", "Walk-through detector, Garrett", "Garrett", "PD 6500i", 5120, 1),
)

# Code, words and kind of what a building holds; floors from the ground up with their number of rooms.
BLOCKS = ("M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X")
STORES = (("S1", "Store S1"), ("S2", "Store S2"), ("S3", "Store S3"))
GATES = (("GATE-1", "Gate 1"), ("GATE-2", "Gate 2"), ("GATE-3", "Gate 3"))
YARDS = (("G1", "Yard G1"), ("G2", "Yard G2"))
