//! What the demo shop sells, and to whom.

/// A piece of glass, its price in cents, and what fitting it costs.
pub(crate) struct Glass {
    pub(crate) item: &'static str,
    pub(crate) description: &'static str,
    pub(crate) price_cents: i64,
    pub(crate) labor_hours_e2: i64,
}

const fn glass(item: &'static str, description: &'static str, price_cents: i64, labor_hours_e2: i64) -> Glass {
    Glass { item, description, price_cents, labor_hours_e2 }
}

pub(crate) const GLASS: [Glass; 14] = [
    glass("Windshield FW02717", "Windshield, solar tint, rain sensor", 31_850, 200),
    glass("Windshield FW03898", "Windshield, acoustic, heated wiper park", 46_290, 250),
    glass("Windshield FW04231", "Windshield, camera bracket, head-up display", 68_900, 300),
    glass("Windshield DW01658", "Windshield, clear, pickup truck", 18_775, 150),
    glass("Windshield DW02204", "Windshield, green tint, delivery van", 22_460, 175),
    glass("Door glass FD21344", "Door glass, front left, tempered", 12_640, 125),
    glass("Door glass FD21345", "Door glass, front right, tempered", 12_640, 125),
    glass("Door glass DD11830", "Door glass, rear left, privacy", 14_985, 125),
    glass("Quarter glass DQ09912", "Quarter glass, right, encapsulated", 17_320, 150),
    glass("Back glass DB12233", "Back glass, heated, privacy", 28_415, 200),
    glass("Back glass FB22760", "Back glass, heated, antenna", 33_180, 225),
    glass("Sunroof glass FR00315", "Sunroof panel, tinted", 41_930, 325),
    glass("Mirror glass FM0441", "Mirror glass, left, heated", 6_875, 50),
    glass("Vent glass DV07718", "Vent glass, left", 9_240, 100),
];

pub(crate) const LABOR: &str = "Labor";
pub(crate) const LABOR_RATE_CENTS: i64 = 9_250;

/// Materials that go with most jobs: item, description, price in cents.
pub(crate) const MATERIALS: [(&str, &str, i64); 4] = [
    ("Urethane kit", "Adhesive and primer, one windshield", 2_995),
    ("Moulding", "Moulding and clips", 4_480),
    ("Wiper blades", "Pair of wiper blades", 3_350),
    ("Disposal fee", "Disposal of old glass", 500),
];

/// Services without tax: item, description, price in cents.
pub(crate) const SERVICES: [(&str, &str, i64); 4] = [
    ("Chip repair", "Rock chip repair, first chip", 7_900),
    ("ADAS calibration", "Static calibration of the camera", 24_500),
    ("Mobile service", "Service at the customer's place", 4_500),
    ("Water leak test", "Water leak test with report", 6_500),
];

/// Companies with several vehicles, which pay by account. Some keep a job for each vehicle.
pub(crate) const FLEETS: [(&str, &str, &str); 12] = [
    ("Blue Heron Towing LLC", "dispatch@blueheron.example", "Millbrook"),
    ("Hagen & Sons Plumbing", "office@hagenplumbing.example", "Millbrook"),
    ("Hagen & Sons Plumbing:Van 12", "office@hagenplumbing.example", "Millbrook"),
    ("Castellano Produce", "ap@castellano.example", "East Ferry"),
    ("Riverside School District", "fleet@riversideschools.example", "East Ferry"),
    ("Sunrise Senior Shuttle", "billing@sunriseshuttle.example", "Cedar Falls"),
    ("Okafor Electric", "accounts@okaforelectric.example", "Cedar Falls"),
    ("Granite State Rentals", "claims@graniterentals.example", "Millbrook"),
    ("Müller Auto & Glass", "office@mueller-glass.example", "Millbrook"),
    ("Pine Hollow Landscaping", "hello@pinehollow.example", "Pine Hollow"),
    ("Tri-County Ambulance", "garage@tricounty.example", "Cedar Falls"),
    ("Lindqvist Building Supply", "ap@lindqvist.example", "East Ferry"),
];

pub(crate) const FIRST_NAMES: [&str; 20] = [
    "Aaron", "Beatriz", "Chloé", "Daniel", "Elena", "Farid", "Grace", "Hiro", "Imani", "José", "Katrin", "Liam",
    "Monique", "Nora", "Omar", "Priya", "Renée", "Søren", "Tomás", "Wendy",
];
pub(crate) const LAST_NAMES: [&str; 20] = [
    "Abbott",
    "Bianchi",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fletcher",
    "García",
    "Hughes",
    "Ibrahim",
    "Jensen",
    "Keller",
    "Lambert",
    "Moreau",
    "Nguyen",
    "Ortiz",
    "Patel",
    "Quinn",
    "Rossi",
    "Sørensen",
    "Whitaker",
];
pub(crate) const CITIES: [&str; 4] = ["Millbrook", "East Ferry", "Cedar Falls", "Pine Hollow"];
